"""Whether a point can lie in a region's regency."""

import pytest

from coordination.regions.geography import distance_km, is_plausible_point
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db


def test_the_distance_from_jakarta_to_bandung():
    assert distance_km(-6.1754, 106.8272, -6.9147, 107.6098) == pytest.approx(119, abs=2)


def test_a_point_within_reach_of_a_village_of_the_regency_is_plausible():
    village = region("32.73.01.1001", latitude=-6.91, longitude=107.61)
    assert is_plausible_point(village.parent, -6.95, 107.65)
    assert not is_plausible_point(village.parent, -8.65, 115.2)


def test_a_regency_without_coordinates_accepts_every_point():
    assert is_plausible_point(region("32.04"), -8.65, 115.2)
