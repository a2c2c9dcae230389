"""Fills the calendar from the package `holidays` and from the Ramadans known; what an admin wrote stays as it is."""

from datetime import date
from importlib.metadata import version

import holidays
from django.db.models import Max

from coordination.workdays.choices import DayKind

FIRST, LAST = 2020, 2028
PACKAGE = "python-holidays"
CATEGORIES = {DayKind.PUBLIC: "public", DayKind.JOINT_LEAVE: "government"}
# Of days that the package takes for public holidays, those on which people vote.
VOTE = "Hari Pemilihan"
# As the Ministry of Religious Affairs set them or as they are expected; an admin corrects them after the sighting.
RAMADANS = [
    (date(2020, 4, 24), date(2020, 5, 23)),
    (date(2021, 4, 13), date(2021, 5, 12)),
    (date(2022, 4, 3), date(2022, 5, 1)),
    (date(2023, 3, 23), date(2023, 4, 21)),
    (date(2024, 3, 12), date(2024, 4, 9)),
    (date(2025, 3, 1), date(2025, 3, 30)),
    (date(2026, 2, 19), date(2026, 3, 20)),
    (date(2027, 2, 8), date(2027, 3, 9)),
]
RAMADAN_SOURCE = "Penetapan 1 Ramadan dan 1 Syawal, Kementerian Agama (2027: perkiraan)"


def seed(day_off, calendar_year, ramadan):
    """Add the days and years that are missing and the Ramadans after the last one. Returns how many days were added.

    Takes the models, since a migration has its own. A year counts as complete when the package knows its joint leave:
    that is decreed year by year, and the package has none for a year without a decree.
    """
    source = f"{PACKAGE} {version('holidays')}"
    days, years = [], []
    for year in range(FIRST, LAST + 1):
        of_year = list(_days(year))
        decreed = any(kind == DayKind.JOINT_LEAVE for _day, kind, _name in of_year)
        years.append(calendar_year(year=year, is_complete=decreed, source=source if decreed else ""))
        days += [day_off(day=day, kind=kind, name=name[:120], source=source) for day, kind, name in of_year]
    # Islamic days of a year without a decree are expected; what an admin changed or wrote stays.
    untouched = day_off.objects.filter(region=None, version=1, source__startswith=PACKAGE)
    untouched.filter(day__year__range=(FIRST, LAST)).exclude(day__in=[row.day for row in days]).delete()
    known = set(day_off.objects.filter(region=None).values_list("day", flat=True))
    missing = [row for row in days if row.day not in known]
    day_off.objects.bulk_create(missing, ignore_conflicts=True)
    calendar_year.objects.bulk_create(years, ignore_conflicts=True)
    complete = [row.year for row in years if row.is_complete]
    calendar_year.objects.filter(year__in=complete, is_complete=False).update(is_complete=True, source=source)
    last_known = ramadan.objects.aggregate(day=Max("last_day"))["day"] or date.min
    newer = [(first, last) for first, last in RAMADANS if first > last_known]
    ramadan.objects.bulk_create(ramadan(first_day=first, last_day=last, source=RAMADAN_SOURCE) for first, last in newer)
    return len(missing)


def _days(year):
    """(day, kind, name) of a year; a day that is both a holiday and joint leave is a holiday."""
    seen = set()
    for kind, category in CATEGORIES.items():
        found = holidays.country_holidays("ID", years=year, categories=(category,), language="id")
        for day, name in sorted(found.items()):
            if day in seen:
                continue
            seen.add(day)
            yield day, DayKind.ELECTION if name.startswith(VOTE) else kind, name.replace("Pegangti", "Pengganti")
