"""What is known about the network, for tests of the weighing; and the rules as they are shipped."""

import importlib
from datetime import UTC, datetime, timedelta

from django.apps import apps

from coordination.forecast.models import Forecast, Rule
from coordination.forecast.refreshing import present_rules, refresh_below
from coordination.forecast.weighing import Hindrance, KnownLevel, Measured, Outage, Plan

NOW = datetime(2020, 10, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def shipped_rules():
    """The rules of the migration; made anew where a transactional test has emptied the tables."""
    if not Rule.objects.exists():
        importlib.import_module("coordination.forecast.migrations.0002_rules").add(apps, None)
    return present_rules()


def plan(need="host", platform="zoom", days=5, hours=2):
    start = NOW + days * DAY
    return Plan(1, 7, need, platform, start, start + timedelta(hours=hours), NOW, "Asia/Jakarta")


def level(value="strong", *, age=10, **place):
    return KnownLevel(7, value, NOW - age * DAY, "Ciwidey", "32.04.01.2001", **place)


def measured(upload=8.0, download=12.0, latency=60, jitter=10, loss=0.5):
    return Measured(3, NOW - 2 * DAY, download, upload, latency, jitter, loss)


def hindrance(kind="tower_down", *, state="open", since=-5, until=None, cleared=None):
    until = NOW + until * DAY if until is not None else None
    cleared_at = NOW - cleared * DAY if cleared is not None else None
    return Hindrance(5, "HB-3204-2020-0001", kind, state, NOW + since * DAY, until, cleared_at, ("Telkomsel",))


def outage(impact="outage", *, begins=5, hours=2):
    start = NOW + begins * DAY
    return Outage(9, "PM-3204-2020-0001", impact, start, start + timedelta(hours=hours))


def forecast_for(activity):
    """The forecast as it stands once everything that waited has been weighed."""
    shipped_rules()
    refresh_below()
    return Forecast.objects.get(activity=activity)
