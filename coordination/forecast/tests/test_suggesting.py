"""Only what would lower the risk is suggested."""

from datetime import timedelta

import pytest

from coordination.campaigns.tests.activities import activity, tomorrow_at
from coordination.forecast.suggesting import suggestions
from coordination.forecast.tests.factories import forecast_for
from coordination.networks.tests.factories import assessment, outage
from coordination.obstacles.tests.factories import obstacle
from coordination.regions.models import Region
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
VILLAGE, NEAR, FAR = "32.73.01.1001", "32.73.01.1002", "32.73.02.1001"


@pytest.fixture
def places():
    for code, latitude in ((VILLAGE, -6.90), (NEAR, -6.95), (FAR, -7.40)):
        region(code, name=f"Desa {code[-1]}")
        Region.objects.filter(code=code).update(latitude=latitude, longitude=107.6)


def strong(code, place=""):
    return assessment(code, place=place, download_mbps=20, upload_mbps=9, latency_ms=40)


def suggested(planned):
    return suggestions(planned, forecast_for(planned).risk)


def test_another_place_is_a_near_village_with_a_strong_network_and_the_hall_where_it_was_measured(places):
    planned = activity(VILLAGE)
    assessment(VILLAGE)
    strong(NEAR, "Balai RW 04")
    strong(FAR)
    found = suggested(planned).places
    assert [(place.region.code, place.spot, place.risk) for place in found] == [(NEAR, "Balai RW 04", "low")]
    assert 5 < found[0].km < 6


def test_a_place_with_an_obstacle_of_its_own_is_not_suggested(places):
    planned = activity(VILLAGE)
    assessment(VILLAGE)
    strong(NEAR)
    obstacle(NEAR, kind="tower_down")
    assert suggested(planned).places == []


def test_another_hour_lies_before_or_after_the_outage(places):
    planned = activity(VILLAGE, starts_at=tomorrow_at(10))
    strong(VILLAGE)
    outage(VILLAGE, starts_at=tomorrow_at(9), hours=2)
    hours = [hour.starts_at for hour in suggested(planned).hours]
    assert hours == [tomorrow_at(11), tomorrow_at(7)]


@pytest.mark.parametrize("begins", [7, 19])
def test_no_hour_of_the_night_is_suggested(places, begins):
    """Before 06.00 and after 22.00 nobody comes; the outage leaves only these."""
    planned = activity(VILLAGE, starts_at=tomorrow_at(begins))
    strong(VILLAGE)
    outage(VILLAGE, starts_at=tomorrow_at(7), hours=14)
    assert suggested(planned).hours == []


def test_no_day_is_suggested_on_which_the_election_forbids_it(places):
    planned = activity(VILLAGE, starts_at=tomorrow_at(9))
    strong(VILLAGE)
    outage(VILLAGE, starts_at=tomorrow_at(8), hours=26)
    assert [hour.starts_at for hour in suggested(planned).hours] == [tomorrow_at(10, days=2), tomorrow_at(6)]
    first = tomorrow_at(9).date()
    planned.election.stages.filter(kind="campaign").update(ends_on=first)
    planned.election.stages.filter(kind="quiet").update(starts_on=first + timedelta(days=1))
    assert [hour.starts_at for hour in suggested(planned).hours] == [tomorrow_at(6)]


def test_another_way_asks_less_of_the_network(places):
    planned = activity(VILLAGE)
    assessment(VILLAGE, download_mbps=5, upload_mbps=2, latency_ms=100)
    assert [(way.need, way.risk) for way in suggested(planned).ways] == [("join", "low")]
