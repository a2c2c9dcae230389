"""What the pages about regions show, each read within the reader's jurisdiction."""

from dataclasses import dataclass

from django.db.models import DateField, Exists, F, IntegerField, OuterRef, Prefetch, Subquery, Value

from coordination.common.paging import page
from coordination.networks.models import Assessment
from coordination.obstacles.models import Obstacle
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office, Official
from coordination.regions.models import Level, Region
from coordination.requests.models import CoordinationRequest

SHORTEST_SEARCH = 2
SUGGESTED, FOUND, CHILDREN = 10, 50, 50
NEWEST = 5
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


@dataclass(frozen=True)
class RegionPage:
    region: Region
    above: list
    also_known: list  # earlier codes and other names: text, valid_from, valid_to, told (the law that changed a code)
    assessment: Assessment | None  # the region's own newest one with a level
    children: object  # a common.paging.Page
    obstacles: Standing
    requests: Standing
    offices: list

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
    return RegionPage(
        region=region,
        above=_above(user, region),
        also_known=_also_known(region),
        assessment=_newest_assessment(user, region),
        children=children_of(region, cursor),
        obstacles=Standing.of(obstacles),
        requests=Standing.of(requests.select_related("region", "filing_office", "person_in_charge")),
        offices=_offices(user, region),
    )


def _newest_assessment(user, region):
    own = Assessment.objects.visible_to(user).classed().filter(region=region)
    return own.select_related("operator", "region").order_by("-measured_at", "-pk").first()


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
