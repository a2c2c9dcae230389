"""Figures of obstacles."""

from datetime import datetime, time

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Left, TruncMonth
from django.utils import timezone

from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.models import Obstacle

# How far back new obstacles are counted: this month and the eleven before, by the portal's own clock.
MONTHS = 12
# The length of the paths one step below the country, a province, a regency: "32.", "32.73.", "32.73.01.".
PARTS = {0: 3, 3: 6, 6: 9}
STANDING = Q(state__in=ObstacleState.STANDING)


def figures(path, now):
    """Obstacles of the region and all below it.

    - kinds: {kind: how many stand}
    - operators: {key of the operator as text, "" for those that name none: how many stand}; one obstacle may name many
    - states: {state: how many}, whenever they were reported
    - months: {"2026-11": how many were reported in that month} of the last MONTHS
    - parts: [[path of a part, how many of the network stand, how many were reported in these months]]; what names no
      part stands under the path of the region itself. Parts without any are left out.
    """
    rows = _within(Obstacle.objects.order_by(), path)
    kinds, states = _by_kind_and_state(rows)
    since = months(now)[0]
    return {
        "kinds": kinds,
        "operators": _by_operator(path),
        "states": states,
        "months": _by_month(rows, now),
        "parts": _by_part(rows, path, timezone.make_aware(datetime.combine(since, time.min))),
    }


def months(now):
    """The first days of the last MONTHS months, the oldest first."""
    day = timezone.localdate(now)
    last = day.year * 12 + day.month - 1
    return [day.replace(year=each // 12, month=each % 12 + 1, day=1) for each in range(last - MONTHS + 1, last + 1)]


def _within(rows, path, region="region"):
    """Without the table of regions where the whole country is counted."""
    return rows.filter(**{f"{region}__path__startswith": path}) if path else rows


def _by_kind_and_state(rows):
    kinds, states = {}, dict.fromkeys(ObstacleState.values, 0)
    for kind, state, number in rows.values_list("kind", "state").annotate(number=Count("pk")):
        states[state] += number
        if state in ObstacleState.STANDING:
            kinds[kind] = kinds.get(kind, 0) + number
    return {kind: kinds[kind] for kind in ObstacleKind.values if kind in kinds}, states


def _by_operator(path):
    named = Obstacle.operators.through.objects
    standing = _within(Obstacle.objects.standing().order_by(), path)
    counts = named.filter(obstacle__in=standing).values_list("operator").annotate(number=Count("pk"))
    found = {str(operator): number for operator, number in counts}
    nobody = standing.filter(~Exists(named.filter(obstacle=OuterRef("pk")))).count()
    return found | ({"": nobody} if nobody else {})


def _by_month(rows, now):
    known = months(now)
    begin = timezone.make_aware(datetime.combine(known[0], time.min))
    counts = (
        rows.filter(created_at__gte=begin, created_at__lte=now)
        .annotate(month=TruncMonth("created_at"))
        .values_list("month")
        .annotate(number=Count("pk"))
    )
    found = {f"{month:%Y-%m}": number for month, number in counts}
    return {f"{month:%Y-%m}": found.get(f"{month:%Y-%m}", 0) for month in known}


def _by_part(rows, path, since):
    of_the_network = STANDING & ~Q(kind__in=ObstacleKind.NOT_NETWORK)
    counts = (
        rows.filter(of_the_network | Q(created_at__gte=since))
        .annotate(part=Left("region__path", PARTS.get(len(path), len(path))))
        .values_list("part")
        .annotate(standing=Count("pk", filter=of_the_network), new=Count("pk", filter=Q(created_at__gte=since)))
    )
    return sorted(map(list, counts))
