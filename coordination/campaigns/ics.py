"""A calendar as other programs read it (RFC 5545): what is planned, where and for how long, never for whom."""

from datetime import UTC, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity

PAST, FUTURE = timedelta(days=31), timedelta(days=366)
MOST = 500
STATUS = {ActivityState.PLANNED: "CONFIRMED", ActivityState.HELD: "CONFIRMED", ActivityState.CANCELLED: "CANCELLED"}
LINE_BYTES = 75


def feed_of(official, now):
    """The text of the official's calendar: the activities in the jurisdiction, from a month ago, the nearest first."""
    rows = CampaignActivity.objects.visible_to(official).filter(starts_at__range=(now - PAST, now + FUTURE))
    rows = rows.select_related("region", "method", "office").order_by("starts_at", "pk")[:MOST]
    name = _("Activities %(office)s") % {"office": official.office or official}
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Portal Koordinasi//Kegiatan//ID",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        *[line for activity in rows for line in _event(activity)],
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(activity):
    place = ", ".join(filter(None, [activity.place, activity.region_name]))
    url = settings.PORTAL_URL + activity.get_absolute_url()
    told = [activity.number, activity.get_platform_display(), str(activity.office), url]
    yield "BEGIN:VEVENT"
    yield f"UID:{activity.number}@{settings.MAIL_DOMAIN}"
    yield f"DTSTAMP:{_moment(activity.updated_at)}"
    yield f"LAST-MODIFIED:{_moment(activity.updated_at)}"
    yield f"SEQUENCE:{activity.version - 1}"
    yield f"DTSTART:{_moment(activity.starts_at)}"
    yield f"DTEND:{_moment(activity.ends_at)}"
    yield f"SUMMARY:{_text(activity.title)}"
    yield f"LOCATION:{_text(place)}"
    yield f"DESCRIPTION:{_text(chr(10).join(told))}"
    if activity.latitude is not None:
        yield f"GEO:{activity.latitude:.6f};{activity.longitude:.6f}"
    yield f"URL:{url}"
    yield f"STATUS:{STATUS[activity.state]}"
    yield "END:VEVENT"


def _moment(moment):
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value):
    """A value with the signs escaped that would end it or begin another."""
    text = str(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line):
    """A line in pieces of at most 75 bytes, no character torn, each further piece begun by a space."""
    pieces, piece, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LINE_BYTES:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    return "\r\n".join([*pieces, piece])
