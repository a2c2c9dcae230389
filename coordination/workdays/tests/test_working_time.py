"""Working time against examples from the calendar and against a slow count of minutes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coordination.workdays.seeding import RAMADANS
from coordination.workdays.working_time import WorkingCalendar

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
ZONE = "Asia/Jakarta"
OFF = frozenset(holidays.country_holidays("ID", years=range(2020, 2028), categories=("public", "government")))
CALENDARS = {zone: WorkingCalendar(zone, OFF, tuple(RAMADANS)) for zone in ZONES}
CALENDAR = CALENDARS[ZONE]


def at(text, zone=ZONE):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),  # Monday
        ("2026-11-27", True),  # Friday
        ("2026-11-28", False),  # Saturday
        ("2026-11-29", False),  # Sunday
        ("2026-08-17", False),  # Independence Day, a Monday
        ("2020-12-09", False),  # day of the vote, a holiday by decree
        ("2020-12-24", False),  # joint leave
        ("2026-03-20", False),  # joint leave before Idul Fitri
    ],
)
def test_offices_work_on_weekdays_without_holidays_and_joint_leave(day, works):
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23T07:30", "2026-11-23T16:00", 450),  # a whole Monday: 8 h 30 min less an hour's break
        ("2026-11-27T07:30", "2026-11-27T16:30", 450),  # a whole Friday: 9 h less an hour and a half
        ("2026-11-23T12:00", "2026-11-23T13:00", 0),  # the break
        ("2026-11-23T11:30", "2026-11-23T13:30", 60),
        ("2026-11-27T11:30", "2026-11-27T13:00", 0),  # Friday's longer break
        ("2026-11-27T16:00", "2026-11-30T08:00", 60),  # over a weekend
        ("2026-11-23T18:00", "2026-11-24T07:00", 0),  # a night
        ("2026-11-24T09:00", "2026-11-23T09:00", 0),  # the end before the start
        ("2026-11-23T09:00", "2026-11-23T09:00", 0),
        ("2026-03-02T07:00", "2026-03-02T16:00", 390),  # a Monday of Ramadan: 7 h less half an hour
        ("2026-03-06T07:00", "2026-03-06T16:00", 390),  # its Friday: 7 h 30 min less an hour
        ("2026-03-02T12:00", "2026-03-02T12:30", 0),  # its break
        ("2020-05-22T07:00", "2020-05-22T17:00", 390),  # the last Friday of Ramadan 2020
    ],
)
def test_minutes_between_two_moments(start, end, minutes):
    assert CALENDAR.minutes_between(at(start), at(end)) == minutes


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23T09:00", 60, "2026-11-23T10:00"),
        ("2026-11-23T11:30", 60, "2026-11-23T13:30"),
        ("2026-11-23T15:00", 240, "2026-11-24T10:30"),
        ("2026-11-27T16:00", 60, "2026-11-30T08:00"),
        ("2026-11-28T10:00", 1, "2026-11-30T07:31"),
        ("2026-11-23T09:00", 0, "2026-11-23T09:00"),
        ("2026-11-23T09:00", 180, "2026-11-23T12:00"),  # to the break, not over it
    ],
)
def test_adding_minutes(start, minutes, end):
    assert CALENDAR.add_minutes(at(start), minutes) == at(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23T08:00", 1, "2026-11-24T16:00"),
        ("2026-11-26T23:00", 1, "2026-11-27T16:30"),  # Friday closes later
        ("2026-11-27T08:00", 1, "2026-11-30T16:00"),
        ("2026-11-28T08:00", 2, "2026-12-01T16:00"),  # from a Saturday
        ("2020-12-08T08:00", 1, "2020-12-10T16:00"),  # over the day of the vote
        ("2026-11-23T08:00", 0, "2026-11-23T16:00"),
        ("2026-03-02T08:00", 1, "2026-03-03T15:00"),  # Ramadan closes earlier
        ("2026-03-17T08:00", 1, "2026-03-25T16:00"),  # over Nyepi and Idul Fitri with its joint leave
    ],
)
def test_adding_days_ends_at_the_close_of_the_day(start, days, end):
    assert CALENDAR.add_days(at(start), days) == at(end)


def test_each_region_keeps_its_own_time():
    moment, papua = at("2026-11-23T07:30", "Asia/Jayapura"), CALENDARS["Asia/Jayapura"]
    assert papua.minutes_between(moment, moment + timedelta(hours=2)) == 120
    assert CALENDAR.minutes_between(moment, moment + timedelta(hours=2)) == 0
    assert papua.add_days(at("2026-11-23T23:30"), 1) == at("2026-11-25T16:00", "Asia/Jayapura")


def test_the_close_is_that_of_the_weekday():
    assert CALENDAR.closing(date(2026, 11, 27)) == at("2026-11-27T16:30")
    assert CALENDAR.closing(date(2026, 11, 28)).time() == time(16)


def test_calendar_days_are_counted_over_weekends_and_end_at_the_close():
    assert CALENDAR.add_calendar_days(at("2026-11-27T20:00"), 2) == at("2026-11-29T16:00")


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:00"),  # open
        ("2026-11-23T12:30", "2026-11-23T12:30"),  # a break is no night
        ("2026-11-23T05:00", "2026-11-23T07:30"),
        ("2026-11-23T16:00", "2026-11-24T07:30"),
        ("2026-11-27T16:30", "2026-11-30T07:30"),
        ("2026-03-02T07:30", "2026-03-02T08:00"),
        ("2026-12-23T17:00", "2026-12-28T07:30"),  # joint leave and Christmas
    ],
)
def test_the_next_opening(moment, opening):
    assert CALENDAR.next_opening(at(moment)) == at(opening)
    assert CALENDAR.is_open(at(moment)) is (moment == opening)


def slow_minutes(start, end, zone):
    """The reference: looks at every minute by itself."""
    moment, count = start, 0
    while moment < end:
        count += works_at(moment.astimezone(ZoneInfo(zone)))
        moment += timedelta(minutes=1)
    return count


def works_at(there):
    """Whether the minute that begins then is one of work, by the rule's own words."""
    day, friday = there.date(), there.weekday() == 4
    if there.weekday() > 4 or day in OFF:
        return False
    if any(first <= day <= last for first, last in RAMADANS):
        opens, closes = time(8), time(15, 30) if friday else time(15)
        rest = (time(11, 30), time(12, 30)) if friday else (time(12), time(12, 30))
    else:
        opens, closes = time(7, 30), time(16, 30) if friday else time(16)
        rest = (time(11, 30), time(13)) if friday else (time(12), time(13))
    return opens <= there.time() < closes and not rest[0] <= there.time() < rest[1]


YEARS = (datetime(2028, 1, 1, tzinfo=UTC) - datetime(2020, 1, 1, tzinfo=UTC)).days - 120
MOMENTS = st.integers(0, YEARS * 24 * 60).map(
    lambda minute: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(0, 5 * 24 * 60), st.sampled_from(ZONES))
@example(datetime(2020, 12, 23, 22, tzinfo=UTC), 5 * 24 * 60, "Asia/Jayapura")
@example(datetime(2026, 3, 16, 20, tzinfo=UTC), 9 * 24 * 60, "Asia/Makassar")
def test_the_count_agrees_with_the_slow_one(start, minutes, zone):
    end = start + timedelta(minutes=minutes)
    assert CALENDARS[zone].minutes_between(start, end) == slow_minutes(start, end, zone)


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.integers(1, 3000), st.sampled_from(ZONES))
def test_adding_is_the_inverse_of_counting(start, minutes, zone):
    calendar = CALENDARS[zone]
    end = calendar.add_minutes(start, minutes)
    assert calendar.minutes_between(start, end) == minutes
    assert calendar.minutes_between(start, end - timedelta(minutes=1)) == minutes - 1


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.integers(1, 30), st.sampled_from(ZONES))
def test_days_pass_as_many_working_days_as_asked(start, days, zone):
    tz = ZoneInfo(zone)
    end = CALENDARS[zone].add_days(start, days).astimezone(tz)
    first = start.astimezone(tz).date()
    passed = [first + timedelta(days=n) for n in range(1, (end.date() - first).days + 1)]
    assert sum(any_work(day, tz) for day in passed) == days
    assert any_work(end.date(), tz)
    assert works_at(end - timedelta(minutes=1))
    assert not works_at(end)


def any_work(day, tz):
    return works_at(datetime.combine(day, time(9), tz))


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES))
def test_the_next_opening_is_the_first_minute_of_work_from_then_on(moment, zone):
    tz, calendar = ZoneInfo(zone), CALENDARS[zone]
    opening = calendar.next_opening(moment)
    assert opening >= moment
    assert calendar.is_open(opening)
    if opening > moment:
        assert works_at(opening.astimezone(tz))
        assert slow_minutes(moment, opening, zone) == 0
