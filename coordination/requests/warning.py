"""Warns both offices of a coming activity at risk that no request covers: 14, 7 and 3 days before, once each."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity
from coordination.forecast.queries import AT_RISK
from coordination.history.recording import record
from coordination.history.stepping import lock
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest, RiskWarning

DAYS_BEFORE = (14, 7, 3)
# A request in one of these states looks after its activities no longer, or not yet.
COVERS_NOTHING = (State.DRAFT, State.DECLINED, State.WITHDRAWN)


def warn_due(now=None):
    """Warn of every activity at risk that has come so near. Returns how many warnings were given.

    Safe to run at any time and by several workers: the database keeps one warning an activity and stage.
    """
    now = now or timezone.now()
    return sum(warn(activity, days) for activity in at_risk_uncovered(now) if (days := stage_of(activity, now)))


def at_risk_uncovered(now):
    """Planned activities of the next 14 days that the network may spoil and that no request covers."""
    covering = CoordinationRequest.objects.exclude(state__in=COVERS_NOTHING).filter(activities__isnull=False)
    return (
        CampaignActivity.objects.filter(
            state=ActivityState.PLANNED,
            starts_at__gt=now,
            starts_at__lt=now + timedelta(days=max(DAYS_BEFORE) + 1),
            forecast__risk__in=AT_RISK,
        )
        .exclude(pk__in=covering.values("activities"))
        .select_related("region", "office", "forecast")
        .order_by("starts_at", "pk")
    )


def stage_of(activity, now):
    """The last stage that the activity has reached by its region's calendar: 14, 7 or 3; None before the first."""
    left = (activity.starts_there.date() - now.astimezone(activity.starts_there.tzinfo).date()).days
    return min((days for days in DAYS_BEFORE if left <= days), default=None)


def warn(activity, days):
    """Give the warning of this stage unless it was given. Returns whether it was given now."""
    try:
        with transaction.atomic():
            locked = lock(activity)
            RiskWarning.objects.create(activity=locked, days_before=days)
            record(locked, "warn", actor=None, office=locked.office, from_state=locked.state, to_state=locked.state,
                   data={"days_before": days, "risk": activity.forecast.risk})  # fmt: skip
            return True
    except IntegrityError:
        return False
