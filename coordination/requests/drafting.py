"""The draft of a request for activities that the network may spoil: filled from what the portal knows."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity
from coordination.forecast.weighing import ENOUGH
from coordination.forecast.wording import tell
from coordination.obstacles.models import Obstacle
from coordination.regions.models import Region
from coordination.requests.choices import Urgency

MOST_ACTIVITIES = 25
# So many days before the first activity, a request is as urgent as this.
URGENT_DAYS, CRITICAL_DAYS = 7, 3
MOST_TEXT = 6000


def coming_activities(user, numbers):
    """The activities with these numbers that this user may know of, that are planned and have not begun."""
    visible = CampaignActivity.objects.visible_to(user).filter(
        number__in=numbers, state=ActivityState.PLANNED, starts_at__gt=timezone.now()
    )
    return visible.select_related("region", "method", "forecast").order_by("starts_at", "pk")


def draft_for(activities, user):
    """What stands in the form of a request for these activities, which lie in one regency; {} for none.

    Raises nothing for activities of several regencies: those of the first one's are taken.
    """
    activities = list(activities[:MOST_ACTIVITIES])
    if not activities:
        return {}
    regency = activities[0].region.regency_path
    activities = [activity for activity in activities if activity.region.path.startswith(regency)]
    return {
        "region": _common_region(activities),
        "subject": _subject(activities),
        "text": _text(activities),
        "urgency": urgency_for(first_day(activities), timezone.localdate()),
        "activity_on": first_day(activities),
        "activities": ", ".join(activity.number for activity in activities),
        "obstacles": _obstacles(activities, user),
    }


def first_day(activities):
    """The day of the earliest of them, on the clocks of its region."""
    return min(activity.starts_there.date() for activity in activities)


def urgency_for(day, today):
    """How urgent a request is that must help by this day."""
    left = (day - today).days
    if left <= CRITICAL_DAYS:
        return Urgency.CRITICAL
    return Urgency.URGENT if left <= URGENT_DAYS else Urgency.NORMAL


def _common_region(activities):
    """The smallest region in which all of them lie."""
    paths = {activity.region.path for activity in activities}
    if len(paths) == 1:
        return activities[0].region
    shared = []
    for codes in zip(*(path.split(".")[:-1] for path in paths), strict=False):
        if len(set(codes)) > 1:
            break
        shared.append(codes[0])
    return Region.objects.get(path=".".join(shared) + ".")


def _subject(activities):
    first = activities[0]
    if len(activities) == 1:
        subject = _("Network for %(activity)s on %(day)s")
        return subject % {"activity": first.title, "day": date_format(first.starts_there, "DATE_FORMAT")}
    subject = _("Network for %(n)s activities from %(day)s on")
    return subject % {"n": len(activities), "day": date_format(first.starts_there, "DATE_FORMAT")}


def _text(activities):
    asked = ngettext(
        "Please see to it that the network holds for this activity:",
        "Please see to it that the network holds for these activities:",
        len(activities),
    )
    parts = [asked, *map(_paragraph, activities)]
    return "\n\n".join(parts)[:MOST_TEXT]


def _paragraph(activity):
    zone = ZoneInfo(activity.region.time_zone)
    where = ", ".join(filter(None, (activity.place, activity.region_name)))
    when = f"{date_format(activity.starts_there, 'DATE_FORMAT')}, {activity.hours_there}"
    need = _("What the network must do there: %(need)s") % {"need": activity.get_need_display()}
    lines = [f"{activity.number} · {activity.method} · {when}", where, f"{need} ({activity.get_platform_display()})."]
    forecast = getattr(activity, "forecast", None)
    if forecast:
        lines.append(_("Risk by the forecast: %(risk)s.") % {"risk": str(forecast.get_risk_display()).lower()})
        lines += [f"- {tell(reason, zone).sentence}" for reason in forecast.reasons if reason["about"] != ENOUGH]
    return "\n".join(lines)


def _obstacles(activities, user):
    """Those that stand among the reasons of the forecasts."""
    forecasts = [activity.forecast for activity in activities if hasattr(activity, "forecast")]
    keys = {reason["key"] for forecast in forecasts for reason in forecast.reasons if reason["model"] == "obstacle"}
    standing = Obstacle.objects.visible_to(user).standing().of_the_network()
    return list(standing.filter(pk__in=keys).order_by("pk")) if keys else []
