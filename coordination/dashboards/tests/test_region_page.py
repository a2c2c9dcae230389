"""What the page of a region tells beside its level: what ended, what is planned, and what lies around it."""

import random
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.models import CampaignActivity
from coordination.campaigns.tests.activities import activity, candidates
from coordination.dashboards import keeping, nearby, queries
from coordination.dashboards.choices import Tier
from coordination.forecast.choices import Risk
from coordination.forecast.models import Forecast
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import RegionLevel
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.lifecycle import perform
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin, lead, official
from coordination.regions.distances import distance_km
from coordination.regions.models import Level, Region
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db
VILLAGES = ("32.73.01.1001", "32.73.01.1002", "32.73.02.1001", "32.04.01.2001", "33.74.01.1001")


def page(user, code):
    """The RegionPage that this user sees."""
    return queries.region_page(user, queries.find(user, code, queries.described()))


def answer(client, user, code):
    client.force_login(user)
    return client.get(reverse("region", args=[code]))


def scatter(dice):
    """Obstacles and requests of any state and age all over some villages, and some that name no village."""
    ages = dice.sample(range(1000), 60)
    for age in ages[:30]:
        row = obstacle(dice.choice(VILLAGES))
        moved = dice.choice(["open", "confirmed", "mitigated", "cleared"])
        at = {"created_at": timezone.now() - timedelta(days=age), "updated_at": timezone.now() - timedelta(hours=age)}
        Obstacle.objects.filter(pk=row.pk).update(state=moved, **at)
    Obstacle.objects.filter(pk__in=Obstacle.objects.order_by("?").values("pk")[:4]).update(region=region("32.73"))
    for age in ages[30:42]:
        item = coordination_request(dice.choice([State.SUBMITTED, State.ACCEPTED, State.CLOSED]), dice.choice(VILLAGES))
        CoordinationRequest.objects.filter(pk=item.pk).update(created_at=timezone.now() - timedelta(days=age))


def newest(rows, path, moment):
    """Keys of the first five of a path, row by row."""
    here = [row for row in rows.select_related("region") if row.region.path.startswith(path)]
    here.sort(key=lambda row: (getattr(row, moment), row.pk), reverse=True)
    return [row.pk for row in here], [row.pk for row in here[: queries.NEWEST]]


def keys(rows):
    return [row.pk for row in rows]


def test_the_newest_rows_are_those_of_a_slow_sort_and_their_number_that_of_the_list(monkeypatch):
    scatter(random.Random(32))
    for walked in (0, 7, nearby.WALKED):
        monkeypatch.setattr(nearby, "WALKED", walked)
        for code in ("32", "32.73", "32.73.01", "32.73.01.1001", "33"):
            compare_with_a_slow_sort(code)


def compare_with_a_slow_sort(code):
    user, path = admin(), Region.objects.get(code=code).path
    shown = page(user, code)
    every, first = newest(Obstacle.objects.standing(), path, "created_at")
    assert (shown.obstacles.number, keys(shown.obstacles.rows)) == (len(every), first)
    _every, first = newest(Obstacle.objects.filter(state=ObstacleState.CLEARED), path, "updated_at")
    assert keys(shown.past_obstacles) == first
    every, first = newest(CoordinationRequest.objects.open(), path, "created_at")
    assert (shown.requests.number, keys(shown.requests.rows)) == (len(every), first)


@pytest.mark.parametrize(("kind", "office"), [("kpu", "32.73"), ("kominfo", "32"), ("bawaslu", None)])
def test_the_numbers_are_those_of_the_lists_that_they_lead_to(kind, office, client):
    scatter(random.Random(7))
    user = official(kind, office)
    shown = page(user, "32.73")
    client.force_login(user)
    for number, address, states in (
        (shown.obstacles.number, reverse("obstacles:list"), ObstacleState.STANDING),
        (shown.requests.number, reverse("requests:list"), State.OPEN),
    ):
        listed = client.get(address, {"region": "32.73", "state": states, "lingkup": "wilayah"}).context["page"]
        assert len(listed.rows) == number


def test_what_ended_says_when_and_how(client):
    handler = lead("kominfo", "32.73")
    row = obstacle("32.73.01.1001", actor=lead("kpu", "32.73"))
    perform(row, "clear", actor=handler, version=row.version, note="Kabel sudah tersambung")
    Obstacle.objects.filter(pk=row.pk).update(updated_at=timezone.now() + timedelta(days=2))
    response = answer(client, official("bawaslu", "32.73"), "32.73")
    ended = response.context["shown"].past_obstacles[0]
    assert (ended.how, ended.ended_at.date()) == ("Kabel sudah tersambung", timezone.now().date())
    assert "Kabel sudah tersambung" in response.content.decode()


def test_activities_to_come_are_shown_with_their_risk_and_never_for_whom(client):
    code = "32.73.01.1001"
    planned = [activity(code, starts_at=timezone.now() + timedelta(days=days)) for days in (9, 3, 5, 7, 1, 11)]
    CampaignActivity.objects.update(candidate_pair=candidates("32.73", names="Amir dan Budi"))
    Forecast.objects.update_or_create(
        activity=planned[4], defaults={"risk": Risk.HIGH, "data_at": timezone.now(), "computed_at": timezone.now()}
    )
    response = answer(client, official("kpu", "32.73"), "32.73")
    shown, text = response.context["shown"], response.content.decode()
    assert keys(shown.activities) == [planned[place].pk for place in (4, 1, 2, 3, 0)]
    assert shown.forecasts[planned[4].pk].risk == Risk.HIGH
    assert "▲" in text.partition('id="activities"')[2].partition("</ul>")[0]
    assert "Amir" not in text
    assert keys(page(official("kpu", "32"), "32").activities) == keys(shown.activities)


def scatter_places(dice):
    """A hundred districts of two provinces, some of them where the reader may look."""
    for number in range(1, 51):
        for regency in ("32.73", "33.74"):
            made = region(f"{regency}.{number:02}")
            place = {"latitude": dice.uniform(-11, 6), "longitude": dice.uniform(95, 141)}
            Region.objects.filter(pk=made.pk).update(**place)


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_are_the_nearest_of_the_level_on_the_globe(seed):
    scatter_places(random.Random(seed))
    here = Region.objects.get(code="32.73.01")
    others = Region.objects.filter(level=Level.DISTRICT, latitude__isnull=False).exclude(pk=here.pk)
    slowly = sorted(others, key=lambda row: distance_km(here.latitude, here.longitude, row.latitude, row.longitude))[
        : nearby.NEIGHBOURS
    ]
    found = page(admin(), here.code).neighbours
    assert [neighbour.region for neighbour in found] == slowly
    assert all(neighbour.is_open for neighbour in found)


def test_of_neighbours_outside_the_jurisdiction_only_the_name_is_told(client):
    for code in ("32.73.01", "32.73.02", "33.74.01"):
        made = region(code, name=f"Kecamatan {code}")
        Region.objects.filter(pk=made.pk).update(latitude=-6.9, longitude=107.6)
        RegionLevel.objects.create(region=made, level=NetworkLevel.WEAK, is_derived=True, newest_at=timezone.now())
        obstacle(f"{code}.1001")
    text = answer(client, official("kpu", "32.73"), "32.73.01").content.decode()
    near = text.partition('id="near"')[2].partition("</ul>")[0]
    inside, outside = (next(row for row in near.split("<li>") if code in row) for code in ("32.73.02", "33.74.01"))
    assert "/wilayah/32.73.02/" in inside and "pill" in inside.partition("record-pills")[2]
    assert "region=32.73.02" in inside
    assert "href" not in outside and "pill" not in outside and "hambatan" not in outside


@pytest.mark.parametrize(("here", "there", "villages"), [
    ("32.73.01.1001", "32.73.01.1002", ["32.73.01.1002"]),
    ("32.73.01", "32.73.02", ["32.73.02.1001", "32.73.02"]),
    ("32.73", "32.04", ["32.04.01.2001", "32.04.01", "32.04"]),
    ("32", "33", ["33.74.01.1001", "33.74"]),
])  # fmt: skip
def test_the_number_at_a_neighbour_is_that_of_the_standing_obstacles_in_it(here, there, villages):
    for code in (here, there, *VILLAGES):
        region(code)
    Region.objects.update(latitude=-6.9, longitude=107.6)
    for code in villages:
        row = obstacle(VILLAGES[3] if code.startswith("32.04") else code if code.count(".") == 3 else VILLAGES[0])
        Obstacle.objects.filter(pk=row.pk).update(region=region(code))
    row = obstacle(villages[0], kind="quota")
    row = obstacle(villages[0])
    Obstacle.objects.filter(pk=row.pk).update(state="cleared")
    keeping.refresh_all(Tier.ABOVE)
    found = {near.region.code: near.obstacles for near in page(admin(), here).neighbours}
    assert found[there] == len(villages)


def test_a_region_without_a_place_has_no_neighbours():
    here = region("32.73.01")
    region("32.73.02")
    assert page(official("kpu", "32.73"), here.code).neighbours == []


def test_provinces_and_regencies_lead_to_their_dashboard_and_villages_do_not(client):
    region("32.73.01.1001")
    user = admin()
    for code, leads in (("32", True), ("32.73", True), ("32.73.01", False), ("32.73.01.1001", False)):
        address = reverse("region_dashboard", args=[code])
        assert (f'href="{address}"' in answer(client, user, code).content.decode()) == leads


def test_the_share_of_villages_is_drawn_beside_its_number(client):
    place = region("32.73.01")
    for number in range(1001, 1005):
        region(f"32.73.01.{number}")
    RegionLevel.objects.create(region=place, level=NetworkLevel.WEAK, is_derived=True, newest_at=timezone.now(), weak=1)
    text = answer(client, official("kpu", "32.73"), "32.73.01").content.decode()
    assert "25,0 %" in text and 'd="M0 3H25"' in text
    assert "75,0 %" in text and 'd="M0 3H75"' in text
