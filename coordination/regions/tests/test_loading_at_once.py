"""Loads that meet: one works, the other waits for it however short the pages' limits are."""

import threading

import pytest
from django.db import connection, transaction

from coordination.regions.loading import LOAD_LOCK, load
from coordination.regions.models import ReferenceLoad, Region
from coordination.regions.tests.test_loading import edition
from tests.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_two_loads_at_once_load_once(tmp_path):
    folder = edition(tmp_path / "a", [("32", "Jawa Barat"), ("32.04", "Kab. Bandung")])
    results = at_once([lambda: load(folder)] * 4)
    assert sorted(counts["new"] for counts in results) == [0, 0, 0, 2]
    assert (Region.objects.count(), ReferenceLoad.objects.count()) == (2, 1)


def test_a_load_waits_longer_than_a_page_may(tmp_path):
    folder = edition(tmp_path / "a", [("32", "Jawa Barat")])
    taken, give_back = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
            taken.set()
            give_back.wait(timeout=20)

    def wait():
        taken.wait(timeout=20)
        threading.Timer(0.5, give_back.set).start()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'; SET statement_timeout = '200ms'")
        return load(folder)

    assert at_once([hold, wait])[1]["new"] == 1
