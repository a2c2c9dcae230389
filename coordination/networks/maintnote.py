"""Reads the notice of a maintenance as operators send it (MAINTNOTE): an iCalendar text, or lines of KEY: value."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime, parse_duration
from django.utils.translation import gettext as _

from coordination.common.errors import DomainError
from coordination.networks.choices import Impact, OutageState
from coordination.regions.models import TimeZone

MOST_BYTES = 100_000
# A long line goes on in the next one, which begins with a blank.
FOLD = re.compile(r"\r?\n[ \t]")
# NAME;PARAMETER=value;OTHER="a:b":value, in a mail perhaps as a quotation and with blanks around the colon.
OPTION = r"""(?:;[\w-]+=(?:"[^"]*"|[^;:"]*))"""
LINE = re.compile(rf"(?:>\s?)*(?P<name>[A-Za-z][A-Za-z-]*)(?P<options>{OPTION}*)\s*:(?P<value>.*)")
TZID = re.compile(r';TZID="?([^";]+)"?', re.IGNORECASE)
COMPACT = re.compile(r"(\d{8})(?:T(\d{4})(\d{2})?)?(Z?)", re.ASCII)
ESCAPED = re.compile(r"\\([\\;,nN])")
ZONE_WORDS = {zone.label: zone.value for zone in TimeZone} | {"UTC": "UTC", "GMT": "UTC", "Z": "UTC"}

# The words of the standard, and those that providers write instead of them.
IMPACTS = {
    "NO-IMPACT": Impact.NONE, "REDUCED-REDUNDANCY": Impact.REDUCED_REDUNDANCY, "DEGRADED": Impact.DEGRADED,
    "OUTAGE": Impact.OUTAGE,
}  # fmt: skip
CANCELLED = {"CANCELLED", "CANCELED"}
TENTATIVE = {"TENTATIVE"}
YEARS = range(2000, 2101)


class UnreadableNotice(DomainError):
    """str(error) is a sentence for the person who pasted it."""


@dataclass(frozen=True)
class Notice:
    """What a notice says. Moments without a zone are of the region's own clocks."""

    provider: str
    reference: str
    starts_at: datetime | None
    ends_at: datetime | None
    impact: str
    state: str
    account: str = ""
    objects: tuple = ()
    summary: str = ""
    more: int = 0  # further events in the same text, which are not read
    text: str = field(default="", repr=False)
    has_unread_times: bool = False

    @property
    def cancels(self):
        return self.state == OutageState.CANCELLED

    @property
    def details(self):
        """What the portal has no field for, in a few lines: what it is about, the account, the lines concerned."""
        named = [self.summary]
        if self.account:
            named.append(_("Account: %(account)s") % {"account": self.account})
        if self.objects:
            named.append(_("Objects: %(objects)s") % {"objects": ", ".join(self.objects)})
        return "\n".join(filter(None, named))


def read(text):
    """The Notice of a text. Raises UnreadableNotice where it names neither a provider nor a time."""
    found, more = _fields(text)
    provider = _first(found, "X-MAINTNOTE-PROVIDER")
    starts_at, ends_at = _window(found)
    if not provider and starts_at is None:
        raise UnreadableNotice(
            _("No line of this text is one of a maintenance notice, such as X-MAINTNOTE-PROVIDER or DTSTART.")
        )
    return Notice(
        provider=provider[:120],
        reference=_first(found, "X-MAINTNOTE-MAINTENANCE-ID")[:80],
        starts_at=starts_at,
        ends_at=ends_at,
        impact=IMPACTS.get(_word(found, "X-MAINTNOTE-IMPACT"), ""),
        state=_state(_word(found, "X-MAINTNOTE-STATUS") or _word(found, "STATUS")),
        account=_first(found, "X-MAINTNOTE-ACCOUNT"),
        objects=tuple(filter(None, (value for _options, value in found.get("X-MAINTNOTE-OBJECT-ID", ())))),
        summary=_first(found, "SUMMARY"),
        more=more,
        text=text.strip(),
        has_unread_times=None
        in (
            moment
            for name, moment in (("DTSTART", starts_at), ("DTEND", ends_at), ("DURATION", ends_at))
            if name in found
        ),
    )


def _fields(text):
    """({name: [(options, value)]} of the first event, or of all lines where none is marked; how many events more)."""
    lines = [line.strip() for line in FOLD.sub("", text).splitlines()]
    begins = [number for number, line in enumerate(lines) if line.upper() == "BEGIN:VEVENT"]
    if begins:
        lines = lines[begins[0] + 1 :]
        lines = lines[: next((number for number, line in enumerate(lines) if line.upper() == "END:VEVENT"), None)]
    found = {}
    for line in lines:
        if parts := LINE.fullmatch(line):
            values = found.setdefault(parts["name"].upper(), [])
            values.append((parts["options"], _unescaped(parts["value"].strip())))
    return found, max(len(begins) - 1, 0)


def _unescaped(value):
    return ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def _first(found, name):
    return found[name][0][1] if name in found else ""


def _word(found, name):
    return _first(found, name).upper().replace(" ", "-").replace("_", "-")


def _state(word):
    """As the portal knows it: work that is going on or done was certain, and so is what has new times."""
    if word in CANCELLED:
        return OutageState.CANCELLED
    return OutageState.TENTATIVE if word in TENTATIVE or not word else OutageState.CONFIRMED


def _window(found):
    """(start, end), each None where the text does not say it or in no way that is understood."""
    starts_at, ends_at = (_moment(*found[name][0]) if name in found else None for name in ("DTSTART", "DTEND"))
    if ends_at is None and starts_at:
        ends_at = _end_after(starts_at, _first(found, "DURATION"))
    return starts_at, ends_at


def _end_after(starts_at, duration):
    """The end by its duration; None for one that no calendar reaches."""
    try:
        lasts = parse_duration(duration)
        return _plausible(starts_at + lasts) if lasts else None
    except OverflowError:
        return None


def _plausible(moment):
    """The moment, or None for "open end" (year 9999) and the like, which no clock can be asked about."""
    return moment if moment and moment.year in YEARS else None


def _moment(options, value):
    """20261201T180000Z, 2026-12-01 18:00 UTC or 2026-12-01 18:00 WIB; a zone may stand in the options."""
    value, zone = _without_zone(value)
    if named := TZID.search(options):
        zone = named[1]
    try:
        moment = _compact(value) or parse_datetime(value)
        if moment and not moment.tzinfo and zone:
            moment = moment.replace(tzinfo=ZoneInfo(ZONE_WORDS.get(zone.upper(), zone)))
        return _plausible(moment)
    except (ValueError, OverflowError, OSError, LookupError):  # no such day, or no such zone
        return None


def _without_zone(value):
    """The value without a word for a zone behind it, and that word."""
    rest, _blank, word = value.rpartition(" ")
    return (rest, word) if word.upper() in ZONE_WORDS else (value, "")


def _compact(value):
    parts = COMPACT.fullmatch(value)
    if parts is None:
        return None
    moment = datetime.strptime(parts[1] + (parts[2] or "0000") + (parts[3] or "00"), "%Y%m%d%H%M%S")  # noqa: DTZ007
    return moment.replace(tzinfo=UTC) if parts[4] else moment
