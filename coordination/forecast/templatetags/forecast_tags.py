"""The forecast of an activity on the pages of other apps."""

from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

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
def risks_of(activities):
    """{key: risk} of the planned ones among activities on a list; one query."""
    planned = [activity for activity in activities if queries.is_coming(activity)]
    return {key: row.risk for key, row in queries.forecasts_of(planned).items()} if planned else {}


@register.filter
def of(risks, activity):
    """The risk of an activity on a list; "" where the page shows none."""
    return risks.get(activity.pk, "") if risks else ""


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
        "user": user,
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
