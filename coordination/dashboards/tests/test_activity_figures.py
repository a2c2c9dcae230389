"""The figures of activities are those of a slow count, add up, and lead to lists that show as many rows; candidates
are told of to KPU and Bawaslu alone."""

import html
import random
import re

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.choices import Platform
from coordination.campaigns.filters import ActivityFilter
from coordination.campaigns.models import CampaignActivity, CandidatePair, Election
from coordination.campaigns.tests.activities import activity, candidates, method, running_election
from coordination.campaigns.tests.factories import election as other_election
from coordination.dashboards.figures import activities as figures
from coordination.dashboards.sections.activities import RegencyRow, section
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import RegionLevel
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin, lead, official
from coordination.regions.models import Region
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
# Two regencies with a contest of their own, and a province whose governor is voted on, one regency of it with nothing.
REGENCIES = ("32.73", "32.04", "33.74", "33.01", "33.02")
PLACES = ("32.73.01.1001", "32.73.02.1001", "32.04.01.2001", "33.74.01.1001", "33.01", "33")
READERS = {"": None, "32.": "32", "33.": "33", "33.74.": "33.74"}
MEETING, POSTERS = "pertemuan", "alat-peraga"


def methods():
    meeting, posters = method(MEETING, "Pertemuan terbatas"), method(POSTERS, "Alat peraga")
    meeting.meets_online = True
    meeting.save()
    return [meeting, posters]


def plant(dice, number=50):
    """Activities of two elections in any state, by any method and platform, for some candidates, and levels."""
    for code in ("32.73", "32.04", "33"):
        running = running_election(code)
    known = [region(code) for code in REGENCIES]
    second = other_election("33")
    pairs = [None, *(candidates(code, number) for code in ("32.73", "32.04", "33") for number in (1, 2, 3))]
    person = lead("kpu")
    for _ in range(number):
        row = activity(dice.choice(PLACES[:4]), actor=person, election=running, method=dice.choice(methods()))
        CampaignActivity.objects.filter(pk=row.pk).update(
            region=region(dice.choice(PLACES)),
            election=dice.choice([running, running, second]),
            state=dice.choice(["planned", "held", "held", "cancelled"]),
            platform=dice.choice([Platform.NONE, Platform.NONE, Platform.ZOOM, Platform.OTHER]),
            candidate_pair=dice.choice(pairs[:8]),
        )
    for place in known[:3]:
        level = dice.choice(NetworkLevel.values)
        RegionLevel.objects.create(region=place, level=level, is_derived=True, newest_at=timezone.now())
    return running


def is_online(row):
    return row.platform != "none"


def is_met(row):
    return row.platform == "none" and row.method.meets_online


def slowly(path):
    """The same figures, row by row."""
    rows = CampaignActivity.objects.select_related("region", "method", "election").exclude(state="cancelled")
    rows = [row for row in rows if row.region.path.startswith(path)]
    return {"elections": {str(pk): _of(pk, [row for row in rows if row.election_id == pk], path)
                          for pk in {row.election_id for row in rows}}}  # fmt: skip


def _of(election, rows, path):
    by_method, regencies = {}, {}
    for row in rows:
        sums = by_method.setdefault(str(row.method_id), [0, 0])
        sums[0] += 1
        sums[1] += is_online(row)
    for place in Region.objects.filter(level=2):
        contests = Election.objects.get(pk=election).contests.select_related("region")
        if place.path.startswith(path) and any(place.path.startswith(each.region.path) for each in contests):
            there = [row for row in rows if row.region.path.startswith(place.path)]
            level = RegionLevel.objects.filter(region=place).first()
            counts = len(there), sum(map(is_online, there)), sum(map(is_met, there))
            regencies[place.path] = [level.level if level else "", *counts]
    pairs = [
        pair for pair in CandidatePair.objects.select_related("contest__region")
        if pair.contest.election_id == election and pair.contest.region.path.startswith(path)
    ]  # fmt: skip
    held = [[row for row in pair.activities.all() if row.state != "cancelled"] for pair in pairs]
    return {
        "methods": by_method,
        "face_to_face": sum(map(is_met, rows)),
        "pairs": [len(pairs), sum(map(bool, held)), sum(any(map(is_online, some)) for some in held)],
        "regencies": regencies,
    }


def test_the_figures_are_those_of_a_slow_count():
    plant(random.Random(1))
    for path in (*READERS, "32.73.", "33.02.", "34."):
        assert figures.figures(path, timezone.now()) == slowly(path), path


def test_sums_over_the_provinces_are_those_of_the_country():
    running = str(plant(random.Random(5)).pk)
    country, *provinces = (figures.figures(path, None)["elections"][running] for path in ("", "32.", "33."))
    for name in ("pairs", "methods"):
        parts = [part[name] for part in provinces]
        if name == "methods":
            keys = country["methods"]
            assert all(country["methods"][key] == added(*(part.get(key, [0, 0]) for part in parts)) for key in keys)
        else:
            assert country[name] == added(*parts)
    assert country["face_to_face"] == sum(part["face_to_face"] for part in provinces) > 0
    assert country["regencies"] == provinces[0]["regencies"] | provinces[1]["regencies"]


def added(*rows):
    return [sum(numbers) for numbers in zip(*rows, strict=True)]


def shown_rows(user, query):
    """How many rows the list of activities holds for this query; every value of it must be understood."""
    filters = ActivityFilter(QueryDict(query[1:]), CampaignActivity.objects.visible_to(user), user=user)
    assert filters.is_valid(), filters.errors
    return filters.qs.count()


@pytest.mark.parametrize("path", READERS)
def test_every_number_of_activities_leads_to_a_list_of_as_many_rows(path):
    plant(random.Random(11))
    code = READERS[path]
    reader, place = official("bawaslu", code), region(code) if code else None
    counted = figures.figures(path, timezone.now())
    for election in counted["elections"]:
        shown = section(place, counted, election)
        assert str(shown.election.pk) == election
        pairs = [(shown.face_to_face.number, shown.face_to_face.query)]
        for row in (*shown.methods, shown.total):
            pairs += [(row.number, row.query), (row.online, row.online_query)]
        assert [number for number, _query in pairs] == [shown_rows(reader, query) for _number, query in pairs]


def opened(client, reader, address):
    client.force_login(reader)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("path", ["", "33."])
def test_every_number_of_regencies_leads_to_a_list_of_as_many_regencies(client, path):
    plant(random.Random(3))
    code = READERS[path]
    reader = official("kominfo", code)
    shown = section(region(code) if code else None, figures.figures(path, timezone.now()))
    cells = [shown.without_meeting, *(cell for _level, cells in shown.table for cell in cells)]
    assert sum(cell.number for cell in cells[1:]) == len(shown.regencies) > 2
    for cell in cells:
        answer = opened(client, reader, reverse("dashboard_regencies") + cell.query)
        assert (len(answer.context["rows"]), answer.context["number"]) == (cell.number, cell.number)
        for line in answer.context["rows"]:
            numbers = line.row.number, line.row.online, line.row.face_to_face
            queries = line.query, line.online_query, line.meeting_query
            assert numbers == tuple(shown_rows(reader, query) for query in queries)


def test_a_long_list_of_regencies_has_pages_with_each_of_them_once(client):
    running_election("35")
    for number in range(1, 71):
        region(f"35.{number:02d}")
    activity("35.01")
    seen, address = [], reverse("dashboard_regencies")
    while address:
        answer = opened(client, admin(), address)
        seen += [line.region.code for line in answer.context["rows"]]
        link = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        address = link and reverse("dashboard_regencies") + html.unescape(link[1])
    assert seen == [f"35.{number:02d}" for number in range(1, 71)]


def test_every_number_of_candidates_leads_to_a_list_of_as_many_pairs(client):
    running = plant(random.Random(2))
    for kind, code in (("kpu", None), ("bawaslu", "32"), ("kpu", "33")):
        reader = official(kind, code)
        page = opened(client, reader, f"{reverse('dashboard')}?pemilihan={running.pk}").content.decode()
        links = re.findall(rf'href="({reverse("dashboard")}(?:[\d.]+/)?paslon/[^"]+)">(\d+)</a>', page)
        assert len(links) >= 2
        for address, number in links:
            answer = opened(client, reader, html.unescape(address))
            assert len(answer.context["page"]) == answer.context["number"] == int(number)


def test_offices_of_the_network_are_told_nothing_about_candidates(client):
    activity(candidate_pair=candidates(names="RAHASIA"))
    for reader, told in ((official("kpu", "32.73"), True), (official("kominfo", "32.73"), False)):
        page = opened(client, reader, reverse("dashboard")).content.decode()
        assert ("paslon" in page.casefold(), "pasangan calon" in page.casefold() or "pairs" in page) == (told, told)
    for name, args in (("dashboard_pairs", []), ("region_dashboard_pairs", ["32.73"])):
        assert client.get(reverse(name, args=args)).status_code == 404


def test_the_page_of_another_region_does_not_exist(client):
    activity("33.74.01.1001")
    client.force_login(official("kpu", "32.73"))
    for name in ("region_dashboard_pairs", "region_dashboard_regencies"):
        assert client.get(reverse(name, args=["33.74"])).status_code == 404


@pytest.mark.parametrize(
    ("numbers", "share"),
    [((0, 0), "kosong"), ((5, 0), "nol"), ((5, 1), "kurang-25"), ((4, 1), "25-50"), ((4, 2), "25-50"),
     ((100, 51), "lebih-50"), ((1, 1), "lebih-50")],
)  # fmt: skip
def test_shares_have_their_edges(numbers, share):
    assert RegencyRow("32.73.", "", *numbers, 0).share == share


def test_the_question_of_the_article_is_answered_with_an_interval(client):
    """Of twelve regencies those with a bad network hold less online, which must be told, and that it proves nothing."""
    person = lead("kpu")
    for number in range(1, 13):
        code = f"32.{number:02d}"
        running_election(code)
        level = NetworkLevel.STRONG if number <= 6 else NetworkLevel.WEAK
        RegionLevel.objects.create(region=region(code), level=level, is_derived=True, newest_at=timezone.now())
        platform = Platform.ZOOM if number <= 6 or number == 12 else Platform.NONE
        activity(code, actor=person, platform=platform)
    shown = opened(client, person, reverse("dashboard")).context["activities"]
    assert (shown.correlation.n, shown.correlation.is_negative) == (12, True)
    page = opened(client, person, reverse("dashboard")).content.decode()
    assert "Spearman" in page
    assert f"{shown.correlation.coefficient:.2f}".replace(".", ",") in page


def test_a_published_share_stands_with_its_base_source_and_day(client):
    activity()
    assert "4.196" not in opened(client, official("kpu", "32.73"), reverse("dashboard")).content.decode()
    Election.objects.update(slug="pilkada-2020")
    page = opened(client, official("kpu", "32.73"), reverse("dashboard")).content.decode()
    row = re.search(r"<tr><th[^>]*>[^<]*</th><td[^>]*>4 %</td>.*?</tr>", page)[0]
    assert "KPU; Kompas 20 Okt 2020" in row
    assert re.search(r"<td>(candidate pairs|pasangan calon)</td>", row)


@pytest.mark.parametrize("odd", ["\x00", "9" * 5000, "-1", "²", "<script>", "💥", "None"], ids=range(7))
def test_an_unknown_choice_shows_everything(client, odd):
    activity(candidate_pair=candidates())
    client.force_login(official("kpu", "32.73"))
    asked = dict.fromkeys(("pemilihan", "tingkat", "porsi", "tatap-muka", "dari", "yang"), odd)
    assert client.get(reverse("dashboard"), asked).context["activities"].total.number == 1
    assert len(client.get(reverse("dashboard_regencies"), asked).context["rows"]) == 1
    assert len(client.get(reverse("dashboard_pairs"), asked).context["page"]) == 1


@pytest.mark.parametrize("name", ["election", "way"])
@pytest.mark.parametrize("odd", ["\x00", "9" * 5000, "-1", "<script>"], ids=range(4))
def test_what_no_figure_leads_to_is_named_and_filters_nothing(client, name, odd):
    row = activity()
    client.force_login(official("kpu", "32.73"))
    answer = client.get(reverse("campaigns:list"), {name: odd})
    assert list(answer.context["page"]) == [row]
    assert "invalid-feedback" in answer.content.decode()


def test_nothing_recorded_is_told_as_such(client):
    region("32.73"), official("kpu", "32.73")  # noqa: B018 - both are known
    for name in ("dashboard", "dashboard_regencies", "dashboard_pairs"):
        opened(client, official("kpu", "32.73"), reverse(name))


def test_a_dashboard_costs_the_same_for_little_and_for_much(client, django_assert_max_num_queries):
    plant(random.Random(1)), obstacle()  # noqa: B018 - both are counted
    opened(client, admin(), reverse("dashboard"))
    for name in ("dashboard", "dashboard_regencies", "dashboard_pairs"):
        with django_assert_max_num_queries(10):
            client.get(reverse(name))
