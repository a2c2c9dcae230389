"""Thousands of pages are asked for here, and none for its context: rendering them unobserved takes a fifth less."""

import pytest
from django.template.base import Template


@pytest.fixture(autouse=True)
def unobserved_rendering(monkeypatch):
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
