"""Warns both offices of a coming activity at risk that no request covers: 14, 7 and 3 days before, once each."""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import OperationalError, transaction
from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity
from coordination.forecast.queries import AT_RISK
from coordination.history.recording import record
from coordination.history.stepping import lock
from coordination.requests.choices import DAYS_BEFORE, State
from coordination.requests.drafting import days_left
from coordination.requests.models import CoordinationRequest, RiskWarning

# A request in one of these states looks after its activities no longer, or not yet.
COVERS_NOTHING = (State.DRAFT, State.DECLINED, State.WITHDRAWN)
# What was done in one of these was done, whenever it was due.
DONE = (State.RESOLVED, State.CLOSED)


def warn_due(now=None):
    """Warn of every activity at risk that has come so near. Returns how many warnings were given.

    Safe to run at any time and by several workers: the database keeps one warning an activity and stage. An activity
    that somebody else holds does not keep the others from theirs; the first failure is raised at the end, so that the
    next run is tried for those alone.
    """
    now = now or timezone.now()
    given, failures = 0, []
    for activity in at_risk_uncovered(now):
        if due_stage(activity, now) is None:
            continue
        try:
            given += warn(activity, now)
        except OperationalError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
    return given


def at_risk_uncovered(now):
    """Planned activities of the next 14 days that the network may spoil and that no request covers in time, each with
    `stages_given`, the stages at which it was warned of."""
    # A request keeps its deadline when an activity moves to an earlier day, and may then come too late for it.
    in_time = Q(end_due_at__lte=OuterRef("day_begins")) | Q(state__in=DONE)
    covering = CoordinationRequest.objects.filter(in_time, activities=OuterRef("pk")).exclude(state__in=COVERS_NOTHING)
    zone, moment = F("region__time_zone"), DateTimeField()
    begins = Func(Value("day"), F("starts_at"), zone, function="date_trunc", output_field=moment)
    given = RiskWarning.objects.filter(activity=OuterRef("pk")).values("days_before")
    return (
        CampaignActivity.objects.annotate(day_begins=begins, stages_given=ArraySubquery(given))
        .filter(
            ~Exists(covering),
            state=ActivityState.PLANNED,
            starts_at__gt=now,
            starts_at__lt=now + timedelta(days=max(DAYS_BEFORE) + 1),
            forecast__risk__in=AT_RISK,
        )
        .select_related("region", "office", "forecast")
        .order_by("starts_at", "pk")
    )


def stage_of(activity, now):
    """The last stage that the activity has reached by its region's calendar: 14, 7 or 3; None before the first."""
    left = days_left(activity, now)
    return min((days for days in DAYS_BEFORE if left <= days), default=None)


def due_stage(activity, now):
    """The stage of a row of `at_risk_uncovered` unless the warning of it was given; else None."""
    stage = stage_of(activity, now)
    return None if stage in activity.stages_given else stage


@transaction.atomic
def warn(activity, now):
    """Give the warning that is due unless it was given or is needed no more by now. Returns whether it was given."""
    locked = lock(activity)
    present = at_risk_uncovered(now).filter(pk=locked.pk).first()
    days = present and due_stage(present, now)
    if not days:
        return False
    RiskWarning.objects.create(activity=locked, days_before=days)
    record(locked, "warn", actor=None, office=locked.office, from_state=locked.state, to_state=locked.state,
           data={"days_before": days, "risk": present.forecast.risk})  # fmt: skip
    return True
