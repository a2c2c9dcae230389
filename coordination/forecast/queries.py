"""Reads about forecasts that span models."""

from datetime import timedelta

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity
from coordination.forecast.choices import Risk
from coordination.forecast.models import Forecast

SOON = timedelta(days=14)
AT_RISK = (Risk.HIGH, Risk.MEDIUM)


def coming(user, now):
    """What is planned and has not begun, of what this user may know of."""
    return coming_of(CampaignActivity.objects.visible_to(user), now)


def coming_of(activities, now):
    """Of these activities, those that are planned and have not begun."""
    return activities.filter(state=ActivityState.PLANNED, starts_at__gt=now)


def soon_at_risk(activities, now, risks=AT_RISK):
    """Of these activities, those that begin within the next 14 days and that the network may spoil."""
    return coming_of(activities, now).filter(starts_at__lte=now + SOON, forecast__risk__in=risks)


def at_risk_soon(user, now, risks=AT_RISK):
    """The same of those that this user may know of, the soonest first."""
    rows = soon_at_risk(CampaignActivity.objects.visible_to(user), now, risks)
    return rows.select_related("region", "method", "forecast").order_by("starts_at", "pk")


def unanswered(user, now):
    """Activities of the user's office that are over, needed the network, and of which nobody said how it did."""
    if not user.acts:
        return CampaignActivity.objects.none()
    over = CampaignActivity.objects.taking_place().filter(
        office__in=user.office_ids, ends_at__lt=now, ends_at__gt=now - SOON, experience=None
    )
    return over.exclude(need="none").select_related("region", "method").order_by("-ends_at", "-pk")


def is_coming(activity):
    """Whether a forecast of it still changes: it is planned and has not begun."""
    return activity.state == ActivityState.PLANNED and not activity.has_begun


def forecasts_of(activities):
    """{key of the activity: Forecast} of these activities, which the caller may show; one query."""
    return Forecast.objects.in_bulk([activity.pk for activity in activities])
