"""The stage of an election on the pages of those who plan in it."""

from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from coordination.campaigns.stages import banner

register = template.Library()


@register.inclusion_tag("campaigns/_stage.html")
def stage_banner(region):
    """The stages that run in this region today, on its own clocks; in the whole country for None."""
    zone = ZoneInfo(region.time_zone) if region else None
    return {"banners": banner(region, timezone.localdate(timezone=zone))}
