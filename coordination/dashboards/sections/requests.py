"""The section about requests: states and ages, times of stages, what was done."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.common.days import months_until
from coordination.common.templatetags.portal_tags import SIGNS
from coordination.dashboards.figures.requests import spans_of_ages
from coordination.dashboards.sections.links import query
from coordination.requests.choices import TIMED, Measure, Outcome, State
from coordination.requests.filters import Deadline, Kept


class Figure(NamedTuple):
    """A number, and the list that has as many rows."""

    number: int
    address: str


class Time(NamedTuple):
    """How long a stage took: the working minutes of half and of nine of ten, and how many kept their deadline."""

    p50: int
    p90: int
    n: Figure
    kept: Figure

    @property
    def share(self):
        """How many in a hundred kept the deadline."""
        return 100 * self.kept.number / self.n.number


@dataclass(frozen=True)
class Section:
    first: date
    day: date
    flags: dict  # "late", "near" and "alarms": a Figure each
    ages: list  # words
    states: list  # (sign, words, Figure of all, [a Figure for each age])
    of_ages: list  # the Figure of each age, whatever the state
    every: Figure
    times: list  # (words of the stage, Time or None, its p50 by month)
    months: list  # (first day, a Time or None for each stage)
    parts: list  # (name, address of its dashboard or "", a Time or None for each stage)
    done: Figure
    outcomes: list  # (words, Figure), the most first
    measures: list


def section(region, figures):
    """The Section of a region, or of the country for None, from what figures.requests counted."""
    return _Shower(figures, region).all()


class _Shower:
    def __init__(self, figures, region):
        self.figures, self.region = figures, region
        self.first, self.day = (date.fromisoformat(figures[name]) for name in ("first", "day"))

    def all(self):
        figures = self.figures
        months = [(month, self._month(month)) for month in months_until(self.day)]
        of_ages = [sum(numbers) for numbers in zip(*figures["states"].values(), strict=True)]
        times = self._times(figures["times"], self.first, self.day)
        medians = [[each[place] and each[place].p50 for _month, each in months] for place in range(len(TIMED))]
        return Section(
            first=self.first,
            day=self.day,
            flags={
                "late": Figure(figures["late"], self._list("requests:list", deadline=Deadline.PAST.value)),
                "near": Figure(figures["near"], self._list("requests:list", deadline=Deadline.NEAR.value)),
                "alarms": Figure(figures["alarms"], self._list("requests:list", alarm=1)),
            },
            ages=[_("up to 7 days"), _("8 to 30 days"), _("31 to 90 days"), pgettext("age", "older")],
            # In the order of the workflow: the database keeps an order of its own.
            states=[self._state(state, figures["states"][state.value]) for state in State if state != State.DRAFT],
            of_ages=self._ages(of_ages),
            every=Figure(sum(of_ages), self._list("requests:list", submitted_to=self.day)),
            times=list(zip((stage.label for stage in TIMED), times, medians, strict=True)),
            months=months,
            parts=[self._part(part) for part in figures["parts"]],
            done=self._resolved(figures["done"]["n"]),
            outcomes=self._what_was_done(Outcome, "outcome", figures["done"]["outcomes"]),
            measures=self._what_was_done(Measure, "measure", figures["done"]["measures"]),
        )

    def _list(self, name, **chosen):
        return reverse(name) + query(self.region, **{key: value for key, value in chosen.items() if value})

    def _state(self, state, numbers):
        every = Figure(sum(numbers), self._list("requests:list", state=state.value, submitted_to=self.day))
        return SIGNS[state], state.label, every, self._ages(numbers, state=state.value)

    def _ages(self, numbers, **query):
        spans = spans_of_ages(self.day)
        return [
            Figure(number, self._list("requests:list", submitted_from=first, submitted_to=last, **query))
            for number, (first, last) in zip(numbers, spans, strict=True)
        ]

    def _times(self, stages, first, last, **where):
        return [self._time(stage, stages.get(stage), {"first": first, "last": last} | where) for stage in TIMED]

    def _time(self, stage, figures, query):
        if figures is None:
            return None
        query = query | {"stage": stage.value}
        return Time(
            figures["p50"],
            figures["p90"],
            Figure(figures["n"], self._list("requests:times", **query)),
            Figure(figures["kept"], self._list("requests:times", kept=Kept.YES.value, **query)),
        )

    def _month(self, month):
        last = min((month + timedelta(days=31)).replace(day=1) - timedelta(days=1), self.day)
        return self._times(self.figures["months"].get(month.isoformat(), {}), month, last)

    def _part(self, part):
        """An office of the region, or a province of the country."""
        where = {"office": part["key"]} if self.region else {"region": part["key"]}
        address = "" if self.region else reverse("region_dashboard", args=[part["key"]])
        return part["name"], address, self._times(part["times"], self.first, self.day, **where)

    def _resolved(self, number, **query):
        return Figure(number, self._list("requests:list", resolved_from=self.first, resolved_to=self.day, **query))

    def _what_was_done(self, choices, name, numbers):
        found = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
        return [(choices(value).label, self._resolved(number, **{name: value})) for value, number in found]
