"""Keeps the forecasts of planned activities: weighed anew whenever something that they rest on changes, and nightly.

A regency is weighed as a whole, by one transaction at a time: of two that began together, the later one would
otherwise write over what the other had seen.
"""

from dataclasses import asdict

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from coordination.batches.steps import without_limit
from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity, ScheduleBatch
from coordination.forecast.evidence import RegencyEvidence
from coordination.forecast.models import Forecast, Requirement, Rule
from coordination.forecast.weighing import Plan, Rules, weigh
from coordination.networks.maintaining import windows_of
from coordination.networks.models import Assessment, ImportBatch, PlannedOutage
from coordination.obstacles.models import Obstacle
from coordination.regions.models import Level, regency_path

# Any constant will do, as long as no other pair of locks in this database begins with it.
_LOCK = 7_273_025
PIECE = 1000
REFRESH = "forecast.refresh"
# What changes nothing that a forecast of something planned rests on.
UNTOUCHED = ("attach", "join", "warn", "cancel", "hold", "network_held", "incomplete")
APPLIED = ("apply_list", "undo_list", "apply_schedule", "undo_schedule")


def present_rules():
    """The Rules as they stand now."""
    return Rules(Rule.objects.all(), Requirement.objects.all())


def plan_of(activity):
    """What the forecast must know of an activity."""
    return Plan(
        key=activity.pk, region_key=activity.region_id, need=activity.need, platform=activity.platform,
        starts_at=activity.starts_at, ends_at=activity.ends_at, changed_at=activity.updated_at,
        time_zone=activity.region.time_zone,
    )  # fmt: skip


def point_of(activity):
    """(latitude, longitude) of the activity, or None where its region must do."""
    return None if activity.latitude is None else (activity.latitude, activity.longitude)


def forecast_of(activity, evidence, rules, now):
    """The Forecast of one activity from the evidence of its regency; not saved."""
    plan = plan_of(activity)
    risk, reasons, data_at = weigh(plan, evidence.of(activity.region, point_of(activity)), rules, now)
    return Forecast(
        activity=activity, risk=risk, reasons=[asdict(reason) for reason in reasons], data_at=data_at, computed_at=now
    )


@transaction.atomic
def refresh_regency(path, *, now=None):
    """Weigh the planned activities of the regency with this path that have not begun. Returns how many."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        without_limit(cursor)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, path])
    coming = _coming(now).filter(region__path__startswith=path).select_related("region").order_by("pk")
    evidence, rules, weighed = RegencyEvidence(path, now), present_rules(), 0
    piece = []
    for activity in coming.iterator(chunk_size=PIECE):
        piece.append(forecast_of(activity, evidence, rules, now))
        weighed += 1
        if len(piece) == PIECE:
            _keep(piece)
            piece = []
    _keep(piece)
    return weighed


def _keep(forecasts):
    """Write those that differ from what stands."""
    present = Forecast.objects.in_bulk([row.activity_id for row in forecasts])
    changed = [row for row in forecasts if _facts(row) != _facts(present.get(row.activity_id))]
    Forecast.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["activity"],
        update_fields=["risk", "reasons", "data_at", "computed_at"],
    )


def _facts(row):
    return row and (row.risk, row.reasons, row.data_at)


def refresh_below(path="", *, now=None, tell=None):
    """Weigh all activities that have not begun in regions whose path begins so, regency by regency. Returns how many.

    `tell` is called with the number weighed so far, after each regency. A regency that fails does not keep the others
    from theirs; the failure is raised at the end.
    """
    now = now or timezone.now()
    return _refresh_each(_regencies(_coming(now).filter(region__path__startswith=path)), now, tell)


def _refresh_each(regencies, now, tell=None):
    weighed, failures = 0, []
    for regency in regencies:
        try:
            weighed += refresh_regency(regency, now=now)
        except Exception as failure:
            failures.append(failure)
        if tell:
            tell(weighed)
    if failures:
        raise failures[0]
    return weighed


def refresh_for_all_that_wait(path):
    """Weigh below this path for all jobs that ask for the same: their changes are there already, so that this reading
    sees them, and a hundred changes of one regency cost two weighings."""
    waiting = ProcrastinateJob.objects.filter(task_name=REFRESH, status="todo", args__path=path)
    waiting._raw_delete(using="default")
    return refresh_below(path)


def sweep(*, now=None):
    """Weigh the regencies in which an activity has no forecast yet: after an upgrade, or where a job was lost."""
    now = now or timezone.now()
    return _refresh_each(_regencies(_coming(now).filter(forecast=None)), now)


def _coming(now):
    """What is planned and begins after `now`."""
    return CampaignActivity.objects.filter(state=ActivityState.PLANNED, starts_at__gt=now)


def _regencies(activities):
    """The paths of the regencies in which the activities lie."""
    paths = activities.order_by().values_list("region__path", flat=True).distinct()
    return sorted({regency_path(each) for each in paths})


def mark(event):
    """Have weighed anew, once this transaction is done, what the event touches. Called for each event of history.

    Each event has a job of its own: one that waited already may have begun to read before this change was there.
    """
    for path in _touched(event):
        app.configure_task(REFRESH).defer(path=path)


def _touched(event):
    """The paths below which activities rest on what the event is about; "" is the whole country."""
    if _is_about(event, ImportBatch, ScheduleBatch):
        # Nothing has changed while a list is only sent or looked at.
        return {event.subject.office.region_path if event.subject.office else ""} if event.verb in APPLIED else set()
    if event.verb in UNTOUCHED:
        return set()
    if _is_about(event, PlannedOutage):
        windows = windows_of(event.subject, event)
        return {regency_path(region.path) for window in windows for region in window.regions}
    if not _is_about(event, CampaignActivity, Obstacle, Assessment):
        return set()
    region = event.subject.region
    # What is reported of a whole province says nothing about a place in it.
    return {regency_path(region.path)} if region.level >= Level.REGENCY else set()


def _is_about(event, *models):
    return event.subject_type_id in {kind.pk for kind in ContentType.objects.get_for_models(*models).values()}
