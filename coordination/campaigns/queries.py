"""Reads that need elections and regions together."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum, TextField, Value
from django.db.models.functions import Concat, Left

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity, CandidatePair, Contest
from coordination.networks.models import PlannedOutage, RegionLevel
from coordination.regions.models import EarlierCode, Level, Region

# The length of the paths one step below the country, a province, a regency, a district.
PATHS = (3, 6, 9, 14)
MOST_ROWS = 300


def voting_regencies(election):
    """The regencies and cities in which a vote was held: for their own head, or for the governor of their province.

    The province is the one they lay in on voting day: regencies that a later law moved to a new province still voted
    for the governor of the old one, and those that came from elsewhere did not.
    """
    day = election.voting_date
    code_then = EarlierCode.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), region=OuterRef("pk"), valid_to__gte=day
    )
    contests = Contest.objects.filter(election=election)
    for_governor = Q(pk__in=[])
    for province in contests.filter(region__level=Level.PROVINCE).select_related("region"):
        there_then = Exists(code_then.filter(code__startswith=province.region.path))
        for_governor |= Q(there_then) | Q(path__startswith=province.region.path) & ~Exists(code_then)
    existed = Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    own = Exists(contests.filter(region=OuterRef("pk")))
    return Region.objects.filter(Q(own) | for_governor, *existed, level=Level.REGENCY)


def pair_names(user):
    """The pair that an activity is for as a column, "1. names", which spares its page a query of their own. Only for
    those who may know it."""
    pairs = CandidatePair.objects.visible_to(user).filter(pk=OuterRef("candidate_pair"))
    return Subquery(pairs.values_list(Concat("number", Value(". "), "names", output_field=TextField())))


@dataclass(frozen=True)
class Treatment:
    """How often and how long candidates campaigned by one method in one region."""

    pair: CandidatePair | None
    method: str
    region: Region
    number: int
    hours: float
    earliest: datetime
    latest: datetime
    level: RegionLevel | None


def treatment(user, election, area=None):
    """[Treatment] by candidates, method and region, the regions being those one step below `area`; None is the country.

    Cancelled activities do not count. At most MOST_ROWS, which leaves those of a country to be looked at by province.
    The level is the one that the region shows today, None where nothing is measured. Only for those who may know the
    pairs.
    """
    path = area.path if area else ""
    length = PATHS[min(area.level if area else 0, Level.DISTRICT)]
    rows = CampaignActivity.objects.visible_to(user).taking_place().filter(election=election)
    rows = rows.filter(region__path__startswith=path) if path else rows
    grouped = (
        rows.annotate(part=Left("region__path", length))
        .order_by()
        .values("candidate_pair", "method__name", "part")
        .annotate(number=Count("pk"), long=Sum(F("ends_at") - F("starts_at")), earliest=Min("starts_at"),
                  latest=Max("starts_at"))
        .order_by("part", F("candidate_pair").asc(nulls_last=True), "method__name")[:MOST_ROWS]
    )  # fmt: skip
    grouped = list(grouped)
    pairs = CandidatePair.objects.visible_to(user).in_bulk({row["candidate_pair"] for row in grouped} - {None})
    regions = Region.objects.filter(path__in={row["part"] for row in grouped}).in_bulk(field_name="path")
    levels = RegionLevel.objects.in_bulk([region.pk for region in regions.values()])
    return [
        Treatment(
            pairs.get(row["candidate_pair"]), row["method__name"], regions[row["part"]], row["number"],
            row["long"].total_seconds() / 3600, row["earliest"], row["latest"],
            levels.get(regions[row["part"]].pk),
        )
        for row in grouped
    ]  # fmt: skip


def within(window):
    """The planned activities at the places and in the time of an outage (networks.maintaining.Window)."""
    planned = CampaignActivity.objects.filter(state=ActivityState.PLANNED)
    return planned.overlapping(window.starts_at, window.ends_at).touching(window.regions)


def expected_outages(activity, user):
    """The outages, of those that the user may know of, that are expected at the place and time of an activity."""
    if activity.state != ActivityState.PLANNED:
        return PlannedOutage.objects.none()
    there = PlannedOutage.objects.visible_to(user).expected().touching(activity.region)
    return there.overlapping(activity.starts_at, activity.ends_at).prefetch_related("regions")
