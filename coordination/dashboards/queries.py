"""What the pages about regions show, each read within the reader's jurisdiction."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import (
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.utils import timezone

from coordination.common.paging import page
from coordination.networks.models import OLD_AFTER, Assessment, RegionLevel, StatedLevel
from coordination.obstacles.models import Obstacle
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office, Official
from coordination.regions.models import Level, Region
from coordination.requests.models import CoordinationRequest

SHORTEST_SEARCH = 2
SUGGESTED, FOUND, CHILDREN = 10, 50, 50
NEWEST = 5
MOST_SOURCES, LOOKED_THROUGH = 10, 100
# Beyond this nobody reads the exact number, and counting on would make the page slower with every row.
COUNTED = 1000


class Number(Subquery):
    """How many rows a queryset has, read along with other rows instead of in a query of its own."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Standing:
    """The newest rows of a kind and how many there are; at COUNTED the counting stopped."""

    rows: list
    number: int
    more: bool

    @classmethod
    def of(cls, queryset):
        number = Number(queryset.order_by().values("pk")[: COUNTED + 1])
        rows = list(queryset.annotate(in_all=number).order_by("-created_at", "-pk")[:NEWEST])
        number = rows[0].in_all if rows else 0
        return cls(rows, min(number, COUNTED), number > COUNTED)


class Source(NamedTuple):
    """What one source stated of a region; `key` is that of a measurement."""

    level: str
    at: datetime
    source: str
    operator: str | None
    key: UUID | None

    @property
    def is_old(self):
        return timezone.now() - self.at > OLD_AFTER


@dataclass(frozen=True)
class RegionPage:
    region: Region
    above: list
    also_known: list  # earlier codes and other names: text, valid_from, valid_to, told (the law that changed a code)
    network: RegionLevel | None  # the level that is shown; with `villages`, how many there are below
    others: list  # what other sources state beside the one that decides: a Source each, the newest first
    children: object  # a common.paging.Page
    obstacles: Standing
    requests: Standing
    offices: list

    @property
    def shares(self):
        """(level, villages, percent) for each level that a village below shows, and None for those without one."""
        if not self.network or self.region.level == Level.VILLAGE:
            return []
        counts = {level: number for level, number in self.network.counts.items() if number}
        known, all_of_them = sum(counts.values()), self.network.villages
        rest = {None: all_of_them - known} if all_of_them > known else {}
        return [(level, number, 100 * number / max(all_of_them, known)) for level, number in (counts | rest).items()]

    @property
    def nobody_answers(self):
        """Whether requests from here pass the region's own ICT office over."""
        return not any(office.kind == Kind.KOMINFO and office.is_staffed for office in self.offices)

    @property
    def on_red_list(self):
        """Whether there is an ICT office in which nobody active can act."""
        return any(office.kind == Kind.KOMINFO and not office.is_staffed for office in self.offices)


def known_regions(user):
    """The regions that exist today within the user's jurisdiction."""
    return Jurisdiction.of(user).regions(Region.objects.current())


def search(user, text, most):
    """At most `most` regions within the jurisdiction that fit a name or a code; none for less than two characters."""
    text = text.replace("\x00", " ").strip()[:100]
    if len(text) < SHORTEST_SEARCH:
        return []
    return list(known_regions(user).search(text)[:most])


def children_of(region, cursor=""):
    """A page of the regions directly below; the provinces below None, which stands for the country."""
    below = Region.objects.current().filter(parent=region)
    if region is None:
        below = below.filter(level=Level.PROVINCE)
    return page(below, "path", descending=False, cursor=cursor, size=CHILDREN)


def find(user, code):
    """The region that bears or bore this code, within the jurisdiction. Raises Region.DoesNotExist outside it."""
    # With the chain of its parents, which the page shows.
    region = Region.objects.select_related("parent__parent__parent").resolve(code)
    if not Jurisdiction.of(user).covers(region):
        raise Region.DoesNotExist
    return region


def region_page(user, region, cursor=""):
    """All that the page of a region shows to this user, in a fixed number of queries."""
    here = {"region__path__startswith": region.path}
    obstacles = Obstacle.objects.visible_to(user).standing().filter(**here).select_related("region", "office")
    requests = CoordinationRequest.objects.visible_to(user).open().filter(**here)
    network = network_of(region)
    return RegionPage(
        region=region,
        above=_above(user, region),
        also_known=_also_known(region),
        network=network,
        others=_others(user, region, network),
        children=children_of(region, cursor),
        obstacles=Standing.of(obstacles),
        requests=Standing.of(requests.select_related("region", "filing_office", "person_in_charge")),
        offices=_offices(user, region),
    )


def network_of(region):
    """The RegionLevel that a region shows, with `villages`, how many there are below; None for none."""
    villages = Region.objects.current().filter(path__startswith=region.path, level=Level.VILLAGE)
    found = RegionLevel.objects.filter(region=region).select_related("assessment__operator", "stated__operator")
    return found.annotate(villages=Number(villages.order_by().values("pk"))).first()


def _others(user, region, network):
    """The newest row of each source but the one that decides, measurements being one; all in one query."""
    if network is None or network.is_derived:
        return []
    columns = ("level", "at", "source", "operator__name", "of")
    unknown = Value(None, output_field=UUIDField())
    stated = StatedLevel.objects.filter(region=region, superseded_by=None).exclude(pk=network.stated_id)
    stated = stated.annotate(at=Cast("stated_on", DateTimeField()), of=unknown).values_list(*columns)
    measured = Assessment.objects.none()
    if not network.assessment_id:
        measured = Assessment.objects.visible_to(user).classed().filter(region=region)
    measured = measured.annotate(at=F("measured_at"), of=F("key")).values_list(*columns)
    newest = {}
    for row in map(Source._make, stated.union(measured, all=True).order_by("-at")[:LOOKED_THROUGH]):
        newest.setdefault("" if row.key else row.source, row)
    decides = network.stated.source if network.stated else ""
    return [row for name, row in newest.items() if name != decides or row.key][:MOST_SOURCES]


def _above(user, region):
    """Province, regency and district above the region, the widest first; `is_open` where the user may go there."""
    above, place = [], region.parent
    while place:
        place.is_open = Jurisdiction.of(user).covers(place)
        above.insert(0, place)
        place = place.parent
    return above


def _also_known(region):
    """Both in one query: few regions have any, and every page of a region asks."""
    codes = region.earlier_codes.annotate(text=F("code"), told=F("source")).values(
        "text", "valid_from", "valid_to", "told"
    )
    unknown = Value(None, output_field=DateField())
    names = region.other_names.annotate(text=F("name"), valid_from=unknown, told=Value(""))
    return list(codes.union(names.values("text", "valid_from", "valid_to", "told")).order_by("valid_to", "text"))


def _offices(user, region):
    """The offices that answer for the region itself: its regency's, or its own if it is a province."""
    acting = Official.objects.acting()
    return list(
        Office.objects.visible_to(user)
        .serving()
        .filter(region__path=region.regency_path)
        .annotate(is_staffed=Exists(acting.filter(office=OuterRef("pk"))))
        # Leads come before officers and these before viewers, in the alphabet too.
        .prefetch_related(Prefetch("officials", Official.objects.active().order_by("role", "name"), to_attr="people"))
        .order_by("-kind", "name")
    )
