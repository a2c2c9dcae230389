"""The open data: what the public pages say, as CSV and GeoJSON. The names of columns and their words never change with
the language of a reader; what a column means stands in COLUMNS, from which the page of the data is made."""

import csv
import io
import json
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from coordination.dashboards.public.merging import merged
from coordination.dashboards.public.pages import day_of
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import RegionLevel
from coordination.obstacles.models import Obstacle
from coordination.people.spreadsheets import without_formula
from coordination.regions.models import Level, Region, paths_above

# Raised when a column goes away or means something else; a new one comes last and does not raise it.
EDITION = 1
LICENCE = "ODbL-1.0"
# That of the portal's own columns alone.
OWN_LICENCE = "CC-BY-4.0"
TIERS = {
    Level.PROVINCE: "provinsi", Level.REGENCY: "kabupaten/kota", Level.DISTRICT: "kecamatan",
    Level.VILLAGE: "desa/kelurahan",
}  # fmt: skip
LEVELS = {
    NetworkLevel.STRONG: "kuat", NetworkLevel.MEDIUM: "sedang", NetworkLevel.WEAK: "lemah",
    NetworkLevel.NO_SIGNAL: "tanpa sinyal",
}  # fmt: skip
UNKNOWN, MEASURED, DERIVED, DEMONSTRATION = "belum diukur", "pengukuran atau pengalaman", "turunan", "demonstrasi"
# The length of the path of a district, the smallest region of the file of the whole country.
DISTRICT_PATH = 9


class Column(NamedTuple):
    name: str
    meaning: str
    values: str


WHOLE = _("a whole number")
COLUMNS = (
    Column("kode", _("Code of the region by Kemendagri, with dots"), _("text, such as 32.73.01")),
    Column("nama", _("Name of the region"), _("text")),
    Column("tingkat_wilayah", _("What kind of region it is"), ", ".join(TIERS.values())),
    Column("kode_induk", _("Code of the region that it lies in"), _("text; empty for a province")),
    Column("lintang", _("Latitude, WGS 84"), _("degrees; empty where unknown")),
    Column("bujur", _("Longitude, WGS 84"), _("degrees; empty where unknown")),
    Column(
        "jaringan", _("Level of the network by the portal’s own thresholds"), ", ".join([*LEVELS.values(), UNKNOWN])
    ),
    Column(
        "tanggal", _("Day of the newest statement that the level follows from"), _("YYYY-MM-DD; empty without a level")
    ),
    Column(
        "tanggal_terlama",
        _("Day of the oldest one, where the level follows from several villages"),
        _("YYYY-MM-DD or empty"),
    ),
    Column(
        "sumber",
        _("Where the level comes from: the name of a list, offices that measured, or derived from the villages below"),
        f"{MEASURED}, {DERIVED}, …",
    ),
    Column("desa", _("Villages in the region"), WHOLE),
    Column("desa_kuat", _("Villages of them with a strong network"), WHOLE),
    Column("desa_sedang", _("Villages of them with a medium network"), WHOLE),
    Column("desa_lemah", _("Villages of them with a weak network"), WHOLE),
    Column("desa_tanpa_sinyal", _("Villages of them without signal"), WHOLE),
    Column("hambatan_min", _("Standing obstacles of the network, at least"), _("a whole number; 1 stands for 1 to 4")),
    Column("hambatan_maks", _("Standing obstacles of the network, at most"), _("a whole number; 4 stands for 1 to 4")),
    Column(
        "data", _("Whether the row is of a demonstration, in which everything is invented"), _("demonstrasi or empty")
    ),
)
HEADER = [column.name for column in COLUMNS]
TEXTS = [place for place, name in enumerate(HEADER) if name in ("nama", "sumber")]


def country_csv():
    """Provinces, regencies and districts as CSV, UTF-8."""
    return _csv(_rows(Region.objects.current().filter(level__lt=Level.VILLAGE), length=DISTRICT_PATH))


def province_csv(province):
    """A province and everything in it down to the villages as CSV, UTF-8."""
    return _csv(_rows(Region.objects.current().filter(path__startswith=province.path), path=province.path))


def regencies_geojson():
    """Regencies and cities as points (RFC 7946), with the columns of the CSV as properties."""
    rows = _rows(Region.objects.current().filter(level=Level.REGENCY), length=DISTRICT_PATH)
    collection = {
        "type": "FeatureCollection", "edition": EDITION, "licence": LICENCE,
        "features": [_feature(dict(zip(HEADER, row, strict=True))) for row in rows],
    }  # fmt: skip
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(values):
    latitude, longitude = values.pop("lintang"), values.pop("bujur")
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    unknown = latitude is None or longitude is None
    return {"type": "Feature", "id": values["kode"], "geometry": None if unknown else point, "properties": values}


def _csv(rows):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for row in rows:
        for place in TEXTS:
            row[place] = without_formula(row[place])
        writer.writerow(row)
    return text.getvalue().encode()


def _rows(regions, *, path="", length=None):
    """A list of values by COLUMNS for each region; counted are the villages and obstacles below `path`."""
    villages = Region.objects.current().filter(level=Level.VILLAGE, path__startswith=path)
    villages = _summed(villages, "path", length)
    obstacles = Obstacle.objects.standing().of_the_network().filter(region__path__startswith=path)
    obstacles = _summed(obstacles, "region__path", length)
    regions = regions.select_related("parent", "network__assessment", "network__stated").order_by("path")
    # Whole rows of regions would bring the words of their search along.
    regions = regions.defer("search", "parent__search", "full_name", "parent__full_name")
    for region in regions:
        yield _row(region, villages.get(region.path, 0), merged(obstacles.get(region.path, 0)))


def _row(region, villages, obstacles):
    network = getattr(region, "network", None)
    counts = network.counts.values() if network else (0,) * len(LEVELS)
    return [
        region.code, region.name, TIERS[region.level], region.parent.code if region.parent else "",
        region.latitude, region.longitude, *_level(network, region), villages, *counts, *obstacles,
        DEMONSTRATION if settings.DEMO else "",
    ]  # fmt: skip


def _level(network, region):
    """jaringan, tanggal, tanggal_terlama, sumber"""
    if network is None:
        return UNKNOWN, "", "", ""
    day, oldest = day_of(network, region).isoformat(), ""
    source = network.stated.source if network.stated else MEASURED
    if network.is_derived:
        source, oldest = DERIVED, day_of(RegionLevel(newest_at=network.oldest_at), region).isoformat()
    return LEVELS[network.level], day, oldest, source


def _summed(rows, path, length):
    """{path: how many of the rows lie there or below}, by paths cut to `length`."""
    place = Left(path, length) if length else path
    sums = {}
    for found, number in rows.order_by().values_list(place).annotate(number=Count("pk")):
        for above in (found, *paths_above(found)):
            sums[above] = sums.get(above, 0) + number
    return sums
