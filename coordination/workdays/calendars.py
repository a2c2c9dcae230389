"""Reading the calendar of a region, and what must happen when it changes."""

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app

from coordination.regions.models import TimeZone, paths_above
from coordination.workdays.models import CalendarYear, DayOff, Ramadan
from coordination.workdays.working_time import WorkingCalendar

# Any constant will do, as long as nothing else in this database locks the same one.
_LOCK = 7_273_2023


def calendar_of(region):
    """The WorkingCalendar of a region, in two queries; of the capital for None, a national office."""
    return Calendars().of(region)


class Calendars:
    """The calendars of any number of regions, read once."""

    def __init__(self):
        off = DayOff.objects.filter(is_off=True).order_by().values_list("region__path", "day")
        self._off, self._known = {}, {}
        for path, day in off:
            self._off.setdefault(path or "", set()).add(day)
        self._fasting = tuple(
            Ramadan.objects.filter(is_observed=True).order_by("first_day").values_list("first_day", "last_day")
        )

    def of(self, region):
        """The calendar of a region, or of the capital for None."""
        return self.at(region.path, region.time_zone) if region else self.at("", TimeZone.WIB.value)

    def at(self, path, zone):
        """The calendar of the region of this path in this IANA zone."""
        here = [above for above in ("", *paths_above(path), path) if above in self._off] if path else [""]
        key = (*here, zone)
        if key not in self._known:
            off = frozenset().union(*(self._off.get(above, ()) for above in here))
            self._known[key] = WorkingCalendar(zone, off, self._fasting)
        return self._known[key]


def incomplete_years(years):
    """Those of the years whose decree on holidays and joint leave is not in the calendar yet, in order."""
    complete = set(CalendarYear.objects.filter(year__in=years, is_complete=True).values_list("year", flat=True))
    return sorted(set(years) - complete)


def hold():
    """Keep the calendar as it is until the caller's transaction ends; whoever stores a deadline calls this first.

    So whatever was computed by the old calendar is on record before the new one counts, and is found and computed
    anew. Whoever changes the calendar waits for those at work.
    """
    _lock("pg_advisory_xact_lock_shared")


@transaction.atomic
def change(save):
    """Call `save`, which changes the calendar, and have every deadline that depends on it computed anew."""
    _lock("pg_advisory_xact_lock")
    saved = save()
    for task in settings.CALENDAR_SUBSCRIBERS:
        app.configure_task(task).defer()
    return saved


def _lock(function):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
