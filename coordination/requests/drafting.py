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
# How many reasons an activity keeps in a text that would be too long with all of them, tried in this order.
FEWER_REASONS = (3, 1, 0)


def coming_activities(user, numbers):
    """The activities with these numbers that this user may know of, that are planned and have not begun."""
    visible = CampaignActivity.objects.visible_to(user).filter(
        number__in=numbers, state=ActivityState.PLANNED, starts_at__gt=timezone.now()
    )
    return visible.select_related("region", "method", "forecast").order_by("starts_at", "pk")


def left_out(user, wanted, taken):
    """What to tell of wanted numbers that the draft did not take; "" if it took them all.

    Only those are named that this user may know of: a message must not tell which others exist.
    """
    others = set(wanted) - set(taken)
    if not others:
        return ""
    visible = CampaignActivity.objects.visible_to(user).filter(number__in=others).order_by("number")
    numbers = list(visible.values_list("number", flat=True))
    rule = _("They must be planned, not have begun and lie in one regency; a request names at most %(most)s.")
    rule %= {"most": MOST_ACTIVITIES}
    if not numbers:
        return _("Some activities were left out.") + " " + rule
    if len(numbers) < len(others):
        said = _("These activities were left out, and some others: %(numbers)s.")
    else:
        said = _("These activities were left out: %(numbers)s.")
    return said % {"numbers": ", ".join(numbers)} + " " + rule


def draft_for(activities, user):
    """What stands in the form of a request for these activities, which lie in one regency; {} for none.

    Raises nothing for activities of several regencies: those of the first one's are taken, the first 25 of them.
    """
    activities = list(activities)
    if not activities:
        return {}
    regency = activities[0].region.regency_path
    activities = [activity for activity in activities if activity.region.path.startswith(regency)][:MOST_ACTIVITIES]
    return {
        "region": _common_region(activities),
        "subject": _subject(activities),
        "text": _text(activities),
        "urgency": urgency_for(days_left(activities[0], timezone.now())),
        "activity_on": first_day(activities),
        "activities": ", ".join(activity.number for activity in activities),
        "obstacles": _obstacles(activities, user),
    }


def first_day(activities):
    """The day of the earliest of them, on the clocks of its region."""
    return min(activity.starts_there.date() for activity in activities)


def days_left(activity, now):
    """How many days there are until the activity, by its region's calendar; 0 on the day itself."""
    there = activity.starts_there
    return (there.date() - now.astimezone(there.tzinfo).date()).days


def urgency_for(left):
    """How urgent a request is that must help within so many days."""
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
    text = "\n\n".join([asked, *map(_paragraph, activities)])
    for most_reasons in FEWER_REASONS:
        if len(text) <= MOST_TEXT:
            break
        text = "\n".join([asked, *(_short(activity, most_reasons) for activity in activities)])
    return text


def _paragraph(activity):
    where = ", ".join(filter(None, (activity.place, activity.region_name)))
    need = _("What the network must do there: %(need)s") % {"need": activity.get_need_display()}
    lines = [_what_and_when(activity), where, f"{need} ({activity.get_platform_display()})."]
    return "\n".join([*lines, *_risk(activity), *_reasons(activity)])


def _short(activity, most_reasons):
    line = " · ".join([_what_and_when(activity), *_risk(activity)])
    return "\n".join([line, *_reasons(activity)[:most_reasons]])


def _what_and_when(activity):
    when = f"{date_format(activity.starts_there, 'DATE_FORMAT')}, {activity.hours_there}"
    return f"{activity.number} · {activity.method} · {when}"


def _risk(activity):
    forecast = getattr(activity, "forecast", None)
    if forecast is None:
        return []
    values = {"risk": str(forecast.get_risk_display()).lower()}
    if forecast.data_at is None:
        return [_("Risk by the forecast: %(risk)s (no data).") % values]
    there = forecast.data_at.astimezone(ZoneInfo(activity.region.time_zone))
    values["day"] = date_format(there, "DATE_FORMAT")
    return [_("Risk by the forecast: %(risk)s (data of %(day)s).") % values]


def _reasons(activity):
    """The weightiest first."""
    zone, forecast = ZoneInfo(activity.region.time_zone), getattr(activity, "forecast", None)
    reasons = forecast.reasons if forecast else []
    return [f"- {tell(reason, zone).sentence}" for reason in reasons if reason["about"] != ENOUGH]


def _obstacles(activities, user):
    """Those that stand among the reasons of the forecasts."""
    forecasts = [activity.forecast for activity in activities if hasattr(activity, "forecast")]
    keys = {reason["key"] for forecast in forecasts for reason in forecast.reasons if reason["model"] == "obstacle"}
    standing = Obstacle.objects.visible_to(user).standing().of_the_network()
    return list(standing.filter(pk__in=keys).order_by("pk")) if keys else []
