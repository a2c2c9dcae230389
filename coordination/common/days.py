"""Days and months by the portal's own clock, WIB: what is counted by them, and the lists behind it, ask here."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

# How far back figures by month reach: this month and the eleven before.
MONTHS = 12


def on_days(column, first=None, last=None):
    """The condition that a moment lies on one of these days; None is no bound."""
    condition = Q()
    if first:
        condition &= Q(**{f"{column}__gte": _midnight(first)})
    if last:
        condition &= Q(**{f"{column}__lt": _midnight(last + timedelta(days=1))})
    return condition


def months_until(day):
    """The first days of the month of `day` and of those before it, MONTHS in all, the oldest first."""
    last = day.year * 12 + day.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
