"""What the public pages show of a region, or of the country for None."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from coordination.dashboards.keeping import COUNTRY, figures_of
from coordination.dashboards.public.merging import Number, merged, merged_kinds
from coordination.dashboards.queries import SHORTEST_SEARCH, network_of
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import RegionLevel
from coordination.obstacles.choices import ObstacleKind
from coordination.obstacles.models import Obstacle
from coordination.regions.models import Level, Region

FOUND, LONGEST_SEARCH = 20, 100


@dataclass(frozen=True)
class Standing:
    """Obstacles of the network that stand: how many, and [(kind in words, number)] of the frequent kinds.

    `others` are those of all other kinds together, 0 where no kinds are told.
    """

    number: Number
    kinds: list
    others: int


@dataclass(frozen=True)
class PublicPage:
    region: Region | None
    above: list
    network: RegionLevel | None
    villages: int  # that exist
    shares: list  # (level in words, villages, percent), with a last one for those without a level
    parts: list  # the regions directly below, each with `shown`, its level or None
    obstacles: Standing


def find(code):
    """The region that bears or bore this code. Raises Region.DoesNotExist."""
    return Region.objects.select_related("parent__parent__parent").resolve(code)


def search(text):
    """(regions, whether more fit): at most FOUND of today's by name or code; none for less than two signs."""
    text = text.replace("\x00", " ").strip()[:LONGEST_SEARCH]
    if len(text) < SHORTEST_SEARCH:
        return [], False
    found = list(Region.objects.current().search(text)[: FOUND + 1])
    return found[:FOUND], len(found) > FOUND


def page_of(region):
    """The PublicPage of a region, or of the country for None."""
    network = network_of(region) if region else None
    villages = _villages(region, network)
    return PublicPage(
        region=region,
        above=_above(region),
        network=network,
        villages=villages,
        shares=_shares(region, network, villages),
        parts=_parts(region),
        obstacles=standing(region),
    )


def standing(region):
    """The Standing of a region, or of the country for None. Of regencies alone kinds are told (merging.py)."""
    if region and region.level > Level.REGENCY:
        rows = Obstacle.objects.standing().of_the_network().filter(region__path__startswith=region.path)
        return Standing(merged(rows.count()), [], 0)
    figures = figures_of(region.path if region else COUNTRY).figures
    number = sum(counts[0] for counts in figures["below"].values())
    if region is None or region.level < Level.REGENCY:
        return Standing(merged(number), [], 0)
    kinds = {kind: n for kind, n in figures["obstacles"]["kinds"].items() if kind not in ObstacleKind.NOT_NETWORK}
    # Two counts of different moments could be subtracted from each other.
    told, others = merged_kinds(kinds) if sum(kinds.values()) == number else ({}, 0)
    told = sorted(told.items(), key=lambda each: (-each[1], each[0]))
    return Standing(merged(number), [(ObstacleKind(kind).label, n) for kind, n in told], others)


def source_of(network):
    """Where a RegionLevel comes from, in words: the name of a list, or that offices measured; never who did."""
    if network.is_derived:
        return ""
    return network.stated.source if network.stated else _("Measurement or experience, recorded by offices")


def day_of(network, region):
    """The day of what a RegionLevel follows from, in the region's own zone; of several the newest."""
    if network.stated:
        return network.stated.stated_on
    moment = network.assessment.measured_at if network.assessment else network.newest_at
    return moment.astimezone(ZoneInfo(region.time_zone)).date()


def _above(region):
    """Province, regency and district above the region, the widest first."""
    above, place = [], region and region.parent
    while place:
        above.insert(0, place)
        place = place.parent
    return above


def _villages(region, network):
    if network:
        return network.villages
    villages = Region.objects.current().filter(level=Level.VILLAGE, path__startswith=region.path if region else "")
    return villages.aggregate(number=Count("pk"))["number"]


def _shares(region, network, villages):
    if region is None:
        provinces = RegionLevel.objects.filter(region__level=Level.PROVINCE, region__valid_to=None)
        sums = provinces.aggregate(**{level.value: Sum(level.value, default=0) for level in NetworkLevel})
    elif region.level == Level.VILLAGE:
        return []
    else:
        sums = {level.value: number for level, number in network.counts.items()} if network else {}
    known = sum(sums.values())
    rows = [(level.label, sums[level.value]) for level in NetworkLevel if sums.get(level.value)]
    if villages > known:
        rows.append((_("Not measured yet"), villages - known))
    return [(words, number, 100 * number / max(villages, known)) for words, number in rows]


def _parts(region):
    below = Region.objects.current().filter(parent=region)
    if region is None:
        below = below.filter(level=Level.PROVINCE)
    level = RegionLevel.objects.filter(region=OuterRef("pk")).values("level")
    return list(below.annotate(shown=Subquery(level)).order_by("path").only("code", "name", "level"))
