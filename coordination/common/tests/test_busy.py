"""Somebody else holds a row for too long: one more try, then a sentence, and nothing typed is lost."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client

from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import official

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
NOTE = "Antena desa diperiksa bersama operator"


@contextmanager
def held(row, seconds):
    """Another connection holds the row for so long."""
    holds = threading.Event()

    def hold():
        with transaction.atomic():
            type(row).objects.select_for_update().get(pk=row.pk)
            holds.set()
            time.sleep(seconds)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    holds.wait(timeout=10)
    yield
    thread.join(timeout=20)


@pytest.fixture
def mitigate():
    """The row, and a function that posts a step on it by a client whose connection waits a second for locks."""
    item, person = obstacle(), official("kominfo", "32.73")
    client = Client()
    client.force_login(person)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
    address = f"{item.get_absolute_url()}langkah/confirm/"
    yield item, lambda: client.post(address, {"version": item.version, "note": NOTE}), client
    connection.close()


def test_a_row_that_is_held_a_moment_too_long_is_tried_once_more(mitigate):
    item, post, _client = mitigate
    with held(item, seconds=1.5):
        assert post().status_code == 302
    assert Obstacle.objects.get().state == "confirmed"


def test_a_row_that_stays_held_is_answered_with_try_again_and_the_text_is_kept(mitigate):
    item, post, client = mitigate
    with held(item, seconds=4):
        answer = post()
        assert answer.status_code == 503
        assert answer["Retry-After"] == "5"
        assert "isian Anda masih ada di sana" in answer.content.decode()
    assert Obstacle.objects.get().state == "open"
    again = client.get(f"{answer.wsgi_request.path}?pulihkan=1")
    assert NOTE in again.content.decode()
