"""What is known about the network of a regency, and what of it touches an activity.

Nothing from outside the regency counts, so that whoever may know of an activity may know of what its risk rests on.
"""

from collections import defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from coordination.forecast.weighing import Evidence, Hindrance, KnownLevel, Measured, Outage
from coordination.networks.models import Assessment, PlannedOutage, RegionLevel
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.models import Obstacle
from coordination.obstacles.queries import operator_names
from coordination.regions.distances import distance_km
from coordination.regions.models import Level

# Farther than this no village says anything about another; the district's level does then.
REACH_KM = 15
# A degree of latitude is 111 km; one of longitude is hardly less at the equator. Sorts out before measuring.
REACH_DEGREES = REACH_KM / 110
# Older figures are shown on the region's page, but a network changes within a campaign.
MEASURED_WITHIN = timedelta(days=90)
CLEARED_WITHIN = timedelta(days=60)
TIERS = {Level.DISTRICT: "district", Level.REGENCY: "regency"}


class RegencyEvidence:
    """Everything known at `now` about the networks of the regency with this path; six queries, whatever its size."""

    def __init__(self, path, now):
        self._levels = self._load_levels(path)
        self._villages = [row for row in self._levels.values() if _is_village_of_today(row) and _point(row)]
        self._measured = self._load_measurements(path, now)
        self._obstacles = self._load_obstacles(path, now)
        self._outages = self._load_outages(path, now)
        self._known = {}

    def _load_levels(self, path):
        rows = RegionLevel.objects.filter(region__path__startswith=path)
        rows = rows.select_related("region", "assessment", "stated")
        return {row.region.path: row for row in rows}

    def _load_measurements(self, path, now):
        """{key of the region: its newest measurement with figures}"""
        rows = (
            Assessment.objects.filter(region__path__startswith=path, measured_at__gte=now - MEASURED_WITHIN)
            .filter(Q(download_mbps__isnull=False) | Q(upload_mbps__isnull=False))
            .select_related("operator")
            .order_by("region_id", "-measured_at", "-pk")
            .distinct("region_id")
        )
        return {row.region_id: _measured(row) for row in rows}

    def _load_obstacles(self, path, now):
        standing = Q(state__in=ObstacleState.STANDING)
        cleared = Q(state=ObstacleState.CLEARED, updated_at__gte=now - CLEARED_WITHIN)
        rows = Obstacle.objects.of_the_network().filter(standing | cleared, region__path__startswith=path)
        rows = rows.annotate(operator_names=operator_names()).order_by("pk").select_related("region")
        return [(row.region.path, _hindrance(row)) for row in rows]

    def _load_outages(self, path, now):
        found = defaultdict(set)
        rows = PlannedOutage.objects.expected().near(path).filter(ends_at__gte=now)
        for row in rows.select_related("operator").prefetch_related("regions"):
            for region in row.regions.all():
                found[region.path].add(_outage(row))
        return dict(found)

    def of(self, region, point=None):
        """The Evidence for what is planned at the region. `point` is (latitude, longitude) where it is better known."""
        touching = [hindrance for path, hindrance in self._obstacles if _touches(path, region.path)]
        outages = set().union(*(rows for path, rows in self._outages.items() if _touches(path, region.path)))
        return Evidence(
            level=self.level_at(region, point),
            measured=self._measured.get(region.pk),
            hindrances=tuple(touching),
            outages=tuple(sorted(outages, key=lambda outage: (outage.starts_at, outage.key))),
        )

    def level_at(self, region, point=None):
        """The KnownLevel of the region, else of the village nearest to it, else of the tiers above; None of none."""
        point = point or (region.latitude, region.longitude)
        key = (region.pk, point)
        if key not in self._known:
            self._known[key] = self._find_level(region, point)
        return self._known[key]

    def _find_level(self, region, point):
        own = self._levels.get(region.path)
        if own:
            # An activity that names only its district or regency may be held anywhere in it.
            return _known(own, tier=TIERS.get(region.level, ""))
        return self._nearest(point) or self._above(region)

    def _nearest(self, point):
        latitude, longitude = point
        if latitude is None or longitude is None:
            return None
        near = [
            (distance_km(latitude, longitude, *_point(row)), row.pk, row)
            for row in self._villages
            if abs(row.region.latitude - latitude) < REACH_DEGREES
        ]
        km, _key, row = min(near, default=(REACH_KM + 1, 0, None))
        return _known(row, km=km) if km <= REACH_KM else None

    def _above(self, region):
        """The level of the district or of the regency: a province says too little about a place."""
        codes = region.path.rstrip(".").split(".")
        for depth in (3, 2):
            row = self._levels.get(".".join(codes[:depth]) + ".") if depth < len(codes) else None
            if row:
                return _known(row, tier=TIERS[row.region.level])
        return None

    def better_places(self, level):
        """[KnownLevel with its region] of all villages with this level, for those who look for another place."""
        return [(row.region, _known(row)) for row in self._villages if row.level == level]


def _touches(path, place):
    """Whether what happens at `path` is felt at `place`: it lies there, around it or within it."""
    return path.startswith(place) or place.startswith(path)


def _is_village_of_today(row):
    return row.region.level == Level.VILLAGE and row.region.valid_to is None


def _point(row):
    latitude, longitude = row.region.latitude, row.region.longitude
    return None if latitude is None or longitude is None else (latitude, longitude)


def _known(row, **place):
    origin = row.assessment or row.stated
    return KnownLevel(
        region_key=row.pk, level=row.level, at=_date_of(row), region=row.region.name, code=row.region.code,
        derived=row.is_derived, source=getattr(origin, "source", "") or "", **place,
    )  # fmt: skip


def _date_of(row):
    if row.assessment:
        return row.assessment.measured_at
    # Of villages that were measured one after the other the oldest, lest one new figure hide the age of all others.
    return row.oldest_at if row.is_derived else _midnight(row)


def _midnight(row):
    """The beginning of the day that a list names, on the clocks of the region."""
    return datetime.combine(row.stated.stated_on, time(), ZoneInfo(row.region.time_zone))


def _measured(row):
    return Measured(
        key=row.pk, at=row.measured_at, download_mbps=_number(row.download_mbps), upload_mbps=_number(row.upload_mbps),
        latency_ms=row.latency_ms, jitter_ms=row.jitter_ms, loss_percent=_number(row.loss_percent),
        operator=str(row.operator or ""), address=row.get_absolute_url(),
    )  # fmt: skip


def _number(value):
    return None if value is None else float(value)


def _hindrance(row):
    cleared_at = row.updated_at if row.state == ObstacleState.CLEARED else None
    return Hindrance(
        key=row.pk, number=row.number, kind=row.kind, state=row.state, since=row.since, until=row.until,
        cleared_at=cleared_at, operators=tuple(row.operator_names),
    )  # fmt: skip


def _outage(row):
    return Outage(
        key=row.pk, number=row.number, impact=row.impact, starts_at=row.starts_at, ends_at=row.ends_at,
        operator=str(row.operator or row.provider),
    )  # fmt: skip
