"""The calendar as a table: what was seeded, what an admin changes, and which regions a day holds for."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from coordination.regions.tests.factories import region
from coordination.workdays import calendars, seeding
from coordination.workdays.choices import DayKind
from coordination.workdays.models import CalendarYear, DayOff, Ramadan

pytestmark = pytest.mark.django_db
LOCAL = date(2026, 11, 24)


def seed():
    return seeding.seed(DayOff, CalendarYear, Ramadan)


def day_off(**values):
    return DayOff.objects.create(
        **{"day": LOCAL, "kind": DayKind.LOCAL, "name": "Hari jadi", "source": "Perda"} | values
    )


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 8, 17), DayKind.PUBLIC),
        (date(2020, 10, 28), DayKind.JOINT_LEAVE),
        (date(2020, 12, 9), DayKind.ELECTION),
        (date(2024, 11, 27), DayKind.ELECTION),
        (date(2027, 12, 24), DayKind.JOINT_LEAVE),
    ],
)
def test_holidays_joint_leave_and_days_of_votes_are_there_from_the_start(day, kind):
    assert DayOff.objects.get(day=day, region=None).kind == kind


def test_a_year_without_a_decree_is_known_as_incomplete():
    assert calendars.incomplete_years({2026, 2027, 2028, 2031}) == [2028, 2031]


def test_a_day_that_an_admin_took_back_is_not_seeded_again():
    DayOff.objects.filter(day=date(2026, 8, 17)).update(is_off=False)
    assert seed() == 0
    assert calendars.calendar_of(None).is_working_day(date(2026, 8, 17))


def test_a_day_that_went_missing_is_seeded_again():
    DayOff.objects.filter(day=date(2026, 8, 17)).delete()
    assert seed() == 1
    assert not calendars.calendar_of(None).is_working_day(date(2026, 8, 17))


def test_a_day_that_the_package_had_expected_elsewhere_goes_unless_an_admin_touched_it():
    expected, kept, own = date(2028, 3, 1), date(2028, 3, 2), date(2028, 3, 3)
    for day, source, version in ((expected, "python-holidays", 1), (kept, "python-holidays", 2), (own, "SKB", 1)):
        day_off(day=day, source=source, version=version)
    seed()
    assert set(DayOff.objects.filter(day__range=(expected, own)).values_list("day", flat=True)) == {kept, own}


def test_a_ramadan_that_a_newer_version_knows_is_added_and_a_corrected_one_stays():
    newest, before = Ramadan.objects.order_by("-first_day")[:2]
    Ramadan.objects.filter(pk=before.pk).update(first_day=before.first_day - timedelta(days=1))
    newest.delete()
    seed()
    assert Ramadan.objects.filter(first_day=newest.first_day, last_day=newest.last_day).exists()
    assert Ramadan.objects.get(pk=before.pk).first_day == before.first_day - timedelta(days=1)
    assert Ramadan.objects.count() == len(seeding.RAMADANS)


@pytest.mark.parametrize(
    ("of", "asked", "works"),
    [
        ("32.73", "32.73", False),
        ("32.73", "32.73.01.1001", False),
        ("32", "32.73", False),
        ("32.73", "32", True),
        ("32.73", "32.04", True),
        ("32.73", None, True),
    ],
)
def test_a_local_day_holds_for_its_region_and_all_below_it(of, asked, works):
    day_off(region=region(of))
    assert calendars.calendar_of(asked and region(asked)).is_working_day(LOCAL) is works


def test_ramadan_shortens_the_hours_of_its_days_alone():
    first = Ramadan.objects.order_by("first_day").first().first_day
    calendar = calendars.calendar_of(None)
    assert calendar.is_fasting(first)
    assert not calendar.is_fasting(first - timedelta(days=1))


@pytest.mark.parametrize("where", [None, "32.73"])
def test_a_day_stands_once_in_the_calendar_of_a_region(where):
    place = where and region(where)
    day_off(region=place)
    with pytest.raises(IntegrityError), transaction.atomic():
        day_off(region=place)


def test_a_ramadan_that_was_taken_back_shortens_nothing_and_is_not_seeded_again():
    row = Ramadan.objects.get(first_day__year=2026)
    row.is_observed = False
    row.save()
    assert not calendars.calendar_of(None).is_fasting(row.first_day)
    seed()
    assert Ramadan.objects.filter(first_day__year=2026).count() == 1
