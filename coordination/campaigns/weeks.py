"""The activities of a week, by the days of the places where they are held."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils import timezone

from coordination.campaigns.models import CampaignActivity
from coordination.regions.models import TimeZone

SHOWN_A_DAY = 6
DAY = timedelta(days=1)
WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2015, 2100


@dataclass(frozen=True)
class Day:
    day: date
    activities: list
    number: int

    @property
    def more(self):
        return self.number - len(self.activities)


def zones_of(user):
    """The time zones of the regions that this user answers for: one, but for the whole country."""
    region = user.office.region if user.office else None
    return [region.time_zone] if region else TimeZone.values


def today_of(user):
    return timezone.now().astimezone(ZoneInfo(zones_of(user)[0])).date()


def starting(first, last, zones):
    """A condition on activities that begin from the first to the last day, each on the clocks of its own region."""
    if len(zones) == 1:
        return _between(first, last, zones[0])
    spans = [Q(region__time_zone=zone) & _between(first, last, zone) for zone in zones]
    # The first two conditions follow from the others; they are there so that the index is walked.
    east, west = max(zones, key=_offset), min(zones, key=_offset)
    around = (Q(starts_at__gte=_begin(first, east)) if first else Q()) & (
        Q(starts_at__lt=_begin(last + DAY, west)) if last else Q()
    )
    return around & reduce(or_, spans)


def _between(first, last, zone):
    after = Q(starts_at__gte=_begin(first, zone)) if first else Q()
    return after & (Q(starts_at__lt=_begin(last + DAY, zone)) if last else Q())


def _begin(day, zone):
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _offset(zone):
    return datetime(2020, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset()


def monday_of(text, today):
    """The first day of the week 2026-W48; that of today's week for anything else."""
    found = WEEK.fullmatch(text)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        try:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError:  # a year has 52 weeks or 53
            pass
    return today - today.weekday() * DAY


def name_of(monday):
    """2026-W48"""
    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02d}"


def week_of(user, monday):
    """[Day] from Monday to Sunday: of each the first few activities, and how many there are. Two queries."""
    visible, zones = CampaignActivity.objects.visible_to(user), zones_of(user)
    days = [monday + number * DAY for number in range(7)]
    counts = visible.filter(starting(days[0], days[-1], zones)).aggregate(
        **{f"day{number}": Count("pk", filter=starting(day, day, zones)) for number, day in enumerate(days)}
    )
    first = [visible.filter(starting(day, day, zones)).order_by("starts_at", "pk") for day in days]
    keys = first[0].values("pk")[:SHOWN_A_DAY].union(*[rows.values("pk")[:SHOWN_A_DAY] for rows in first[1:]], all=True)
    shown = CampaignActivity.objects.filter(pk__in=keys).select_related("region", "method").order_by("starts_at", "pk")
    by_day = {day: [] for day in days}
    for activity in shown:
        by_day[activity.starts_there.date()].append(activity)
    return [Day(day, by_day[day], counts[f"day{number}"]) for number, day in enumerate(days)]
