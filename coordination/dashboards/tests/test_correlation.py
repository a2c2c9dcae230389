"""The rank correlation is that of the textbooks, with ties, and tells nothing where too little is known."""

import random
from statistics import mean

import pytest

from coordination.dashboards.correlation import LEAST, ranks, spearman

# Reading of hours of television against intelligence, a worked example of many textbooks: rho = -29/165.
KNOWN = [(106, 7), (100, 27), (86, 2), (101, 50), (99, 28), (103, 29), (97, 20), (113, 12), (112, 6), (110, 17)]


def slowly(pairs):
    """Spearman's coefficient from its definition: Pearson's of ranks that are counted value by value."""

    def rank(value, values):
        return sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2

    across, up = ([rank(value, series) for value in series] for series in map(list, zip(*pairs, strict=True)))
    x, y = mean(across), mean(up)
    together = sum((a - x) * (b - y) for a, b in zip(across, up, strict=True))
    return together / (sum((a - x) ** 2 for a in across) * sum((b - y) ** 2 for b in up)) ** 0.5


def test_a_known_example_without_ties():
    found = spearman(KNOWN)
    assert found.coefficient == pytest.approx(-29 / 165)
    # By hand: z = -0.17761 and its error 1.95996 * sqrt((1 + 0.03089 / 2) / 7) = 0.74650.
    assert (found.low, found.high) == (pytest.approx(-0.7276, abs=1e-3), pytest.approx(0.5143, abs=1e-3))
    assert (found.n, found.is_negative, found.is_positive) == (10, False, False)


def test_equal_values_share_the_mean_of_their_ranks():
    assert ranks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4]


@pytest.mark.parametrize("seed", range(20))
def test_with_many_ties_it_is_that_of_a_slow_count(seed):
    dice = random.Random(seed)
    pairs = [(dice.randrange(4), dice.randrange(5) / 4) for _ in range(dice.randint(LEAST, 60))]
    found = spearman(pairs)
    assert found.coefficient == pytest.approx(slowly(pairs))
    assert -1 <= found.low < found.coefficient < found.high <= 1
    mirrored = spearman([(x, -y) for x, y in pairs])
    assert (mirrored.low, mirrored.high) == (pytest.approx(-found.high), pytest.approx(-found.low))


def test_more_of_the_same_makes_the_interval_narrower():
    few, many = spearman(KNOWN), spearman(KNOWN * 10)
    assert many.coefficient == pytest.approx(few.coefficient)
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_order_is_told_without_an_interval(sign):
    found = spearman([(number, sign * number**3) for number in range(LEAST)])
    assert (found.coefficient, found.low, found.high) == (sign, None, None)
    assert (found.is_positive, found.is_negative) == (sign > 0, sign < 0)


@pytest.mark.parametrize(
    "pairs",
    [[], KNOWN[: LEAST - 1], [(1, number) for number in range(20)], [(number, 0.5) for number in range(20)]],
    ids=["nothing", "too few", "one level", "one share"],
)
def test_too_little_tells_nothing(pairs):
    assert spearman(pairs) is None
