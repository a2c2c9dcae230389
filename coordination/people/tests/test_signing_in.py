"""Wrong passwords are limited without letting strangers lock an owner out."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from coordination.offices.tests.factories import PASSWORD, official

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts():
    caches["default"].clear()
    yield
    caches["default"].clear()


def sign_in(client, person, password):
    values = {"login": person.username, "password": password}
    return client.post(reverse("account_login"), values).status_code == 302


def test_guessing_is_stopped_but_the_owner_still_gets_in_where_they_were_before():
    owner = official("kpu", "32.73")
    known, stranger = Client(), Client()
    assert sign_in(known, owner, PASSWORD)
    known.get("/")
    known.post(reverse("account_logout"))
    for _ in range(10):
        assert not sign_in(stranger, owner, "salah")
    assert not sign_in(stranger, owner, PASSWORD)
    assert sign_in(known, owner, PASSWORD)
