"""What a row of a schedule says: what is planned where and when, by which method, and for whom."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.batches.faults import RowFault
from coordination.batches.places import NAMES, TIERS, Places
from coordination.campaigns.choices import Need, Platform
from coordination.campaigns.models import CampaignActivity, CampaignMethod, CandidatePair
from coordination.campaigns.planning import Rulebook, may_register
from coordination.campaigns.stages import dated_elections
from coordination.campaigns.validators import validate_times
from coordination.common.fields import GROUPED
from coordination.common.tables import Column, UnreadableTable, as_date, plain, read, weekday
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.regions.models import Level, Region, TimeZone

MOST_ROWS = 200_000
MOST_PEOPLE = 10_000_000
SHOWN = 60

COLUMNS = (
    Column("code", ("kode", "kode wilayah", "kode kemendagri"), required=False),
    *NAMES,
    Column("place", ("tempat", "lokasi", "tempat kegiatan", "tempat pelaksanaan", "alamat"), required=False),
    Column("method", ("metode", "metode kampanye", "jenis kegiatan", "bentuk kegiatan", "bentuk kampanye")),
    Column("platform", ("platform", "aplikasi", "media daring"), required=False),
    Column("need", ("kebutuhan", "kebutuhan jaringan"), required=False),
    Column(
        "day",
        ("tanggal", "hari/tanggal", "hari, tanggal", "hari dan tanggal", "tgl", "tanggal pelaksanaan", "tanggal mulai"),
    ),
    Column("last_day", ("tanggal selesai", "sampai tanggal"), required=False),
    Column("hours", ("waktu", "jam", "pukul", "waktu pelaksanaan", "jam pelaksanaan"), required=False),
    Column("begin", ("mulai", "jam mulai", "waktu mulai", "pukul mulai"), required=False),
    Column("end", ("selesai", "jam selesai", "waktu selesai", "pukul selesai"), required=False),
    Column(
        "participants", ("peserta", "jumlah peserta", "perkiraan peserta", "perkiraan jumlah peserta"), required=False
    ),
    Column("sttp_number", ("sttp", "nomor sttp", "no sttp", "no. sttp"), required=False),
    Column(
        "pair",
        ("paslon", "nomor paslon", "no paslon", "pasangan calon", "nomor urut", "no urut", "nomor urut paslon"),
        required=False,
    ),
)
LABELS = {
    "code": gettext_lazy("Code"), "province": gettext_lazy("Province"), "regency": gettext_lazy("Regency/city"),
    "district": gettext_lazy("District"), "village": gettext_lazy("Village"), "place": gettext_lazy("Place"),
    "method": gettext_lazy("Method"), "platform": gettext_lazy("Platform"),
    "need": gettext_lazy("What the network must do there"), "day": gettext_lazy("Date"),
    "last_day": gettext_lazy("Last day"), "hours": gettext_lazy("Hours"), "begin": gettext_lazy("Starts"),
    "end": gettext_lazy("Ends"), "participants": gettext_lazy("Expected participants"),
    "sttp_number": gettext_lazy("STTP number"), "pair": pgettext_lazy("noun", "Candidate pair"),
}  # fmt: skip
HEADER = (
    "kode", "provinsi", "kabupaten", "kecamatan", "desa", "tempat", "metode", "platform", "kebutuhan", "tanggal",
    "waktu", "peserta", "sttp", "paslon",
)  # fmt: skip
SAMPLE = (
    ("32.73.01.1001", "", "", "", "", "Gedung serbaguna (contoh)", "Pertemuan terbatas", "Zoom", "", "2024-11-11",
     "09.00 - 11.00", "40", "STTP/1/CONTOH/2024", ""),
    ("", "Jawa Barat", "Kab. Bandung", "Ciwidey", "Ciwidey", "Balai desa (contoh)", "Pertemuan tatap muka dan dialog",
     "YouTube Live", "Siaran langsung", "Selasa, 12 November 2024", "pukul 13.00 s.d. 15.00 WIB", "50", "", ""),
)  # fmt: skip

PLATFORMS = {
    "zoom meeting": Platform.ZOOM, "meet": Platform.MEET, "gmeet": Platform.MEET, "g meet": Platform.MEET,
    "youtube": Platform.YOUTUBE, "facebook": Platform.FACEBOOK, "fb": Platform.FACEBOOK, "fb live": Platform.FACEBOOK,
    "instagram": Platform.INSTAGRAM, "ig": Platform.INSTAGRAM, "ig live": Platform.INSTAGRAM, "tiktok": Platform.TIKTOK,
    "wa": Platform.WHATSAPP, "lainnya": Platform.OTHER, "lain": Platform.OTHER, "": Platform.NONE, "-": Platform.NONE,
    "tidak ada": Platform.NONE, "luring": Platform.NONE, "offline": Platform.NONE, "tatap muka": Platform.NONE,
}  # fmt: skip
# What the network must do where the list does not say it: who meets over it is one of those who speak.
NEEDS = {
    Platform.ZOOM: Need.HOST, Platform.MEET: Need.HOST, Platform.WHATSAPP: Need.JOIN, Platform.OTHER: Need.JOIN,
    Platform.NONE: Need.NONE,
}  # fmt: skip
NEED_WORDS = {
    "menyelenggarakan pertemuan virtual": Need.HOST, "menyelenggarakan": Need.HOST, "tuan rumah": Need.HOST,
    "mengikuti pertemuan virtual": Need.JOIN, "mengikuti": Need.JOIN, "siaran langsung": Need.STREAM,
    "siaran": Need.STREAM, "live": Need.STREAM, "streaming": Need.STREAM, "menonton": Need.WATCH, "nobar": Need.WATCH,
    "tidak ada": Need.NONE, "-": Need.NONE,
}  # fmt: skip

HOUR = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?(?:[.:]\d{2})?", re.ASCII)
HOUR_WORDS = re.compile(r"\b(?:pukul|pkl|jam)\b\.?|\b(wib|wita|wit)\b")
BETWEEN = re.compile(r"\s*(?:[-–—]|\bs\s*[./]?\s*d\b\.?|\bsampai(?:\s+dengan)?\b|\bhingga\b)\s*")
WITHOUT_END = re.compile(r"\b(?:selesai|sls|selanjutnya|rampung)\b")
PEOPLE = re.compile(r"(\d[\d.]*)\s*(?:orang|peserta|jiwa)?", re.ASCII | re.IGNORECASE)
PAIR = re.compile(
    r"(?:(gubernur|pilgub|bupati|pilbup|wali\s?kota|pilwalkot|pilwako)\s*)?"
    r"(?:paslon|pasangan calon)?\s*(?:nomor|no\.?)?\s*(?:urut)?\s*(\d{1,3})",
    re.ASCII | re.IGNORECASE,
)
NO_PAIR = {"", "-", "–", "semua", "semua paslon", "tidak ada"}


def sample_csv():
    out = io.StringIO()
    csv.writer(out).writerows((HEADER, *SAMPLE))
    return out.getvalue()


def sample_xlsx():
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (HEADER, *SAMPLE):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Planned:
    """A good row: what becomes a StagedActivity."""

    number: int
    office: int
    activity: CampaignActivity


class Schedule:
    """Reads the rows of a schedule for its sender; what they refer to is asked for once a list."""

    def __init__(self, official):
        self._places = Places(Jurisdiction.of(official))
        self._official, self._elections = official, {}
        self._rules, self._methods, self._words = Rulebook(), Methods(), Words()

    def rows(self, file, findings):
        """Each good row as Planned; the others are told to `findings`. Raises UnreadableTable."""
        for row in findings.counting(read(file, COLUMNS)):
            if findings.rows > MOST_ROWS:
                raise UnreadableTable(_("The schedule has more than 200,000 rows. Send it in several parts."))
            with findings.noting(row):
                yield self._planned(row)

    def _planned(self, row):
        values = row.values
        region, zone = self._region(values)
        activity = CampaignActivity(region=region, **_texts(values), **self._words.online(values))
        activity.starts_at, activity.ends_at = moments(values, zone)
        activity.election = self._election(region, activity.starts_at.date())
        activity.method = self._methods.called(values["method"])
        refusal = self._rules.refusal(activity)
        if refusal:
            raise RowFault("method" if refusal.about_method else "day", refusal.sentence)
        activity.candidate_pair_id = self._pair(values["pair"], region, activity.election)
        return Planned(row.number, self._office_of(region), activity)

    def _region(self, values):
        """A region with its key, path and zone, without a query; and its clock."""
        if values["code"]:
            key = self._places.by_code(values["code"])
        else:
            key = self._places.by_names([values[tier] for tier in TIERS])
        region = Region(pk=key, path=self._places.path(key))
        if region.regency_path not in self._zones:
            raise RowFault("regency", _("Choose a regency, district or village."))
        region.time_zone = self._zones[region.regency_path]
        return region, ZoneInfo(region.time_zone)

    @cached_property
    def _zones(self):
        """The zone of each regency, which all below it share."""
        return dict(Region.objects.filter(level=Level.REGENCY).values_list("path", "time_zone"))

    def _election(self, region, day):
        """The election of the day, as stages.current_election finds it."""
        regency = region.regency_path
        if regency not in self._elections:
            self._elections[regency] = list(dated_elections(Region(path=regency)))
        election = next((election for election in self._elections[regency] if election.ends >= day), None)
        if election is None:
            raise RowFault("day", _("No election is entered for this region at that time."))
        return election

    def _office_of(self, region):
        """The office whose activity it is: the sender's; of an admin's list the election office of the regency."""
        if may_register(self._official):
            return self._official.office_id
        office = self._offices.get(region.regency_path)
        if office is None:
            raise RowFault("regency", _("No KPU office of this regency or city serves now, so it would be nobody's."))
        return office

    @cached_property
    def _offices(self):
        serving = Office.objects.serving().filter(kind=Kind.KPU, region__level=Level.REGENCY)
        return dict(serving.values_list("region__path", "pk"))

    def _pair(self, text, region, election):
        if text.casefold() in NO_PAIR:
            return None
        found = PAIR.fullmatch(" ".join(text.split()))
        if not found:
            sentence = _("“%(text)s” is no number of a pair. Write its number alone, or “gubernur 1”, “bupati 1”.")
            raise RowFault("pair", sentence % {"text": text[:SHOWN]})
        paths = {region.regency_path, region.regency_path[:3]}
        if found[1]:
            paths = {region.regency_path[:3] if "gub" in found[1].casefold() else region.regency_path}
        keys = [self._pairs[place] for path in paths if (place := (election.pk, path, int(found[2]))) in self._pairs]
        if len(keys) == 1:
            return keys[0]
        sentence = _("Pairs of that number stand for governor and here: write “gubernur 1”, or “bupati 1”.")
        if not keys:
            sentence = _("No pair of the number %(number)s stands here in this election.") % {"number": found[2]}
        raise RowFault("pair", sentence)

    @cached_property
    def _pairs(self):
        """{(election, path of the contest's region, number): key} of the pairs that the sender may know."""
        known = CandidatePair.objects.visible_to(self._official)
        rows = known.values_list("contest__election", "contest__region__path", "number", "pk")
        return {(election, path, number): key for election, path, number, key in rows}


class Methods:
    """Campaign methods by whatever they are called; which of them an election knows, its rules say."""

    def __init__(self):
        self._methods = list(CampaignMethod.objects.all())
        self._known = {}
        for method in self._methods:
            for name in (method.name, method.slug):
                self._known[plain(name)] = method

    def called(self, text):
        """The method of this name, short name, or part of one name. Raises RowFault."""
        name = plain(text)
        if name not in self._known:
            found = [method for method in self._methods if len(name) > 3 and name in plain(method.name)]
            if len(found) != 1:
                raise RowFault("method", self._unknown(text))
            self._known[name] = found[0]
        return self._known[name]

    def _unknown(self, text):
        names = ", ".join(method.name for method in self._methods)
        if not text:
            return _("The method is empty. Known are: %(names)s.") % {"names": names}
        return _("“%(text)s” is no campaign method. Known are: %(names)s.") % {"text": text[:SHOWN], "names": names}


def _texts(values):
    texts = {"place": " ".join(values["place"].split()), "sttp_number": " ".join(values["sttp_number"].split())}
    for name, text in texts.items():
        most = CampaignActivity._meta.get_field(name).max_length
        if len(text) > most:
            raise RowFault(name, _("This is longer than %(most)s characters.") % {"most": most})
    return texts | {"participants": people(values["participants"])}


def people(text):
    """How many: 40, 1.200, “50 orang”; None for nothing. Raises RowFault."""
    if text in ("", "-"):
        return None
    found = PEOPLE.fullmatch(text)
    digits = found[1] if found else ""
    if GROUPED.fullmatch(digits):
        digits = digits.replace(".", "")
    if not digits.isdecimal() or len(digits) > len(str(MOST_PEOPLE)) or int(digits) > MOST_PEOPLE:
        raise RowFault("participants", _("“%(text)s” is no number of people.") % {"text": text[:SHOWN]})
    return int(digits)


class Words:
    """The platforms and needs by the words that the portal and people have for them."""

    def __init__(self):
        self._platforms = _by_word(Platform, PLATFORMS)
        self._needs = _by_word(Need, NEED_WORDS)

    def online(self, values):
        """{"platform": …, "need": …} of a row; where it names no need, the usual one. Raises RowFault."""
        platform = _named(values["platform"], "platform", Platform, self._platforms)
        if values["need"]:
            return {"platform": platform, "need": _named(values["need"], "need", Need, self._needs)}
        return {"platform": platform, "need": NEEDS.get(platform, Need.STREAM)}


def _by_word(choices, words):
    labels = {plain(str(choice.label)): choice for choice in choices}
    return labels | {choice.value: choice for choice in choices} | words


def _named(text, column, choices, words):
    found = words.get(plain(text))
    if found is None:
        names = ", ".join(str(choice.label) for choice in choices)
        sentence = _("“%(text)s” is not known here. Known are: %(names)s.")
        raise RowFault(column, sentence % {"text": text[:SHOWN], "names": names})
    return found


def moments(values, zone):
    """When it starts and ends, on the clock of its region. Raises RowFault."""
    first = day_of(values["day"], "day")
    last = day_of(values["last_day"], "last_day") if values["last_day"] else first
    begin, end = _hours(values, zone)
    starts_at, ends_at = (datetime.combine(day, hour, zone) for day, hour in ((first, begin), (last, end)))
    try:
        validate_times(starts_at, ends_at)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise RowFault("day" if name == "starts_at" else "hours", sentences[0]) from error
    return starts_at, ends_at


def day_of(text, column):
    """The date as people write it, the day before the month. Raises RowFault, also where the weekday is another's."""
    if not text:
        raise RowFault(column, _("The date is empty."))
    day = as_date(text, short_years=True)
    if day is None:
        sentence = _("“%(text)s” is no date. Write 2020-11-23, 23/11/2020 or Senin, 23 November 2020.")
        raise RowFault(column, sentence % {"text": text[:SHOWN]})
    named = weekday(text)
    if named is not None and named != day.weekday():
        words = {"day": date_format(day), "right": WEEKDAYS[day.weekday()], "named": WEEKDAYS[named]}
        raise RowFault(column, _("%(day)s is a %(right)s, not a %(named)s. Correct one of them.") % words)
    return day


def _hours(values, zone):
    if values["hours"]:
        return hours(values["hours"], zone)
    if values["begin"] or values["end"]:
        return hours(f"{values['begin']} - {values['end']}", zone)
    raise RowFault("hours", _("The row has no hours. Write them as 09.00 - 11.00."))


def hours(text, zone):
    """(begin, end) of “09.00 - 11.00 WIB” or “pukul 9 s.d. 11”. Raises RowFault, also for the clock of another zone."""
    words = {"text": text[:SHOWN]}
    plain_text = text.casefold()
    if WITHOUT_END.search(plain_text):
        raise RowFault(
            "hours", _("“%(text)s” does not say when it ends. Write the hour in place of “selesai”.") % words
        )
    _refuse_other_zone(plain_text, zone)
    found = [_hour(part) for part in BETWEEN.split(HOUR_WORDS.sub(" ", plain_text).strip())]
    if not found or None in found or len(found) > 2:
        raise RowFault("hours", _("“%(text)s” are no hours. Write them as 09.00 - 11.00.") % words)
    if len(found) == 1:
        raise RowFault("hours", _("“%(text)s” says only one hour. Write when it starts and ends.") % words)
    return found


def _refuse_other_zone(text, zone):
    own = TimeZone(zone.key).label
    for named in {word.upper() for word in HOUR_WORDS.findall(text) if word} - {own}:
        words = {"own": own, "named": named}
        raise RowFault("hours", _("The clocks there show %(own)s, the row says %(named)s. Write %(own)s.") % words)


def _hour(text):
    found = HOUR.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
