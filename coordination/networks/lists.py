"""What a row of each kind of list says: the region, its level, and when and by whom it was stated."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import atan, degrees, pi, sinh

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.batches.faults import RowFault
from coordination.batches.places import NAMES, TIERS
from coordination.common.tables import Column, as_date, read
from coordination.networks.choices import ListKind, NetworkLevel
from coordination.networks.levels import classify
from coordination.networks.models import Operator, Threshold
from coordination.networks.validators import EARLIEST

LONGEST_SOURCE = 200
MOST_KBPS, MOST_MS, MOST_TESTS = 100_000_000, 600_000, 100_000_000
ZOOMS = range(12, 21)  # Ookla publishes zoom 16

LEVELS = {
    "kuat": NetworkLevel.STRONG, "sedang": NetworkLevel.MEDIUM, "lemah": NetworkLevel.WEAK,
    "tanpa sinyal": NetworkLevel.NO_SIGNAL, "blank spot": NetworkLevel.NO_SIGNAL, "blankspot": NetworkLevel.NO_SIGNAL,
    "strong": NetworkLevel.STRONG, "medium": NetworkLevel.MEDIUM, "weak": NetworkLevel.WEAK,
    "no signal": NetworkLevel.NO_SIGNAL,
}  # fmt: skip
# The survey knows no middle: its "kuat" reaches from ours to what we call medium, which the page says before approval.
CLASSES = {
    "sangat kuat": NetworkLevel.STRONG, "kuat": NetworkLevel.STRONG, "lemah": NetworkLevel.WEAK,
    "tidak ada": NetworkLevel.NO_SIGNAL, "tidak ada sinyal": NetworkLevel.NO_SIGNAL,
}  # fmt: skip

STATED = (
    Column("day", ("tanggal", "per tanggal", "date"), required=False),
    Column("source", ("sumber",), required=False),
    Column("operator", ("operator seluler", "penyelenggara"), required=False),
)
COLUMNS = {
    ListKind.LEVELS: (
        Column("code", ("kode", "kode wilayah", "kode kemendagri", "region code"), required=False),
        *NAMES,
        Column("level", ("tingkat", "tingkat jaringan", "level", "kategori")),
        *STATED,
    ),
    # Without the code: that of the statistics office is another one (domain facts 1.2).
    ListKind.SURVEY: (
        *(Column(column.name, column.aliases) for column in NAMES),
        Column("level", ("sinyal", "kekuatan sinyal", "kelas sinyal", "kelas", "kondisi sinyal")),
        *STATED,
    ),
    ListKind.TILES: (
        Column("quadkey", ("quadkey",)),
        Column("down", ("avg_d_kbps",)),
        Column("up", ("avg_u_kbps",)),
        Column("latency", ("avg_lat_ms",)),
        Column("tests", ("tests",)),
        Column("devices", ("devices",), required=False),
    ),
}
LABELS = {
    "code": gettext_lazy("Code"), "level": gettext_lazy("level"), "day": gettext_lazy("Date"),
    "source": gettext_lazy("Source"), "operator": gettext_lazy("Operator"),
}  # fmt: skip
SAMPLES = {
    ListKind.LEVELS: (
        "kode,provinsi,kabupaten,kecamatan,desa,tingkat,tanggal,sumber,operator\n"
        "32.73.01.1001,,,,,kuat,2026-11-08,Survei dinas,\n"
        ",Jawa Barat,Kota Bandung,Sukasari,Gegerkalong,sedang,8 November 2026,Survei dinas,Telkomsel\n"
    ),
    ListKind.SURVEY: (
        "provinsi,kabupaten,kecamatan,desa,sinyal,tanggal\n"
        "JAWA BARAT,KOTA BANDUNG,SUKASARI,GEGERKALONG,sangat kuat,2024-06-30\n"
        "JAWA BARAT,BANDUNG,CIWIDEY,CIWIDEY,lemah,2024-06-30\n"
    ),
    ListKind.TILES: (
        "quadkey,avg_d_kbps,avg_u_kbps,avg_lat_ms,tests,devices\n3100112000013202,21500,9800,32,14,6\n"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Stated:
    """A good row: what becomes a StagedLevel."""

    number: int
    region: int
    level: str
    source: str
    stated_on: object
    operator: int | None = None
    download_mbps: Decimal | None = None
    upload_mbps: Decimal | None = None
    latency_ms: int | None = None
    tests: int | None = None

    @property
    def about(self):
        """What no two rows of one list may both say something about."""
        return (self.region, self.source, self.stated_on, self.operator)


def rows(batch, file, places, findings):
    """Each good row as Stated; the others are told to `findings`."""
    kind = ListKind(batch.kind)
    lines = findings.counting(read(file, COLUMNS[kind]))
    if kind == ListKind.TILES:
        return _villages(batch, lines, places, findings)
    return _statements(batch, lines, places, findings)


def _statements(batch, lines, places, findings):
    operators = {name.casefold(): key for key, name in Operator.objects.values_list("pk", "name")}
    first = {}
    for row in lines:
        with findings.noting(row):
            stated = _statement(batch, row, places, operators)
            before = first.setdefault(stated.about, row.number)
            if before != row.number:
                sentence = _("Row %(number)s speaks of the same region, date and source.")
                raise RowFault("", sentence % {"number": before})
            yield stated


def _statement(batch, row, places, operators):
    values = row.values
    return Stated(
        row.number,
        _region(values, places),
        _level(batch.kind, values["level"]),
        values["source"][:LONGEST_SOURCE] or batch.source,
        _day(values["day"], batch),
        _operator(values["operator"], operators),
    )


def _region(values, places):
    if values.get("code"):
        return places.by_code(values["code"])
    return places.by_names([values[tier] for tier in TIERS])


def _level(kind, text):
    known = CLASSES if kind == ListKind.SURVEY else LEVELS
    word = " ".join(text.casefold().replace("-", " ").split())
    level = known.get(word) or known.get(word.removeprefix("sinyal ").removeprefix("signal "))
    if level:
        return level
    names = ", ".join(list(known)[:5])
    if not text:
        raise RowFault("level", _("The level is empty. Known are: %(names)s.") % {"names": names})
    raise RowFault("level", _("“%(text)s” is no level. Known are: %(names)s.") % {"text": text[:40], "names": names})


def _day(text, batch):
    day = as_date(text) if text else batch.stated_on
    if day is None:
        if not text:
            raise RowFault("day", _("The row has no date, and none was given for the whole list."))
        sentence = _("“%(text)s” is no date. Write 2026-11-08, 8/11/2026 or 8 November 2026.")
        raise RowFault("day", sentence % {"text": text[:40]})
    if not EARLIEST.date() <= day <= timezone.localdate():
        raise RowFault("day", _("%(day)s is before 2015 or in the future.") % {"day": date_format(day)})
    return day


def _operator(text, operators):
    if not text:
        return None
    key = operators.get(text.casefold())
    if key is None:
        raise RowFault("operator", _("No operator is called “%(text)s”.") % {"text": text[:40]})
    return key


class Tally:
    """The tiles of one village, each counted as often as it was tested."""

    def __init__(self, number):
        self.number, self.tests, self.down, self.up, self.latency = number, 0, 0, 0, 0

    def add(self, tests, down, up, latency):
        self.tests += tests
        self.down += tests * down
        self.up += tests * up
        self.latency += tests * latency

    def figures(self):
        """The average of all tests, in the units of a measurement."""
        mbps = [round(Decimal(total) / self.tests / 1000, 3) for total in (self.down, self.up)]
        return dict(zip(("download_mbps", "upload_mbps"), mbps, strict=True)) | {
            "latency_ms": round(self.latency / self.tests)
        }


def _villages(batch, lines, places, findings):
    """One Stated a village from all its tiles; jitter and loss are not in this data, so three figures decide."""
    tallies = {}
    for row in lines:
        with findings.noting(row):
            village = places.nearest(*middle(row.values["quadkey"]))
            figures = [_number(row, *limits) for limits in TILE_FIGURES]
            tallies.setdefault(village, Tally(row.number)).add(*figures)
    thresholds = Threshold.objects.best_first()
    for village, tally in tallies.items():
        figures = tally.figures()
        level = classify(figures, thresholds)
        yield Stated(tally.number, village, level, batch.source, batch.stated_on, tests=tally.tests, **figures)


TILE_FIGURES = (("tests", 1, MOST_TESTS), ("down", 0, MOST_KBPS), ("up", 0, MOST_KBPS), ("latency", 0, MOST_MS))


def _number(row, name, least, most):
    text = row.values[name]
    try:
        number = int(Decimal(text.replace(",", ".")))
    except (InvalidOperation, OverflowError, ValueError):
        number = None
    if number is None or not least <= number <= most:
        raise RowFault(name, _("“%(text)s” is no number that can be used here.") % {"text": text[:40]})
    return number


def middle(quadkey):
    """Latitude and longitude of the middle of the tile that Bing calls by this key. Raises RowFault."""
    if len(quadkey) not in ZOOMS or not set(quadkey) <= set("0123"):
        raise RowFault("quadkey", _("“%(text)s” is no quadkey of a tile.") % {"text": quadkey[:40]})
    x = y = 0
    for digit in map(int, quadkey):
        x, y = 2 * x + (digit & 1), 2 * y + (digit >> 1)
    across = 2 ** len(quadkey)
    return degrees(atan(sinh(pi * (1 - 2 * (y + 0.5) / across)))), (x + 0.5) / across * 360 - 180
