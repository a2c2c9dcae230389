"""Working time of Indonesian government offices (Perpres 21/2023), in a region's own time zone.

Monday to Thursday 07.30–16.00 with an hour's break, Friday 07.30–16.30 with one and a half; in Ramadan 08.00–15.00 with
half an hour and on Fridays 08.00–15.30 with an hour. No work on days off. Nothing here reads the database: which days
are off is handed in (calendars.py). All functions take and return aware datetimes.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

FRIDAY, SATURDAY = 4, 5
USUAL = ((time(7, 30), time(12)), (time(13), time(16)))
FRIDAYS = ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))
FASTING = ((time(8), time(12)), (time(12, 30), time(15)))
FASTING_FRIDAYS = ((time(8), time(11, 30)), (time(12, 30), time(15, 30)))


@dataclass(frozen=True)
class WorkingCalendar:
    """The days and hours of one region. `off` are dates without work, `fasting` the (first, last) days of Ramadans."""

    zone: str
    off: frozenset = frozenset()
    fasting: tuple = ()
    # The same few days are asked about again and again, thousands of times when all deadlines are computed anew.
    _closings: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def tz(self):
        return ZoneInfo(self.zone)

    def is_working_day(self, day):
        """Whether offices work on this date."""
        return day.weekday() < SATURDAY and day not in self.off

    def is_fasting(self, day):
        """Whether the shorter hours of Ramadan hold on this date."""
        return any(first <= day <= last for first, last in self.fasting)

    def hours(self, day):
        """The spans of office hours on a date, ((from, to), …), whether or not anybody works on it."""
        if self.is_fasting(day):
            return FASTING_FRIDAYS if day.weekday() == FRIDAY else FASTING
        return FRIDAYS if day.weekday() == FRIDAY else USUAL

    def closing(self, day):
        """The end of office hours on a date, whether or not anybody works on it."""
        return datetime.combine(day, self.hours(day)[-1][1], self.tz)

    def add_days(self, start, days):
        """The close of the `days`-th working day after the day of `start`."""
        first = start.astimezone(self.tz).date()
        if (first, days) not in self._closings:
            self._closings[first, days] = self._close_after(first, days)
        return self._closings[first, days]

    def _close_after(self, day, days):
        while days:
            day += timedelta(days=1)
            days -= self.is_working_day(day)
        return self.closing(day)

    def add_calendar_days(self, start, days):
        """The close of the `days`-th day after the day of `start`, whatever day it is."""
        return self.closing(start.astimezone(self.tz).date() + timedelta(days=days))

    def add_minutes(self, start, minutes):
        """The moment at which `minutes` of working time have passed since `start`."""
        now, left = start.astimezone(self.tz), timedelta(minutes=minutes)
        day = now.date()
        while True:
            for opens, closes in self._windows(day):
                begin = max(now, opens)
                if begin < closes and left <= closes - begin:
                    return begin + left
                left -= max(closes - begin, timedelta())
            day += timedelta(days=1)

    def minutes_between(self, start, end):
        """Whole minutes of working time between two moments; 0 if `end` is not later."""
        start, end = start.astimezone(self.tz), end.astimezone(self.tz)
        day, total = start.date(), timedelta()
        while day <= end.date():
            for opens, closes in self._windows(day):
                total += max(min(end, closes) - max(start, opens), timedelta())
            day += timedelta(days=1)
        return int(total.total_seconds() // 60)

    def is_open(self, moment):
        """Whether the moment lies between the opening and the close of a working day, its break included."""
        there = moment.astimezone(self.tz)
        if not self.is_working_day(there.date()):
            return False
        hours = self.hours(there.date())
        return hours[0][0] <= there.time() < hours[-1][1]

    def next_opening(self, moment):
        """The moment itself while offices are open, else when they open next."""
        if self.is_open(moment):
            return moment
        there = moment.astimezone(self.tz)
        day = there.date()
        while True:
            opens = datetime.combine(day, self.hours(day)[0][0], self.tz)
            if self.is_working_day(day) and opens > there:
                return opens
            day += timedelta(days=1)

    def _windows(self, day):
        """The spans of working time on a date, as aware datetimes."""
        if not self.is_working_day(day):
            return []
        return [(datetime.combine(day, a, self.tz), datetime.combine(day, b, self.tz)) for a, b in self.hours(day)]
