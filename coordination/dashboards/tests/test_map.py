"""The map tells what is known of each part of a region, within the reader's jurisdiction, and the same as its table."""

import random
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.tests.activities import activity
from coordination.dashboards import keeping, mapping
from coordination.dashboards.choices import Only, Tier
from coordination.dashboards.mapping import Counts
from coordination.forecast.choices import Risk
from coordination.forecast.models import Forecast
from coordination.forecast.queries import AT_RISK
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import RegionLevel
from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin, official
from coordination.regions.models import Region
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db
VILLAGES = ("32.73.01.1001", "32.73.02.1001", "32.04.01.2001", "33.74.01.1001")


def dots(user, of=None, only=""):
    return {dot.code: dot for dot in mapping.map_of(user, of, only).dots}


def place_all():
    """Give every region a place, so that it can be drawn."""
    Region.objects.update(latitude=-6.9, longitude=107.6)


def show_level(code, level):
    RegionLevel.objects.create(region=region(code), level=level, is_derived=True, newest_at=timezone.now())


def plant(dice):
    """Obstacles, activities and requests in any state all over some regencies."""
    for village in VILLAGES:
        for _number in range(dice.randint(1, 3)):
            row = obstacle(village, kind=dice.choice(ObstacleKind.values))
            Obstacle.objects.filter(pk=row.pk).update(state=dice.choice(["open", "confirmed", "cleared"]))
        planned = activity(village, starts_at=timezone.now() + timedelta(days=dice.choice([3, 10, 20])))
        forecast = {"risk": dice.choice([Risk.HIGH, Risk.MEDIUM, Risk.UNKNOWN]), "computed_at": timezone.now()}
        Forecast.objects.update_or_create(activity=planned, defaults=forecast)
        item = coordination_request(dice.choice([State.SUBMITTED, State.CLOSED]), village)
        late = timezone.now() - timedelta(days=dice.choice([-2, 2]))
        CoordinationRequest.objects.filter(pk=item.pk).update(due_at=late, near_at=late)


def slowly(user, path):
    """The Counts of what lies at or below a path, row by row."""
    now, soon = timezone.now(), timezone.now() + timedelta(days=14)
    obstacles = [
        row for row in Obstacle.objects.visible_to(user).select_related("region")
        if row.region.path.startswith(path) and row.state in ObstacleState.STANDING
        and row.kind not in ObstacleKind.NOT_NETWORK
    ]  # fmt: skip
    at_risk = [
        row for row in Forecast.objects.select_related("activity__region")
        if row.activity.region.path.startswith(path) and row.risk in AT_RISK and now < row.activity.starts_at <= soon
    ]  # fmt: skip
    late = [
        row for row in CoordinationRequest.objects.visible_to(user).select_related("region")
        if row.region.path.startswith(path) and row.state in State.CLOCK_RUNS and row.due_at < now
    ]  # fmt: skip
    return Counts(len(obstacles), len(at_risk), len(late))


@pytest.mark.parametrize("seed", range(3))
def test_the_figures_are_those_of_a_slow_count_and_add_up(seed):
    plant(random.Random(seed))
    user = official("kpu")
    shown = mapping.map_of(user)
    for dot in shown.dots:
        assert dot.counts == slowly(user, Region.objects.get(code=dot.code).path)
    everything = [dot.counts for dot in shown.dots] + [shown.unplaced]
    assert Counts(*map(sum, zip(*everything, strict=True))) == slowly(user, "")


def test_what_names_no_part_of_the_region_is_told_beside_the_map():
    obstacle("32.73.01.1001")
    Obstacle.objects.update(region=region("32.73"))
    shown = mapping.map_of(official("kpu", "32.73"), region("32.73"))
    assert shown.unplaced == Counts(obstacles=1)
    assert all(dot.counts == Counts() for dot in shown.dots)


def test_a_region_without_a_level_is_not_measured_and_never_weak():
    show_level("32.73", NetworkLevel.WEAK), region("32.04")  # noqa: B018 - both are known
    shown = dots(official("kpu"))
    assert (shown["32.73"].level, shown["32.04"].level) == (NetworkLevel.WEAK, "")
    assert dots(official("kpu"), only=Only.WEAK).keys() == {"32.73"}


@pytest.mark.parametrize(
    ("only", "counts"),
    [(Only.OBSTACLES, Counts(1, 0, 0)), (Only.AT_RISK, Counts(0, 1, 0)), (Only.LATE, Counts(0, 0, 1))],
)
def test_a_map_can_be_narrowed_to_what_there_is_to_do(only, counts):
    dot = mapping.Dot("32.73", "Kota Bandung", 1, 1, "", counts)
    assert [each for each in Only if dot.has(each)] == [only]


@pytest.mark.parametrize(
    ("office", "seen"),
    [("32.73", {"32.73.01", "32.73.02"}), ("32", {"32.73.01", "32.73.02", "32.04.01"}),
     (None, {"32.73", "32.04", "33.74"})],
)  # fmt: skip
def test_everybody_sees_the_parts_of_the_own_region(office, seen, client):
    for village in VILLAGES:
        region(village)
    place_all()
    client.force_login(official("kominfo", office))
    page = client.get(reverse("map")).content.decode()
    assert {code for code in re.findall(r'href="/wilayah/([\d.]+)/"><title>', page)} == seen
    assert {code for code in re.findall(r'<th scope="row"><a href="/wilayah/([\d.]+)/"', page)} == seen


def test_the_map_costs_the_same_for_one_region_and_for_many(client, django_assert_num_queries):
    client.force_login(admin())
    region("32.73")
    client.get(reverse("map"))
    with django_assert_num_queries(5):
        client.get(reverse("map"))
    for village in VILLAGES:
        obstacle(village)
    keeping.refresh_all(Tier.ABOVE)
    with django_assert_num_queries(5):
        client.get(reverse("map"))


def test_a_region_without_a_known_place_stands_in_the_table_alone(client):
    region("32.73")
    client.force_login(official("kpu"))
    page = client.get(reverse("map")).content.decode()
    assert page.count('href="/wilayah/32.73/"') == 1


@pytest.mark.parametrize("odd", ["%00", "<script>", "semua", "9" * 5000])
def test_an_unknown_choice_shows_everything(client, odd):
    region("32.73")
    client.force_login(official("kpu"))
    answer = client.get(reverse("map"), {"hanya": odd})
    assert (answer.status_code, answer.context["only"]) == (200, "")


def test_a_district_has_its_page_and_no_map(client):
    village = region("32.73.01.1001")
    client.force_login(official("kpu", "32.73"))
    assert client.get(reverse("region_map", args=[village.code])).url == village.get_absolute_url()


def test_only_the_islands_around_the_dots_are_drawn():
    for village, (latitude, longitude) in {"32.73.01.1001": (-6.9, 107.6), "94.01.01.1001": (-3.3, 135.5)}.items():
        made = region(village)
        Region.objects.filter(path__startswith=made.path[:6]).update(latitude=latitude, longitude=longitude)
    here, everywhere = mapping.map_of(official("kpu", "32.73"), region("32.73")), mapping.map_of(official("kpu"))
    assert 1 <= here.coasts.count("M") < len(mapping.islands())
    assert {island.path for island in mapping.islands()} >= {f"M{path}" for path in here.coasts.split("M")[1:]}
    assert here.coasts.count("M") < everywhere.coasts.count("M") <= len(mapping.islands())
    assert len(everywhere.coasts) < len("".join(island.path for island in mapping.islands())) * 0.6


def test_the_numbers_of_the_drawing_are_written_with_points_in_every_language(client):
    made = region("32.73.01.1001")
    Region.objects.filter(pk=made.parent_id).update(latitude=-6.91, longitude=107.615)
    client.force_login(official("kpu", "32.73"))
    drawing = client.get(reverse("map")).content.decode().partition("<svg viewBox=")[2].partition("</svg>")[0]
    assert "." in drawing.partition(">")[0]
    assert not re.findall(r'(?:x|y|transform|viewBox)="[^"]*\d,\d', drawing)
    assert not re.findall(r'^"[^"]*,', drawing)


def test_each_number_beside_the_map_leads_to_a_list_with_as_many_rows(client):
    plant(random.Random(4))
    client.force_login(official("kpu"))
    page = client.get(reverse("map")).content.decode()
    links = re.findall(r'<a href="(/(?:hambatan|prakiraan|permohonan)/[^"]*)">(\d+)<', page)
    assert {address.split("/")[1] for address, _number in links} == {"hambatan", "prakiraan", "permohonan"}
    for address, number in links:
        rows = client.get(address.replace("&amp;", "&")).context["page"].rows
        assert (address, len(rows)) == (address, int(number))


def test_a_name_is_escaped_on_the_map_and_in_its_table(client):
    here = region("32.73")
    Region.objects.filter(pk=here.pk).update(name="<script>&", latitude=-6.9, longitude=107.6)
    client.force_login(official("kpu"))
    page = client.get(reverse("map")).content.decode()
    assert page.count("&lt;script&gt;&amp;") == 2
    assert "<script>&" not in page


def test_whatever_a_dot_is_drawn_with_is_defined(client):
    plant(random.Random(2))
    place_all()
    client.force_login(official("kpu"))
    page = client.get(reverse("map")).content.decode()
    drawn = set(re.findall(r'<use href="#([^"]+)"', page))
    assert any("-" in shape for shape in drawn)
    assert drawn <= set(re.findall(r'<g id="([^"]+)"', page))
