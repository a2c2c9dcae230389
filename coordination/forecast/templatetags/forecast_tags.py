"""The forecast of an activity on the pages of other apps."""

from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from coordination.campaigns import planning
from coordination.forecast import experience, queries
from coordination.forecast.choices import Risk
from coordination.forecast.models import Experience, Forecast
from coordination.forecast.wording import tell

register = template.Library()

# With the signs and colours that deadlines have.
PILLS = {
    Risk.LOW: ("resolved", "●"),
    Risk.MEDIUM: ("near", "△"),
    Risk.HIGH: ("late", "▲"),
    Risk.UNKNOWN: ("draft", "?"),
}
MOST_SHOWN = 5


@register.simple_tag
def risk_pill(risk):
    """The risk: sign and word. Nothing for an activity that has not been weighed."""
    if not risk:
        return ""
    css, sign = PILLS[Risk(risk)]
    return format_html(
        '<span class="pill pill-{}"><span aria-hidden="true">{}</span> {} {}</span>',
        css, sign, _("Risk:"), Risk(risk).label.lower(),
    )  # fmt: skip


@register.simple_tag
def forecast_pill(forecast, activity):
    """The risk of a forecast, never without the date of the data; nothing for an activity that was not weighed."""
    if not forecast:
        return ""
    zone = ZoneInfo(activity.region.time_zone)
    on = forecast.data_at and date_format(forecast.data_at.astimezone(zone), "SHORT_DATE_FORMAT")
    said = _("data of %(day)s") % {"day": on} if on else _("no data")
    return format_html("{} <small>{}</small>", risk_pill(forecast.risk), said)


@register.simple_tag
def forecasts_of(activities):
    """{key: Forecast} of the planned ones among activities on a list; one query."""
    planned = [activity for activity in activities if queries.is_coming(activity)]
    return queries.forecasts_of(planned) if planned else {}


@register.filter
def of(forecasts, activity):
    """The forecast of an activity on a list; None where the page shows none."""
    return forecasts.get(activity.pk) if forecasts else None


@register.inclusion_tag("forecast/_forecast.html")
def forecast_of(activity, user):
    """The forecast with its reasons; once the activity has begun, what was told and how the network did."""
    forecast = Forecast.objects.filter(activity=activity).first()
    told = Experience.objects.filter(activity=activity).first() if activity.has_begun else None
    zone = ZoneInfo(activity.region.time_zone)
    return {
        "activity": activity,
        "forecast": forecast,
        "reasons": [tell(reason, zone) for reason in forecast.reasons] if forecast else [],
        "stands": queries.is_coming(activity),
        "experience": told,
        "may_answer": told is None and experience.may_answer(user, activity),
        "may_request": planning.may_register(user),
    }


@register.inclusion_tag("forecast/_my_work.html")
def activities_at_risk(user):
    """For my work: what the network may spoil within 14 days, and activities of which the answer is still open."""
    now = timezone.now()
    return {
        "activities": list(queries.at_risk_soon(user, now)[: MOST_SHOWN + 1]),
        "most": MOST_SHOWN,
        "unanswered": list(queries.unanswered(user, now)[:MOST_SHOWN]),
    }
