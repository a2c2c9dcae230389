"""What the pages about regions show, each read within the reader's jurisdiction."""

from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, Exists, F, OuterRef, Subquery, UUIDField, Value
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from coordination.campaigns.models import CampaignActivity
from coordination.common.paging import page
from coordination.dashboards.nearby import Number, first_of, neighbours_of, number_in
from coordination.forecast.queries import coming, coming_of
from coordination.history.models import Event
from coordination.networks.models import OLD_AFTER, Assessment, RegionLevel, StatedLevel
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.models import Obstacle
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office, Official
from coordination.regions.models import EarlierCode, Level, OtherName, Region
from coordination.requests.models import CoordinationRequest

SHORTEST_SEARCH = 2
SUGGESTED, FOUND, CHILDREN = 10, 50, 50
NEWEST, SHOWN_PEOPLE = 5, 3
MOST_SOURCES, LOOKED_THROUGH = 10, 100
# Beyond this nobody reads the exact number, and counting on would make the page slower with every row.
COUNTED = 1000


@dataclass(frozen=True)
class Standing:
    """The newest rows of a kind and how many there are; at COUNTED the counting stopped."""

    rows: list
    number: int
    more: bool

    @classmethod
    def of(cls, rows):
        """Of rows that bear their number as `in_all`."""
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
    past_obstacles: list  # those that changed last, with `ended_at` and `how`, the words of whoever ended them
    requests: Standing
    activities: list  # the next ones
    forecasts: dict  # {key of the activity: Forecast}
    offices: list
    neighbours: list

    @property
    def shares(self):
        """(level, villages, percent) for each level that a village below shows, and None for those without one."""
        if not self.network or self.region.level == Level.VILLAGE:
            return []
        counts = {level: number for level, number in self.network.counts.items() if number}
        known, all_of_them = sum(counts.values()), self.region.villages
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


def find(user, code, regions=None):
    """The region that bears or bore this code, within the jurisdiction. Raises Region.DoesNotExist outside it."""
    # With the chain of its parents, which the page shows.
    rows = Region.objects.all() if regions is None else regions
    region = rows.select_related("parent__parent__parent").resolve(code)
    if not Jurisdiction.of(user).covers(region):
        raise Region.DoesNotExist
    return region


def described():
    """Regions with all that their page tells of themselves, in the query that finds them."""
    # By parents, since the database uses no index for a beginning that stands in another row.
    ways = ("parent", "parent__parent", "parent__parent__parent")
    villages = Region.objects.current().filter(level=Level.VILLAGE).order_by()
    below = (Number(villages.filter(**{way: OuterRef("pk")}).values("pk")) for way in ways)
    codes, names = (model.objects.filter(region=OuterRef("pk")) for model in (EarlierCode, OtherName))
    told = {"text": "code", "valid_from": "valid_from", "valid_to": "valid_to", "told": "source"}
    return Region.objects.select_related("network__assessment__operator", "network__stated__operator").annotate(
        villages=sum(below, Value(0)),
        codes=ArraySubquery(codes.values(told=JSONObject(**told))),
        names=ArraySubquery(names.values(told=JSONObject(text="name", valid_to="valid_to"))),
    )


def region_page(user, region, cursor=""):
    """All that the page of a region, one of `described`, shows to this user, in a fixed number of queries."""
    network = getattr(region, "network", None)
    standing, past = _obstacles(user, region)
    activities = _activities(user, region)
    return RegionPage(
        region=region,
        above=_above(user, region),
        also_known=_also_known(region),
        network=network,
        others=_others(user, region, network),
        children=children_of(region, cursor),
        obstacles=standing,
        past_obstacles=past,
        requests=_requests(user, region),
        activities=activities,
        forecasts={activity.pk: activity.forecast for activity in activities if hasattr(activity, "forecast")},
        offices=_offices(user, region),
        neighbours=neighbours_of(user, region),
    )


def network_of(region):
    """The RegionLevel that a region shows, with `villages`, how many there are below; None for none."""
    villages = Region.objects.current().filter(path__startswith=region.path, level=Level.VILLAGE)
    found = RegionLevel.objects.filter(region=region).select_related("assessment__operator", "stated__operator")
    return found.annotate(villages=Number(villages.order_by().values("pk"))).first()


def _obstacles(user, region):
    """(Standing, list): the standing obstacles, and those that ended last, all in one query."""
    standing = Obstacle.objects.standing()
    past = Obstacle.objects.exclude(state__in=ObstacleState.STANDING)
    parts = (standing, ("-created_at", "-id")), (past, ("-updated_at", "-id"))
    ends = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Obstacle), subject_id=OuterRef("pk"), verb__in=("clear", "merge")
    ).order_by("-sequence")
    rows = (
        Obstacle.objects.visible_to(user)
        .filter(first_of(region, *parts, most=NEWEST))
        .annotate(
            in_all=number_in(region, standing, COUNTED + 1),
            ended_at=Subquery(ends.values("at")[:1]),
            how=Subquery(ends.values("note")[:1]),
        )
    )
    rows = list(rows.select_related("region", "office"))
    stand = [row for row in rows if row.state in ObstacleState.STANDING]
    stand.sort(key=attrgetter("created_at", "pk"), reverse=True)
    ended = sorted(set(rows).difference(stand), key=attrgetter("updated_at", "pk"), reverse=True)
    return Standing.of(stand), ended


def _requests(user, region):
    # Whoever may open a region may know of every open request in it: only drafts are hidden.
    rows, order = CoordinationRequest.objects.open(), ("-created_at", "-id")
    shown = CoordinationRequest.objects.visible_to(user).filter(first_of(region, (rows, order), most=NEWEST))
    shown = shown.annotate(in_all=number_in(region, rows, COUNTED + 1)).order_by(*order)
    return Standing.of(list(shown.select_related("region", "filing_office", "person_in_charge")))


def _activities(user, region):
    now, order = timezone.now(), ("starts_at", "id")
    rows = coming(user, now)
    if region.level == Level.PROVINCE:  # which the index by time finds soon enough
        shown = rows.filter(region__path__startswith=region.path)
    else:
        shown = rows.filter(first_of(region, (coming_of(CampaignActivity.objects.all(), now), order), most=NEWEST))
    return list(shown.select_related("region", "method", "forecast").order_by(*order)[:NEWEST])


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
    rows = [{"valid_from": None, "told": ""} | row for row in [*region.codes, *region.names]]
    for row in rows:
        for day in ("valid_from", "valid_to"):
            row[day] = row[day] and date.fromisoformat(row[day])
    return sorted(rows, key=lambda row: (row["valid_to"] or date.max, row["text"]))


def _offices(user, region):
    """The offices that answer for the region itself: its regency's, or its own if it is a province."""
    people = Official.objects.filter(office=OuterRef("pk"))
    # Leads come before officers and these before viewers, in the alphabet too.
    shown = people.active().order_by("role", "name").values(told=JSONObject(name="name", position="position"))
    return list(
        Office.objects.visible_to(user)
        .serving()
        .filter(region__path=region.regency_path)
        .annotate(is_staffed=Exists(people.acting()), people=ArraySubquery(shown[:SHOWN_PEOPLE]))
        .order_by("-kind", "name")
    )
