"""Working time against examples from the calendar and against a slow count of minutes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coordination.common.working_time import add_days, add_minutes, closing, is_working_day, minutes_between

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
ZONE = "Asia/Jakarta"


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
    assert is_working_day(date.fromisoformat(day)) is works


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
    ],
)
def test_minutes_between_two_moments(start, end, minutes):
    assert minutes_between(at(start), at(end), ZONE) == minutes


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
    assert add_minutes(at(start), minutes, ZONE) == at(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23T08:00", 1, "2026-11-24T16:00"),
        ("2026-11-26T23:00", 1, "2026-11-27T16:30"),  # Friday closes later
        ("2026-11-27T08:00", 1, "2026-11-30T16:00"),
        ("2026-11-28T08:00", 2, "2026-12-01T16:00"),  # from a Saturday
        ("2020-12-08T08:00", 1, "2020-12-10T16:00"),  # over the day of the vote
        ("2026-11-23T08:00", 0, "2026-11-23T16:00"),
    ],
)
def test_adding_days_ends_at_the_close_of_the_day(start, days, end):
    assert add_days(at(start), days, ZONE) == at(end)


def test_each_region_keeps_its_own_time():
    moment = at("2026-11-23T07:30", "Asia/Jayapura")
    assert minutes_between(moment, moment + timedelta(hours=2), "Asia/Jayapura") == 120
    assert minutes_between(moment, moment + timedelta(hours=2), "Asia/Jakarta") == 0
    assert add_days(at("2026-11-23T23:30", "Asia/Jakarta"), 1, "Asia/Jayapura") == at(
        "2026-11-25T16:00", "Asia/Jayapura"
    )


def test_the_close_is_that_of_the_weekday():
    assert closing(date(2026, 11, 27), ZONE) == at("2026-11-27T16:30")
    assert closing(date(2026, 11, 28), ZONE).time() == time(16)


def slow_minutes(start, end, zone):
    """The reference: looks at every minute by itself."""
    moment, count = start, 0
    while moment < end:
        there = moment.astimezone(ZoneInfo(zone))
        friday = there.weekday() == 4
        breaks = (time(11, 30), time(13)) if friday else (time(12), time(13))
        opens = time(7, 30) <= there.time() < (time(16, 30) if friday else time(16))
        count += is_working_day(there.date()) and opens and not breaks[0] <= there.time() < breaks[1]
        moment += timedelta(minutes=1)
    return count


MOMENTS = st.integers(0, 420 * 24 * 60).map(
    lambda minute: datetime(2020, 11, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(0, 5 * 24 * 60), st.sampled_from(ZONES))
@example(datetime(2020, 12, 23, 22, tzinfo=UTC), 5 * 24 * 60, "Asia/Jayapura")
def test_the_count_agrees_with_the_slow_one(start, minutes, zone):
    end = start + timedelta(minutes=minutes)
    assert minutes_between(start, end, zone) == slow_minutes(start, end, zone)


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.integers(1, 3000), st.sampled_from(ZONES))
def test_adding_is_the_inverse_of_counting(start, minutes, zone):
    end = add_minutes(start, minutes, zone)
    assert minutes_between(start, end, zone) == minutes
    assert minutes_between(start, end - timedelta(minutes=1), zone) == minutes - 1


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.integers(1, 30), st.sampled_from(ZONES))
def test_days_pass_as_many_working_days_as_asked(start, days, zone):
    first = start.astimezone(ZoneInfo(zone)).date()
    last = add_days(start, days, zone).astimezone(ZoneInfo(zone)).date()
    passed = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(map(is_working_day, passed)) == days
    assert is_working_day(last)
