"""Figures of obstacles."""

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Left, TruncMonth
from django.utils import timezone

from coordination.common.days import months_until, on_days
from coordination.dashboards.figures.places import within
from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.models import Obstacle

# The length of the paths one step below the country, a province, a regency: "32.", "32.73.", "32.73.01.".
PARTS = {0: 3, 3: 6, 6: 9}
STANDING = Q(state__in=ObstacleState.STANDING)


def figures(path, now):
    """Obstacles of the region and all below it.

    - kinds: {kind: how many stand}
    - operators: {key of the operator as text, "" for those that name none: how many stand}; one obstacle may name many
    - states: {state: how many}, whenever they were reported
    - months: {"2026-11": how many were reported in that month} of the last 12
    - parts: [[path of a part, how many of the network stand, how many were reported in these months]]; what names no
      part stands under the path of the region itself. Parts without any are left out.
    """
    rows = within(Obstacle.objects.order_by(), path)
    kinds, states = _by_kind_and_state(rows)
    return {
        "kinds": kinds,
        "operators": _by_operator(path),
        "states": states,
        "months": _by_month(rows, now),
        "parts": _by_part(rows, path, _new(now)),
    }


def _by_kind_and_state(rows):
    kinds, states = {}, dict.fromkeys(ObstacleState.values, 0)
    for kind, state, number in rows.values_list("kind", "state").annotate(number=Count("pk")):
        states[state] += number
        if state in ObstacleState.STANDING:
            kinds[kind] = kinds.get(kind, 0) + number
    return {kind: kinds[kind] for kind in ObstacleKind.values if kind in kinds}, states


def _by_operator(path):
    named = Obstacle.operators.through.objects
    standing = within(Obstacle.objects.standing().order_by(), path)
    counts = named.filter(obstacle__in=standing).values_list("operator").annotate(number=Count("pk"))
    found = {str(operator): number for operator, number in counts}
    nobody = standing.filter(~Exists(named.filter(obstacle=OuterRef("pk")))).count()
    return found | ({"": nobody} if nobody else {})


def _by_month(rows, now):
    counts = (
        rows.filter(_new(now))
        .annotate(month=TruncMonth("created_at"))
        .values_list("month")
        .annotate(number=Count("pk"))
    )
    found = {f"{month:%Y-%m}": number for month, number in counts}
    return {f"{month:%Y-%m}": found.get(f"{month:%Y-%m}", 0) for month in months_until(timezone.localdate(now))}


def _new(now):
    """The condition that an obstacle was reported in the months that are counted."""
    day = timezone.localdate(now)
    return on_days("created_at", months_until(day)[0], day)


def _by_part(rows, path, new):
    of_the_network = STANDING & ~Q(kind__in=ObstacleKind.NOT_NETWORK)
    counts = (
        rows.filter(of_the_network | new)
        .annotate(part=Left("region__path", PARTS.get(len(path), len(path))))
        .values_list("part")
        .annotate(standing=Count("pk", filter=of_the_network), reported=Count("pk", filter=new))
    )
    return sorted(map(list, counts))
