"""Whether a point can lie in a region's regency."""

import pytest

from coordination.regions.distances import distance_km, is_in_indonesia
from coordination.regions.geography import is_plausible_point
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db


def test_the_distance_from_jakarta_to_bandung():
    assert distance_km(-6.1754, 106.8272, -6.9147, 107.6098) == pytest.approx(119, abs=2)


def test_a_point_within_reach_of_a_village_of_the_regency_is_plausible():
    village = region("32.73.01.1001", latitude=-6.91, longitude=107.61)
    assert is_plausible_point(village.parent, -6.95, 107.65)
    assert not is_plausible_point(village.parent, -8.65, 115.2)


def test_a_point_in_the_sea_beyond_reach_is_not():
    village = region("91.19.05.2007", latitude=0.88, longitude=134.32)
    assert is_plausible_point(village, 0.82, 134.29)
    assert not is_plausible_point(village, -0.64, 135.46)


def test_a_regency_without_coordinates_accepts_every_point_in_indonesia():
    assert is_plausible_point(region("32.04"), -8.65, 115.2)


@pytest.mark.parametrize("point", [(107.6, -6.9), (52.4, 4.9), (0, 0), (float("nan"), 107.6), (-6.9, float("inf"))])
def test_a_point_outside_indonesia_is_never_plausible(point):
    assert not is_plausible_point(region("32.04"), *point)


@pytest.mark.parametrize("point", [(5.9, 95.2), (-10.95, 122.9), (-8.5, 140.98), (0.88, 134.32)])
def test_the_outermost_villages_lie_in_indonesia(point):
    assert is_in_indonesia(*point)
