"""Thousands of pages are asked for here: their cast is planted once, and they are rendered unobserved."""

from copy import deepcopy

import pytest
from django.db import transaction

from tests.rights.cast import READER_IN, ROLES, THING, plant, reader


@pytest.fixture(autouse=True)
def _unobserved(unobserved_rendering):
    """None of the pages is asked for its context."""


@pytest.fixture(scope="package")
def cast(django_db_setup, django_db_blocker):
    """(things of one region, {(role, relation): reader}), undone after the tests of this folder."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant(THING), {(role, relation): reader(role, relation) for role in ROLES for relation in READER_IN}
        transaction.set_rollback(True)


@pytest.fixture
def things(cast):
    """The things of Kota Bandung; what a test does to them ends with it."""
    return deepcopy(cast[0])


@pytest.fixture
def readers(cast):
    """{(role, relation): reader}, all signed in."""
    return cast[1]
