"""Words and signs for how far up a request has gone by itself."""

from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.requests.choices import Stage, State

register = template.Library()


@register.simple_tag
def ladder_pill(item):
    """A flag for an alarm, for what has gone up by itself, and for what started one step higher; else nothing."""
    if item.state not in State.OPEN:
        return ""
    if item.is_alarm and item.clock_runs:
        return _pill("late", "!!", _("Alarm: no further office above"))
    if item.raised_to_id and item.started_short and not item.missed:
        return _pill("near", "⇑", _("Short time: one step higher"))
    if item.raised_to_id:
        return _pill("near", "⇑", _("Sent up by itself"))
    return _pill("near", "△", _("Short time")) if item.started_short else ""


def _pill(tone, sign, word):
    return format_html('<span class="pill pill-{}"><span aria-hidden="true">{}</span> {}</span>', tone, sign, word)


@register.filter
def why_above(item):
    """Why an office above knows of a request, or that there is none to know of it; "" where neither is so."""
    if item.state not in State.OPEN:
        return ""
    facts = {"office": item.raised_to, "stages": ", ".join(str(Stage(stage).label) for stage in item.missed)}
    if item.is_alarm and item.clock_runs:
        return _("alarm: past the deadline (%(stages)s), with no further office above that could be told") % facts
    if item.raised_to is None:
        return ""
    if item.missed:
        return _("sent up by itself to %(office)s, past the deadline (%(stages)s)") % facts
    if item.started_short:
        return _("short time before the activity: %(office)s was informed from the start") % facts
    return _("sent up by itself to %(office)s") % facts


@register.simple_tag
def behind(period, office=None, stage=""):
    """The query of the list behind a figure of the report of lateness."""
    query = {"office": office and office.pk, "due_from": period.first, "due_to": period.last, "missed": stage}
    return f"?{urlencode({name: value for name, value in query.items() if value})}"


@register.simple_tag
def hours(duration):
    """A duration in whole hours."""
    number = round(duration.total_seconds() / 3600)
    return ngettext("%(number)s hour", "%(number)s hours", number) % {"number": number}
