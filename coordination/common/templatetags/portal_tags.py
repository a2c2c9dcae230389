"""Words and signs for states, deadlines and times, the same on every page."""

from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.common import styles

register = template.Library()

# A sign beside each word: no state is told by colour alone. Signs that old phones lack (⚑) or draw as coloured
# pictures (▶ ↗ ↩) are left out.
SIGNS = {
    "draft": "○", "submitted": "→", "returned": "←", "accepted": "✓", "in_progress": "►", "waiting": "‖",
    "resolved": "★", "closed": "■", "declined": "×", "withdrawn": "−",
    "open": "!", "confirmed": "✓", "mitigated": "◐", "cleared": "●", "merged": "⇒",
    "planned": "○", "cancelled": "×", "held": "✓", "tentative": "○", "moved": "→",
}  # fmt: skip
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
WORKING_DAY_MINUTES = 450
# The first that is found counts: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
BROWSERS = [
    ("Opera Mini", "Opera Mini"), ("OPR/", "Opera"), ("UCBrowser", "UC Browser"),
    ("SamsungBrowser", "Samsung Internet"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]  # fmt: skip
SYSTEMS = [
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
]  # fmt: skip
URGENCY_SIGNS = {"urgent": "↑", "critical": "↑↑"}


@register.simple_tag
def state_pill(row):
    """The state of an obstacle or a request: sign and word."""
    return format_html(
        '<span class="pill pill-{}"><span aria-hidden="true">{}</span> {}</span>',
        row.state, SIGNS.get(row.state, "•"), row.get_state_display(),
    )  # fmt: skip


@register.simple_tag
def urgency_pill(row):
    """The urgency, where it is more than normal."""
    if row.urgency not in URGENCY_SIGNS:
        return ""
    return format_html(
        '<span class="pill pill-{}"><span aria-hidden="true">{}</span> {}</span>',
        row.urgency, URGENCY_SIGNS[row.urgency], row.get_urgency_display(),
    )  # fmt: skip


@register.simple_tag
def deadline_chip(row):
    """A flag for a deadline that is near or past; nothing while there is time."""
    if row.is_overdue:
        return format_html(
            '<span class="pill pill-late"><span aria-hidden="true">▲</span> {}</span>', _("Past deadline")
        )
    if row.is_near_deadline:
        return format_html(
            '<span class="pill pill-near"><span aria-hidden="true">△</span> {}</span>', _("Deadline near")
        )
    return ""


@register.simple_tag
def local_time(moment, region=None):
    """A moment in the region's own zone: 23 November 2026, 07.30 WIB; in WIB where no region is given."""
    if moment is None:
        return "–"
    there = moment.astimezone(ZoneInfo(_zone(region)))
    text = time_in_words(moment, region)
    return format_html('<time datetime="{}">{}</time>', there.isoformat(timespec="minutes"), text)


def time_in_words(moment, region=None):
    """The same as plain text."""
    there = moment.astimezone(ZoneInfo(_zone(region)))
    return f"{date_format(there, 'DATE_FORMAT')}, {date_format(there, 'TIME_FORMAT')} {ZONES[_zone(region)]}"


def _zone(region):
    return region.time_zone if region else timezone.get_default_timezone_name()


@register.simple_tag
def working_time(minutes):
    """Working minutes as people count them; a working day has seven and a half hours."""
    days, rest = divmod(minutes, WORKING_DAY_MINUTES)
    hours, rest = divmod(rest, 60)
    if days and not hours:
        return ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}
    if days:
        return _("%(days)s working days %(hours)s hours") % {"days": days, "hours": hours}
    return _("%(hours)s hours %(minutes)s minutes") % {"hours": hours, "minutes": rest}


@register.filter
def device(user_agent):
    """A browser and a system that people know, from what the browser says of itself."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), _("Browser"))
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser} · {system}" if system else browser


@register.simple_tag(takes_context=True)
def query_with(context, **changes):
    """The page's query string with some parameters changed; an empty value removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def inlined_styles():
    """The style sheet in the page itself; the view must allow it (common.styles.permission)."""
    return mark_safe(f"<style>{styles.inlined()}</style>")  # our own file, nothing that anybody typed
