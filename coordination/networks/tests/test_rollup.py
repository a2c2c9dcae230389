"""The level that a region shows: its own newest, else the most common below, the same as counting anew each time."""

import importlib
import random
from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from coordination.networks import rollup
from coordination.networks.levels import ORDER
from coordination.networks.models import Assessment, RegionLevel, StatedLevel
from coordination.networks.tests.factories import assessment, import_batch, stated
from coordination.offices.tests.factories import admin
from coordination.regions.models import Region
from coordination.regions.tests.factories import region
from tests.races import at_once

DISTRICTS = ("32.73.01", "32.73.02", "32.04.01", "33.74.01")
VILLAGES = [f"{district}.{number}" for district in DISTRICTS for number in (1001, 1002, 1003)]


def shown(code):
    return RegionLevel.objects.filter(region__code=code).first()


def level_of(code):
    row = shown(code)
    return row and (row.level, row.is_derived)


def counted_anew():
    """{code: (level, derived, counts)} of every region that has any, by going through all rows in Python."""
    found, said = {}, _said()
    for place in Region.objects.order_by("-level", "path"):
        own = max(said[place.pk], default=[None])[-1]
        villages = [found[code] for code in found if code.startswith(place.path) and code.count(".") == 3]
        counts = Counter(level for level, _derived, _counts in villages)
        if place.level == 4:
            counts = Counter([own] if own else [])
        common = max(ORDER, key=lambda level: (counts[level], ORDER.index(level))) if counts else None
        if own or common:
            found[place.code] = (own or common, own is None, tuple(counts[level] for level in ORDER))
    return found


def _said():
    """{region: what measurements and lists say of itself, the level last, to be decided by the greatest}."""
    said = defaultdict(list)
    for row in Assessment.objects.classed():
        said[row.region_id].append((row.measured_at, 1, 0, row.pk, row.level))
    for row in StatedLevel.objects.filter(superseded_by=None):
        begin = timezone.make_aware(datetime.combine(row.stated_on, time()))
        said[row.region_id].append((begin, 0, ORDER.index(row.level), row.pk, row.level))
    return said


def kept():
    rows = RegionLevel.objects.select_related("region")
    return {row.region.code: (row.level, row.is_derived, tuple(row.counts.values())) for row in rows}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_it_is_what_counting_anew_gives(seed):
    dice, actor = random.Random(seed), admin()
    batch = import_batch(actor)
    places = [region(code) for code in VILLAGES] + [region("32.73.01"), region("32.73"), region("33")]
    for _turn in range(40):
        place, level = dice.choice(places), dice.choice(ORDER)
        match dice.choice(["state", "state", "measure", "take back"]):
            case "state":
                day = timezone.localdate() - timedelta(days=dice.randrange(4))
                stated(place.code, level, batch=batch, source=dice.choice("ABCDEFGH") * dice.randrange(1, 9), on=day)
            case "measure" if place.level > 1:
                when = timezone.now() - timedelta(days=dice.randrange(4))
                assessment(place.code, measured_at=when, download_mbps=dice.choice([1, 4, 20]), upload_mbps=None,
                           latency_ms=None)  # fmt: skip
            case _:
                row = StatedLevel.objects.filter(region=place).first()
                StatedLevel.objects.filter(pk=row and row.pk).update(superseded_by=batch)
                with transaction.atomic():
                    rollup.refresh([place.pk])
        assert kept() == counted_anew()
    rollup.rebuild()
    assert kept() == counted_anew()


@pytest.mark.django_db
def test_the_own_newest_decides_and_what_is_below_stays_counted():
    stated("32.73.01", "strong", on=timezone.localdate() - timedelta(days=9))
    stated("32.73.01.1001", "weak")
    assert level_of("32.73.01") == ("strong", False)
    assert level_of("32.73") == ("weak", True)
    assert shown("32.73.01").weak == 1


@pytest.mark.django_db
def test_of_two_equally_common_levels_the_worse_is_shown():
    for code, level in zip(VILLAGES, ("strong", "strong", "no_signal"), strict=False):
        stated(code, level)
    assert level_of("32.73") == ("strong", True)
    stated(VILLAGES[3], "no_signal")
    assert level_of("32.73") == ("no_signal", True)


@pytest.mark.django_db
def test_of_two_lists_of_one_day_the_worse_and_a_measurement_of_that_day_before_both():
    stated(VILLAGES[0], "weak", source="A")
    stated(VILLAGES[0], "strong", source="B")
    assert level_of(VILLAGES[0]) == ("weak", False)
    assessment(VILLAGES[0], download_mbps=4, upload_mbps=None, latency_ms=None)
    assert level_of(VILLAGES[0]) == ("medium", False)


@pytest.mark.django_db
def test_a_measurement_without_a_level_and_a_village_that_ended_count_for_nothing():
    assessment(VILLAGES[0], download_mbps=None, upload_mbps=None, latency_ms=None, signal_dbm=-90)
    assert not RegionLevel.objects.exists()
    stated(VILLAGES[1], "weak")
    Region.objects.filter(code=VILLAGES[1]).update(valid_to=timezone.localdate())
    rollup.rebuild()
    assert level_of("32.73.01") is None


@pytest.mark.django_db
def test_the_migration_gives_what_counting_anew_gives():
    for code, mbps in zip(VILLAGES, (1, 4, 20, 1, 1, 20), strict=False):
        assessment(code, download_mbps=mbps, upload_mbps=None, latency_ms=None)
    assessment("32.73", download_mbps=4, upload_mbps=None, latency_ms=None)
    RegionLevel.objects.all().delete()
    with connection.schema_editor() as editor:
        importlib.import_module("coordination.networks.migrations.0006_first_levels").add(apps, editor)
    assert kept() == counted_anew()


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_villages_of_one_province_at_once_are_both_counted():
    batch = import_batch(admin())
    places = [region(code) for code in VILLAGES[:2]]
    ready = Barrier(2)

    def change(place):
        with transaction.atomic():
            StatedLevel.objects.create(
                region=place, level="weak", source="A", stated_on=timezone.localdate(), batch=batch
            )
            ready.wait(5)
            rollup.refresh([place.pk])

    assert at_once([lambda place=place: change(place) for place in places]) == [None, None]
    assert shown("32.73").weak == shown("32").weak == 2
