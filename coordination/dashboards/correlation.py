"""Rank correlation of two series, and how far it can be trusted. Pure: it knows numbers only."""

from math import atanh, sqrt, tanh
from statistics import NormalDist, mean
from typing import NamedTuple

# Below this the interval says nothing that anybody should act upon.
LEAST = 10
SURE = NormalDist().inv_cdf(0.975)  # 95 %, both sides


class Correlation(NamedTuple):
    """Spearman's coefficient, from -1 to 1, its 95 % interval, and how many pairs of values it rests on.

    The interval is None at -1 and 1, where its approximation ends.
    """

    coefficient: float
    low: float | None
    high: float | None
    n: int

    @property
    def is_negative(self):
        """Whether the whole interval lies below zero."""
        return (self.coefficient if self.high is None else self.high) < 0

    @property
    def is_positive(self):
        """Whether the whole interval lies above zero."""
        return (self.coefficient if self.low is None else self.low) > 0


def spearman(pairs):
    """The Correlation of [(x, y)]; None of fewer than LEAST, and where all x or all y are the same.

    Equal values share the mean of their ranks. The interval is that of Fisher's z, with the variance of Bonett and
    Wright (2000): (1 + r²/2) / (n - 3).
    """
    n = len(pairs)
    if n < LEAST:
        return None
    across, up = (_from_their_mean(ranks(series)) for series in zip(*pairs, strict=True))
    spread = sqrt(sum(x * x for x in across) * sum(y * y for y in up))
    if not spread:
        return None
    r = sum(x * y for x, y in zip(across, up, strict=True)) / spread
    if abs(r) > 1 - 1e-12:
        return Correlation(float(round(r)), None, None, n)
    z, error = atanh(r), SURE * sqrt((1 + r * r / 2) / (n - 3))
    return Correlation(r, tanh(z - error), tanh(z + error), n)


def ranks(values):
    """The rank of each value, from 1 for the smallest; equal ones share the mean of theirs."""
    places = {}
    for place, value in enumerate(sorted(values), 1):
        places.setdefault(value, []).append(place)
    return [mean(places[value]) for value in values]


def _from_their_mean(values):
    middle = mean(values)
    return [value - middle for value in values]
