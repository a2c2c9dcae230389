"""What a row of a list of planned outages says."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.batches.faults import RowFault
from coordination.common.tables import LONGEST_CELL, Column, as_date, read
from coordination.networks.choices import Impact, OutageKind, OutageState
from coordination.networks.maintaining import MOST_REGIONS
from coordination.networks.maintnote import IMPACTS, ZONE_WORDS
from coordination.networks.models import Operator
from coordination.networks.validators import validate_window
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionsField
from coordination.regions.models import Region

# Each row is an act with its own history; who announces more sends it in parts.
MOST_OUTAGES = 500
COLUMNS = (
    Column("provider", ("penyedia", "diumumkan oleh")),
    Column("reference", ("rujukan", "nomor rujukan", "nomor", "maintenance id")),
    Column("kind", ("jenis",)),
    Column("operator", ("operator seluler", "penyelenggara"), required=False),
    Column("regions", ("wilayah", "kode wilayah", "daerah", "region")),
    Column("starts_at", ("mulai", "waktu mulai", "start")),
    Column("ends_at", ("selesai", "waktu selesai", "end")),
    Column("impact", ("dampak",)),
    Column("state", ("status",)),
    Column("note", ("catatan", "keterangan"), required=False),
)
LABELS = {
    "provider": gettext_lazy("Announced by"), "reference": gettext_lazy("Reference of the notice"),
    "kind": gettext_lazy("Kind"), "operator": gettext_lazy("Operator"), "regions": gettext_lazy("Regions"),
    "starts_at": gettext_lazy("Starts"), "ends_at": gettext_lazy("Ends"), "impact": gettext_lazy("Impact"),
    "state": pgettext_lazy("noun", "State"), "note": gettext_lazy("Note"),
}  # fmt: skip
SAMPLE = (
    "penyedia,rujukan,jenis,operator,wilayah,mulai,selesai,dampak,status,catatan\n"
    "PLN UP3 Bandung,PLN-2026-118,listrik,,32.73.01;32.73.02,1 Desember 2026 09.00,1 Desember 2026 13.00,padam,pasti,"
    "Penggantian trafo\n"
    "Telkomsel NOC,CRQ-118,operator,Telkomsel,Kota Bandung,2026-12-05 00:00,2026-12-05 05:00 WIB,menurun,tentatif,\n"
)
KINDS = {
    "operator": OutageKind.OPERATOR, "jaringan": OutageKind.OPERATOR, "operator jaringan": OutageKind.OPERATOR,
    "listrik": OutageKind.POWER, "power": OutageKind.POWER, "pln": OutageKind.POWER,
}  # fmt: skip
EFFECTS = {
    "tanpa dampak": Impact.NONE, "jalur cadangan berkurang": Impact.REDUCED_REDUNDANCY, "menurun": Impact.DEGRADED,
    "layanan menurun": Impact.DEGRADED, "padam": Impact.OUTAGE, "padam total": Impact.OUTAGE,
} | {word.casefold().replace("-", " "): impact for word, impact in IMPACTS.items()}  # fmt: skip
STATES = {
    "tentatif": OutageState.TENTATIVE, "pasti": OutageState.CONFIRMED, "dipindahkan": OutageState.MOVED,
    "dibatalkan": OutageState.CANCELLED, "batal": OutageState.CANCELLED, "tentative": OutageState.TENTATIVE,
    "confirmed": OutageState.CONFIRMED, "moved": OutageState.MOVED, "re scheduled": OutageState.MOVED,
    "cancelled": OutageState.CANCELLED,
}  # fmt: skip
CLOCK = re.compile(r"(?P<day>.+?)[T\s,]+(?:pukul\s+)?(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?::\d{2})?", re.IGNORECASE)
DAY_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Announced:
    """A good row: what becomes a StagedOutage. `regions` are keys."""

    number: int
    provider: str
    reference: str
    kind: str
    operator: int | None
    regions: list
    starts_at: datetime
    ends_at: datetime
    impact: str
    state: str
    note: str


def rows(batch, file, findings):
    """Each good row as Announced; the others are told to `findings`."""
    reader = Reader(batch.official)
    first = {}
    for row in findings.counting(read(file, COLUMNS)):
        with findings.noting(row):
            found = reader.announced(row)
            before = first.setdefault((found.provider.casefold(), found.reference.casefold()), row.number)
            if before != row.number:
                sentence = _("Row %(number)s has the same reference of the same provider.")
                raise RowFault("reference", sentence % {"number": before})
            if len(first) > MOST_OUTAGES:
                sentence = _("A list takes %(most)s outages at most. Send the rest as another list.")
                raise RowFault("", sentence % {"most": MOST_OUTAGES})
            yield found


class Reader:
    """What rows mean to whoever sent them: only regions of the own jurisdiction have names here."""

    def __init__(self, official):
        self._field = RegionsField(most=MOST_REGIONS)
        self._field.regions = Jurisdiction.of(official).regions(Region.objects.all())
        self._operators = {name.casefold(): key for key, name in Operator.objects.values_list("pk", "name")}
        self._known = {}

    def announced(self, row):
        """The row as Announced. Raises RowFault."""
        values = row.values
        regions = self._regions(values["regions"])
        zone = min(regions, key=lambda region: region.path).time_zone
        kind = _one_of(KINDS, "kind", values["kind"])
        window = [_moment(name, values[name], zone) for name in ("starts_at", "ends_at")]
        _refuse_window(*window)
        return Announced(
            row.number, _text("provider", values["provider"], 120), _text("reference", values["reference"], 80),
            kind, self._operator(kind, values["operator"]), sorted(region.pk for region in regions), *window,
            _one_of(EFFECTS, "impact", values["impact"]), _one_of(STATES, "state", values["state"]),
            _whole("note", values["note"], LONGEST_CELL - 1),
        )  # fmt: skip

    def _regions(self, text):
        if text not in self._known:
            try:
                self._known[text] = self._field.clean(text)
            except ValidationError as error:
                raise RowFault("regions", " ".join(error.messages)) from error
        return self._known[text]

    def _operator(self, kind, text):
        if not text:
            return None
        if kind == OutageKind.POWER:
            raise RowFault("operator", _("Electricity has no operator of a network: leave this empty."))
        key = self._operators.get(text.casefold())
        if key is None:
            raise RowFault("operator", _("No operator is called “%(text)s”.") % {"text": text[:40]})
        return key


def _text(column, text, most):
    if not text:
        raise RowFault(column, _("This must not be empty: by it a later list finds the outage."))
    return _whole(column, text, most)


def _whole(column, text, most):
    """The text, of which nothing is cut off in silence."""
    if len(text) > most:
        raise RowFault(column, _("This is longer than %(most)s characters.") % {"most": most})
    return text


def _one_of(known, column, text):
    found = known.get(" ".join(text.casefold().replace("-", " ").split()))
    if found is None:
        values = {"text": text[:40], "names": ", ".join(list(known)[:6])}
        raise RowFault(column, _("“%(text)s” is not known here. Known are: %(names)s.") % values)
    return found


def _moment(column, text, zone):
    """1 Desember 2026 09.00, 1/12/2026 09:00 or 2026-12-01 09:00, on the clocks of the region or those named behind."""
    rest, _blank, word = text.rpartition(" ")
    if word.upper() in ZONE_WORDS:
        text, zone = rest, ZONE_WORDS[word.upper()]
    # A cell of a spreadsheet that holds midnight comes as its day alone.
    parts = CLOCK.fullmatch(f"{text} 00:00" if DAY_ALONE.fullmatch(text) else text.strip())
    day = as_date(parts["day"]) if parts else None
    if day is None or int(parts["hour"]) > 23 or int(parts["minute"]) > 59:
        sentence = _("“%(text)s” is no time. Write 2026-12-01 09:00, 1/12/2026 09.00 or 1 Desember 2026 09.00.")
        raise RowFault(column, sentence % {"text": text[:40]})
    return datetime.combine(day, time(int(parts["hour"]), int(parts["minute"])), ZoneInfo(zone))


def _refuse_window(starts_at, ends_at):
    try:
        validate_window(starts_at, ends_at)
    except ValidationError as error:
        for column, sentences in error.message_dict.items():
            raise RowFault(column, " ".join(sentences)) from error
