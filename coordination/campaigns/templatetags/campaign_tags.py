"""The stage of an election, and what is planned, on pages of other parts."""

from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from coordination.campaigns.models import CampaignActivity
from coordination.campaigns.queries import within
from coordination.campaigns.stages import banner
from coordination.networks.maintaining import window_of

register = template.Library()

SHOWN_ACTIVITIES = 10


@register.inclusion_tag("campaigns/_stage.html")
def stage_banner(region):
    """The stages that run in this region today, on its own clocks; in the whole country for None."""
    zone = ZoneInfo(region.time_zone) if region else None
    return {"banners": banner(region, timezone.localdate(timezone=zone))}


@register.inclusion_tag("campaigns/_touched.html", takes_context=True)
def touched_activities(context, outage):
    """The planned activities that an outage touches, the first ones, of those that the reader may know of."""
    user = context["request"].user
    rows = within(window_of(outage)) & CampaignActivity.objects.visible_to(user)
    rows = list(rows.select_related("region", "method").order_by("starts_at", "pk")[: SHOWN_ACTIVITIES + 1])
    return {"activities": rows[:SHOWN_ACTIVITIES], "more": len(rows) > SHOWN_ACTIVITIES}
