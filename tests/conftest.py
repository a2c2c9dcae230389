"""What several of the tests that span apps need."""

import pytest
from django.template.base import Template


@pytest.fixture
def unobserved_rendering(monkeypatch):
    """For tests that ask for thousands of pages and for the context of none: rendering them takes a fifth less."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
