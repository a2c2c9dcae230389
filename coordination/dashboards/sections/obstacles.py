"""The section about obstacles: kinds, operators, states, months and parts of a region."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from coordination.dashboards.sections.links import query
from coordination.networks.models import Operator
from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.filters import NO_OPERATOR, Origin
from coordination.regions.models import Region


class Row(NamedTuple):
    """A number with its name, and the query of the list that shows as many rows."""

    name: object
    number: int
    query: str


class Part(NamedTuple):
    """A part of the region, None for what names no part, with the obstacles of its network that stand and those
    reported in the months shown."""

    region: Region | None
    standing: Row
    reported: Row


@dataclass(frozen=True)
class Section:
    network: Row
    others: Row
    kinds: list
    other_kinds: list
    operators: list
    states: list
    months: list
    parts: list

    @property
    def most_of_a_kind(self):
        return most(self.kinds + self.other_kinds)

    @property
    def most_of_an_operator(self):
        return most(self.operators)

    @property
    def most_of_a_part(self):
        return most(part.standing for part in self.parts)

    @property
    def by_month(self):
        """The numbers alone, the oldest first."""
        return [row.number for row in self.months]

    @property
    def reported(self):
        """How many were reported in the months shown."""
        return sum(self.by_month)


def section(region, figures):
    """The Section of a region, or of the country for None, from what figures.obstacles counted."""
    kinds = [(kind, figures["kinds"].get(kind.value, 0)) for kind in ObstacleKind]
    network = _kinds(region, [(kind, number) for kind, number in kinds if kind not in ObstacleKind.NOT_NETWORK])
    others = _kinds(region, [(kind, number) for kind, number in kinds if kind in ObstacleKind.NOT_NETWORK])
    return Section(
        network=_standing(region, "", _sum(network), origin=Origin.NETWORK.value),
        others=_standing(region, "", _sum(others), origin=Origin.OTHER.value),
        kinds=network,
        other_kinds=others,
        operators=_operators(region, figures["operators"]),
        states=[
            Row(state.label, figures["states"].get(state.value, 0), query(region, state=[state.value]))
            for state in ObstacleState
        ],
        months=[_month(region, name, number) for name, number in sorted(figures["months"].items())],
        parts=_parts(region, figures),
    )


def most(rows):
    """The largest number of the rows, 0 of none."""
    return max((row.number for row in rows), default=0)


def _sum(rows):
    return sum(row.number for row in rows)


def _standing(region, name, number, **chosen):
    return Row(name, number, query(region, **chosen, state=ObstacleState.STANDING))


def _kinds(region, kinds):
    """Those that there are, the most first."""
    rows = [_standing(region, kind.label, number, kind=kind.value) for kind, number in kinds if number]
    return sorted(rows, key=lambda row: -row.number)


def _operators(region, counts):
    """By the name of the operator, the most first; those without any, whose name is "", last."""
    names = dict(Operator.objects.filter(pk__in=[key for key in counts if key]).values_list("pk", "name"))
    rows = [_standing(region, name, counts[str(key)], operator=key) for key, name in names.items()]
    rows.sort(key=lambda row: (-row.number, row.name))
    return rows + ([_standing(region, "", counts[""], operator=NO_OPERATOR)] if "" in counts else [])


def _month(region, name, number):
    first = date.fromisoformat(f"{name}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return Row(first, number, query(region, reported_from=first, reported_to=last))


def _parts(region, figures):
    """The most obstacles first; what names no part last."""
    own, since = region.path if region else "", f"{min(figures['months'])}-01"
    regions = Region.objects.filter(path__in=[path for path, *_rest in figures["parts"]]).in_bulk(field_name="path")
    parts = []
    for path, standing, reported in figures["parts"]:
        place = regions[path]
        exactly = {"exactly": "1"} if path == own else {}
        parts.append(
            Part(
                None if exactly else place,
                _standing(place, "", standing, origin=Origin.NETWORK.value, **exactly),
                Row("", reported, query(place, reported_from=since, **exactly)),
            )
        )
    return sorted(parts, key=lambda part: (part.region is None, -part.standing.number, -part.reported.number))
