"""The pages about regions: who may open which, what stands on them, and what they cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from coordination.dashboards import queries
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.models import Official
from coordination.offices.tests.factories import admin, lead, office, official
from coordination.regions.models import EarlierCode, OtherName, Region
from coordination.regions.searching import lexemes
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"
ODD = ["%", "'", '"><script>', "\x00", "\x00\x00a", "&|!", ":*", "()", "a" * 5000, "🦄🦄", "٣٢", "32..", "\u202eabc"]


def searchable(code, name):
    """A region with its search words, as the loader writes them."""
    made = region(code, name=name)
    with connection.cursor() as cursor:
        words = [lexemes(name, code), made.pk]
        cursor.execute("UPDATE regions_region SET search = array_to_tsvector(%s::text[]) WHERE id = %s", words)
    return made


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def html(client, user, code):
    return get(client, user, "region", code).content.decode()


@pytest.mark.parametrize(
    ("code", "status"), [("32.73", 200), (VILLAGE, 200), ("32", 404), ("32.04", 404), ("33", 404), ("32.7", 404)]
)
@pytest.mark.parametrize("kind", ["kpu", "kominfo", "bawaslu"])
def test_a_region_is_open_within_the_jurisdiction_only(client, kind, code, status):
    for known in (VILLAGE, "32.04", "33"):
        region(known)
    assert get(client, official(kind, "32.73"), "region", code).status_code == status


@pytest.mark.parametrize("code", ["32", "32.73", "33", VILLAGE])
def test_the_country_and_the_admin_open_every_region(client, code):
    for known in (VILLAGE, "33"):
        region(known)
    assert get(client, official("kominfo"), "region", code).status_code == 200
    assert get(client, admin(), "region", code).status_code == 200


@pytest.mark.parametrize("name", ["regions", "region_search"])
def test_strangers_are_sent_to_sign_in(client, name):
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))
    assert client.get(reverse("region", args=["32.73"])).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("code", ODD[:2] + ["\x00", "3", "32.", "32.73.", "a" * 300, "32.73.01.1001.1", "..", "³²"])
def test_a_code_that_nobody_gave_is_not_found(client, code):
    region(VILLAGE)
    assert get(client, admin(), "region", code).status_code == 404


def test_an_earlier_code_leads_to_the_region_of_today(client):
    merauke = region("93.01", name="Kab. Merauke")
    EarlierCode.objects.create(region=merauke, code="91.01", valid_to="2022-07-24", source="UU 14/2022")
    response = get(client, official("kpu", "93.01"), "region", "91.01")
    assert (response.status_code, response.url) == (302, reverse("region", args=["93.01"]))
    assert get(client, official("kpu", "32.73"), "region", "91.01").status_code == 404
    assert get(client, official("kpu", "93.01"), "region", "9301").url == reverse("region", args=["93.01"])
    page = html(client, official("kpu", "93.01"), "93.01")
    assert "91.01" in page
    assert "24 Juli 2022" in page


def test_the_page_says_what_is_known_and_that_the_level_is_not(client):
    place = region("53.03", name="Kab. Timor Tengah Utara", population=265_000, latitude=-9.45, longitude=124.48)
    OtherName.objects.create(region=place, name="Kab. TTU")
    page = html(client, official("kpu", "53.03"), "53.03")
    for text in ("WITA", "265.000", "-9,4500", "124,4800", "Kab. TTU", "Not measured yet", "Provinsi 53"):
        assert text in page or translated(text) in page


def translated(text):
    with translation.override("id"):
        return translation.gettext(text)


def test_a_region_that_ended_says_so(client):
    place = region("32.73")
    Region.objects.filter(pk=place.pk).update(valid_to=datetime.date(2026, 3, 1))
    assert "1 Maret 2026" in html(client, official("kpu", "32.73"), "32.73")


def test_obstacles_and_requests_here_are_shown_and_counted(client):
    mine = obstacle(VILLAGE, description="x")
    open_request = coordination_request(State.SUBMITTED, subject="Mohon survei", obstacles=[mine])
    coordination_request(State.CLOSED, subject="Sudah selesai", obstacles=[mine])
    shown = get(client, official("bawaslu", "32.73"), "region", "32.73").context["shown"]
    assert (shown.obstacles.number, shown.obstacles.rows) == (1, [mine])
    assert (shown.requests.number, shown.requests.rows) == (1, [open_request])
    assert get(client, official("kpu", "32"), "region", "32").context["shown"].requests.number == 1
    other = get(client, official("kpu", "32"), "region", "32.73.01").context["shown"]
    assert other.requests.number == 1


def test_drafts_of_other_offices_are_not_counted(client):
    coordination_request(State.DRAFT, subject="Rahasia")
    response = get(client, official("kominfo", "32"), "region", "32.73")
    assert response.context["shown"].requests.number == 0
    assert "Rahasia" not in response.content.decode()


def test_counting_stops_at_a_thousand(client, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 1)
    for _number in range(2):
        obstacle(VILLAGE)
    assert "(1+)" in html(client, official("kpu", "32.73"), "32.73")


def test_the_offices_of_the_region_say_whom_to_reach(client):
    lead("kominfo", "32.73", name="Ratna Wulandari", position="Kepala Dinas")
    Official.objects.filter(pk=official("kominfo", "32.73", name="Sudah Pindah").pk).update(is_active=False)
    office("kominfo", "32.04", name="Diskominfo tetangga")
    official("bawaslu", "32.73", "viewer", name="Staf Pengawas")
    region(VILLAGE)
    page = html(client, official("kpu", "32.73"), VILLAGE)
    assert "Ratna Wulandari, Kepala Dinas" in page
    assert "Staf Pengawas" in page
    assert "Sudah Pindah" not in page
    assert "tetangga" not in page


@pytest.mark.parametrize(
    ("people", "marked", "passed_over"),
    [([], True, True), (["viewer"], True, True), (["officer"], False, False), (None, False, True)],
    ids=["nobody", "a viewer alone", "an officer", "no office"],
)
def test_the_red_list_marks_an_ict_office_without_anybody_who_can_act(client, people, marked, passed_over):
    reader = official("kpu", "32.73")
    if people is not None:
        office("kominfo", "32.73")
    for role in people or []:
        official("kominfo", "32.73", role)
    shown = get(client, reader, "region", "32.73").context["shown"]
    assert (shown.on_red_list, shown.nobody_answers) == (marked, passed_over)


def test_an_office_of_the_past_is_not_shown(client):
    office("kominfo", "32.73", name="Dinas lama", valid_to=datetime.date(2021, 1, 1))
    assert "Dinas lama" not in html(client, official("kpu", "32.73"), "32.73")


def test_the_list_begins_at_the_own_jurisdiction(client):
    for known in (VILLAGE, "32.73.02", "32.04.01"):
        region(known)
    assert codes(get(client, official("kpu", "32.73"), "regions")) == ["32.73.01", "32.73.02"]
    assert codes(get(client, official("kpu", "32"), "regions")) == ["32.04", "32.73"]
    assert codes(get(client, official("kpu"), "regions")) == ["32"]
    assert codes(get(client, admin(), "regions")) == ["32"]


def codes(response):
    return [place.code for place in response.context["page"]]


def test_many_regions_below_come_in_pages(client):
    reader = official("kpu", "32.73")
    for number in range(1, queries.CHILDREN + 3):
        region(f"32.73.{number:02}")
    first = get(client, reader, "region", "32.73")
    assert len(codes(first)) == queries.CHILDREN
    second = get(client, reader, "region", "32.73", dari=first.context["page"].older)
    assert codes(second) == ["32.73.51", "32.73.52"]
    assert codes(get(client, reader, "region", "32.73", dari="nobody made this"))[0] == "32.73.01"


def test_search_finds_by_name_and_code_within_the_jurisdiction(client):
    searchable("32.04.39", "Ciwidey")
    searchable("33.01.39", "Ciwidey")
    reader = official("kpu", "32.04")
    for text in ("ciwi", "Ciwidey", "32.04.39", "320439", "kec ciwidey"):
        assert [place.code for place in get(client, reader, "regions", q=text).context["found"]] == ["32.04.39"]
    assert get(client, reader, "region_search", q="ciw").json() == {
        "results": [{"code": "32.04.39", "name": Region.objects.get(code="32.04.39").full_name}]
    }
    assert len(get(client, admin(), "region_search", q="ciw").json()["results"]) == 2


def test_suggestions_are_ten_at_most_and_need_two_characters(client):
    for number in range(1, 13):
        searchable(f"32.73.{number:02}", f"Suka {number}")
    reader = official("kpu", "32.73")
    assert len(get(client, reader, "region_search", q="suka").json()["results"]) == queries.SUGGESTED
    for text in ("", "s", " s "):
        assert get(client, reader, "region_search", q=text).json() == {"results": []}


def test_the_list_says_when_more_regions_fit(client, monkeypatch):
    monkeypatch.setattr(queries, "FOUND", 2)
    for number in range(1, 4):
        searchable(f"32.73.{number:02}", f"Suka {number}")
    response = get(client, official("kpu", "32.73"), "regions", q="suka")
    assert (len(response.context["found"]), response.context["more"]) == (2, True)


def test_a_region_that_ended_is_not_suggested(client):
    Region.objects.filter(pk=searchable("32.73.01", "Sukasari").pk).update(valid_to="2026-01-01")
    assert get(client, admin(), "region_search", q="sukasari").json() == {"results": []}


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("name", ["regions", "region_search"])
def test_odd_searches_are_answered(client, name, text):
    searchable("32.73.01", "Sukasari")
    response = get(client, official("kpu", "32.73"), name, q=text)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("name", ["regions", "region_search", "region"])
def test_the_pages_only_answer_get(client, name):
    client.force_login(official("kpu", "32.73"))
    assert client.post(reverse(name, args=["32.73"] if name == "region" else [])).status_code == 405


def test_the_number_of_queries_is_small_and_does_not_grow(client):
    reader = lead("kpu", "32.73")
    official("kominfo", "32.73")
    hurdle = obstacle(VILLAGE, actor=reader)
    coordination_request(filer=reader, obstacles=[hurdle])
    client.force_login(reader)
    few = queries_of(client)
    for number in range(1, 12):
        region(f"32.73.01.20{number:02}")
        official("kominfo", "32.73")
        coordination_request(filer=reader, obstacles=[obstacle(VILLAGE, actor=reader)])
    assert queries_of(client) == few <= 12


def queries_of(client):
    """How many queries the district's page takes, the session's and the user's among them."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("region", args=["32.73.01"])).status_code == 200
    return len(captured)


def test_the_lists_take_few_queries(client, django_assert_max_num_queries):
    searchable("32.73.01", "Sukasari")
    client.force_login(official("kpu", "32.73"))
    for query in ("", "?q=suka"):
        with django_assert_max_num_queries(4):
            client.get(reverse("regions") + query)
    with django_assert_max_num_queries(3):
        client.get(reverse("region_search") + "?q=suka")


def test_the_dashboard_leads_up_as_far_as_the_reader_answers_for(client):
    region("32.73.01.1001")
    client.force_login(official("kpu", "32"))
    regency, province = (
        client.get(reverse("region_dashboard", args=[code])).content.decode() for code in ("32.73", "32")
    )
    assert 'href="/dasbor/32/"' in regency
    assert '<p class="eyebrow">' not in province
    client.force_login(official("kpu"))
    assert '<p class="eyebrow"><a href="/dasbor/">' in client.get("/dasbor/32/").content.decode()
