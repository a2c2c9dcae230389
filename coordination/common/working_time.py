"""Working time of Indonesian government offices (Perpres 21/2023), in the region's own time zone.

Monday to Thursday 07.30–16.00 with an hour's break, Friday 07.30–16.30 with one and a half; no work on public
holidays and days of joint leave. All functions take and return aware datetimes; `zone` is an IANA name.
"""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

FRIDAY, SATURDAY = 4, 5
USUAL = ((time(7, 30), time(12)), (time(13), time(16)))
FRIDAYS = ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))


@lru_cache(maxsize=32)
def _days_off(year):
    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government")))


def is_working_day(day):
    """Whether offices work on this date."""
    return day.weekday() < SATURDAY and day not in _days_off(day.year)


def _windows(day, zone):
    """The spans of working time on a date, as aware datetimes."""
    if not is_working_day(day):
        return []
    hours = FRIDAYS if day.weekday() == FRIDAY else USUAL
    return [(datetime.combine(day, a, zone), datetime.combine(day, b, zone)) for a, b in hours]


def closing(day, zone):
    """The end of office hours on a date, whether or not anybody works on it."""
    hours = FRIDAYS if day.weekday() == FRIDAY else USUAL
    return datetime.combine(day, hours[-1][1], ZoneInfo(zone))


def add_days(start, days, zone):
    """The close of the `days`-th working day after the day of `start`."""
    day = start.astimezone(ZoneInfo(zone)).date()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return closing(day, zone)


def add_minutes(start, minutes, zone):
    """The moment at which `minutes` of working time have passed since `start`."""
    tz = ZoneInfo(zone)
    now, left = start.astimezone(tz), timedelta(minutes=minutes)
    day = now.date()
    while True:
        for opens, closes in _windows(day, tz):
            begin = max(now, opens)
            if begin < closes and left <= closes - begin:
                return begin + left
            left -= max(closes - begin, timedelta())
        day += timedelta(days=1)


def minutes_between(start, end, zone):
    """Whole minutes of working time between two moments; 0 if `end` is not later."""
    tz = ZoneInfo(zone)
    start, end = start.astimezone(tz), end.astimezone(tz)
    day, total = start.date(), timedelta()
    while day <= end.date():
        for opens, closes in _windows(day, tz):
            total += max(min(end, closes) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)
