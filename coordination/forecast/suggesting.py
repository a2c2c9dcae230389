"""What would lower the risk of an activity: another hour, another place, another way. Each is weighed like the plan
itself, and only what comes out better is told."""

from copy import copy
from dataclasses import dataclass, replace
from datetime import time
from zoneinfo import ZoneInfo

from django.utils import timezone

from coordination.campaigns.choices import Need
from coordination.campaigns.planning import Rulebook
from coordination.forecast.choices import ORDER, About, Risk
from coordination.forecast.evidence import RegencyEvidence
from coordination.forecast.refreshing import plan_of, point_of, present_rules
from coordination.forecast.weighing import weigh
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import Assessment
from coordination.regions.distances import distance_km
from coordination.regions.models import regency_path

EARLIEST, LATEST = time(6), time(22)
MOST_PLACES, MOST_TRIED, PLACES_WITHIN_KM = 3, 8, 40
# What asks less of the network than the plan, in the order in which it is tried.
LESS = {Need.HOST: (Need.JOIN,), Need.STREAM: (Need.JOIN,), Need.JOIN: (Need.WATCH,), Need.WATCH: ()}


@dataclass(frozen=True)
class Hour:
    """The same length of time, beginning when an outage is over or ending before it begins."""

    starts_at: object
    ends_at: object
    risk: str


@dataclass(frozen=True)
class Place:
    """A village with a strong network near the planned place, perhaps with a spot in it that somebody measured."""

    region: object
    spot: str
    km: float
    on: object  # the day of its level
    is_old: bool
    risk: str


@dataclass(frozen=True)
class Way:
    """Less asked of the network; Need.NONE is to record beforehand and send it from elsewhere."""

    need: str
    risk: str


@dataclass(frozen=True)
class Suggestions:
    hours: list
    places: list
    ways: list

    def __bool__(self):
        return bool(self.hours or self.places or self.ways)


def suggestions(activity, risk, now=None):
    """Suggestions for an activity whose risk is `risk`. Seven queries."""
    now = now or timezone.now()
    evidence, rules = RegencyEvidence(regency_path(activity.region.path), now), present_rules()
    plan, point = plan_of(activity), point_of(activity)

    def better(changed, elsewhere=None):
        """The risk of the changed plan where it is lower than the present one, else None."""
        there = evidence.of(elsewhere or activity.region, None if elsewhere else point)
        found, _reasons, _at = weigh(changed, there, rules, now)
        return found if _is_lower(found, risk) else None

    return Suggestions(
        hours=list(_hours(activity, plan, evidence.of(activity.region, point).outages, better, now)),
        places=_places(activity, plan, evidence, better, rules, now),
        ways=list(_ways(plan, better, risk)),
    )


def _is_lower(found, risk):
    return found != Risk.UNKNOWN and (risk == Risk.UNKNOWN or ORDER.index(found) < ORDER.index(risk))


def _hours(activity, plan, outages, better, now):
    length, tried = plan.ends_at - plan.starts_at, set()
    falling_into = [each for each in outages if each.starts_at < plan.ends_at and each.ends_at > plan.starts_at]
    for outage in falling_into:
        for start in (outage.ends_at, outage.starts_at - length):
            risk = None if start in tried or start <= now else better(_moved(plan, start, length))
            tried.add(start)
            if risk and _may_begin(activity, start, length):
                yield Hour(start, start + length, risk)


def _may_begin(activity, start, length):
    """Whether the activity may be held then: by daylight or in the evening, and where the election's rules let it."""
    moved = copy(activity)
    moved.starts_at, moved.ends_at = start, start + length
    in_time = moved.starts_there.time() >= EARLIEST and moved.ends_there.time() <= LATEST
    return in_time and moved.starts_there.date() == moved.ends_there.date() and Rulebook().refusal(moved) is None


def _moved(plan, start, length):
    return replace(plan, starts_at=start, ends_at=start + length)


def _places(activity, plan, evidence, better, rules, now):
    latitude, longitude = point_of(activity) or (activity.region.latitude, activity.region.longitude)
    if latitude is None:
        return []
    known = [
        (distance_km(latitude, longitude, region.latitude, region.longitude), region.pk, region, level)
        for region, level in evidence.better_places(NetworkLevel.STRONG)
        if region.pk != activity.region_id
    ]
    near = [row for row in sorted(known)[:MOST_TRIED] if row[0] <= PLACES_WITHIN_KM]
    spots = _spots([region.pk for _km, _key, region, _level in near])
    old = rules.rule(About.OLD)
    found = []
    for km, _key, region, level in near:
        risk = better(replace(plan, region_key=region.pk), region)
        if risk:
            is_old = bool(old) and plan.days(level.at, now) > old.limit
            on = level.at.astimezone(ZoneInfo(region.time_zone)).date()
            found.append(Place(region, spots.get(region.pk, ""), km, on, is_old, risk))
    return found[:MOST_PLACES]


def _spots(regions):
    """{key of the region: the hall, office or school in which a strong network was measured last}"""
    rows = Assessment.objects.filter(region__in=regions, level=NetworkLevel.STRONG).exclude(place="")
    rows = rows.order_by("region_id", "-measured_at", "-pk").distinct("region_id")
    return dict(rows.values_list("region_id", "place"))


def _ways(plan, better, risk):
    for need in LESS.get(plan.need, ()):
        lower = better(replace(plan, need=need))
        if lower:
            yield Way(need, lower)
    if risk == Risk.HIGH:
        yield Way(Need.NONE, Risk.LOW)
