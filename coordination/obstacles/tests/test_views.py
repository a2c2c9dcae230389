"""The pages of obstacles as a browser without JavaScript meets them."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.obstacles import filing
from coordination.obstacles.lifecycle import perform
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from tests.files import clean_photo, jpeg, upload

pytestmark = pytest.mark.django_db
REPORT = "obstacles:report"


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture
def kpu():
    return official("kpu", "32.73")


@pytest.fixture
def dinas():
    return official("kominfo", "32.73")


def form_values(**changes):
    return {
        "client_id": str(uuid.uuid4()),
        "region": region("32.73.01.1001").code,
        "kind": "weak_signal",
        "since": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "description": "Sinyal lemah di balai desa",
    } | changes


def test_a_report_is_recorded_with_its_photos_and_shown(kpu):
    answer = signed_in(kpu).post(reverse(REPORT), form_values(photos=[upload()]), follow=True)
    row = Obstacle.objects.get()
    assert row.number in answer.content.decode()
    assert row.photos.count() == 1


def test_numbers_are_typed_with_comma_or_point(kpu):
    for typed in ("1,5", "1.5"):
        values = form_values(download_mbps=typed, latitude=typed.replace("1", "-6"), longitude="107,6")
        assert signed_in(kpu).post(reverse(REPORT), values | {"decision": "new"}).status_code == 302
    assert {(float(row.download_mbps), row.latitude) for row in Obstacle.objects.all()} == {(1.5, -6.5)}


def test_times_are_those_of_the_region_itself():
    papua = official("kpu", "91.11")
    values = form_values(region=region("91.11.01").code, since="2026-01-05T09:00")
    signed_in(papua).post(reverse(REPORT), values)
    assert Obstacle.objects.get().since.isoformat() == "2026-01-05T00:00:00+00:00"


def test_likely_duplicates_are_shown_with_text_and_photo_before_saving(kpu, dinas):
    known = obstacle(actor=lead("kpu", "32.73"), description="Menara mati sejak Senin")
    filing.edit(known, {}, actor=known.reported_by, version=known.version, photos=[clean_photo()])
    answer = signed_in(kpu).post(reverse(REPORT), form_values(description="Teks saya"))
    page = answer.content.decode()
    assert (answer.status_code, Obstacle.objects.count()) == (409, 1)
    for part in ("Menara mati sejak Senin", "/foto/", f"join:{known.number}", "Teks saya"):
        assert part in page


def test_joining_instead_adds_the_office_and_its_need(dinas):
    known = obstacle()
    client, values = signed_in(dinas), form_values(description="Kami juga", decision=f"join:{known.number}")
    for _ in range(2):
        assert client.post(reverse(REPORT), values).url == known.get_absolute_url()
    assert Obstacle.objects.count() == 1
    assert known.participations.get().need == "Kami juga"


def test_reporting_all_the_same_makes_a_new_record(kpu):
    obstacle()
    assert signed_in(kpu).post(reverse(REPORT), form_values(decision="new")).status_code == 302
    assert Obstacle.objects.count() == 2


def test_sending_the_form_twice_leads_to_the_same_record(kpu):
    client, values = signed_in(kpu), form_values()
    assert client.post(reverse(REPORT), values).url == client.post(reverse(REPORT), values).url
    assert Obstacle.objects.count() == 1


def test_an_edited_form_sent_again_keeps_the_text_and_names_the_first_record(kpu):
    client, values = signed_in(kpu), form_values(decision="new")
    client.post(reverse(REPORT), values)
    answer = client.post(reverse(REPORT), values | {"description": "Lain sama sekali"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Lain sama sekali" in page
    assert Obstacle.objects.get().number in page


def test_an_ambiguous_region_offers_its_candidates_and_the_choice_is_taken():
    province = official("kpu", "32")
    for code in ("32.04.39", "32.73.05"):
        region(code, name="Sukasari")
    answer = signed_in(province).post(reverse(REPORT), form_values(region="Sukasari"))
    assert [row.code for row in answer.context["form"].fields["region"].widget.candidates] == ["32.04.39", "32.73.05"]
    values = form_values(region="Sukasari", region_asked="Sukasari", region_choice="32.73.05", decision="new")
    assert signed_in(province).post(reverse(REPORT), values).status_code == 302
    assert Obstacle.objects.get().region.code == "32.73.05"


def test_the_page_offers_only_what_this_person_may_do(kpu, dinas):
    row = obstacle(actor=kpu)
    offered = {}
    for person in (kpu, dinas, official("bawaslu", "32.73"), official("kpu", "32")):
        context = signed_in(person).get(row.get_absolute_url()).context
        offered[person] = (
            {step.verb for step, _form in context["forms"]},
            context["may_edit"],
            bool(context["join_form"]),
        )
    assert list(offered.values()) == [
        ({"clear"}, True, False), ({"confirm", "mitigate", "clear", "merge"}, False, True), (set(), False, False),
        (set(), False, True),
    ]  # fmt: skip


def test_a_step_is_taken_from_the_page_and_a_conflict_keeps_the_text(dinas):
    row = obstacle()
    url = reverse("obstacles:step", args=[row.number, "confirm"])
    assert signed_in(dinas).post(url, {"version": row.version, "note": ""}).status_code == 422
    perform(row, "confirm", actor=official("kominfo", "32.73"), version=row.version, note="Sudah")
    answer = signed_in(dinas).post(url, {"version": row.version, "note": "Saya cek juga"})
    assert answer.status_code == 409
    assert "Saya cek juga" in answer.content.decode()
    clear = reverse("obstacles:step", args=[row.number, "mitigate"])
    answer = signed_in(dinas).post(clear, {"version": row.version, "note": "VSAT dipasang"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "VSAT dipasang" in page
    newest = Obstacle.objects.get().version
    assert signed_in(dinas).post(clear, {"version": newest, "note": "VSAT dipasang"}).status_code == 302


def test_merging_takes_the_number_of_an_obstacle_of_the_own_region(dinas):
    row, other, foreign = obstacle(), obstacle(), obstacle("32.04.05")
    url = reverse("obstacles:step", args=[row.number, "merge"])
    for number in (foreign.number, "HB-0", "\x00", row.number):
        answer = signed_in(dinas).post(url, {"version": row.version, "note": "Sama", "into": number})
        assert answer.status_code in (409, 422)
    values = {"version": row.version, "note": "Sama", "into": other.number.lower()}
    assert signed_in(dinas).post(url, values).status_code == 302


def test_of_two_people_editing_the_second_keeps_the_text(kpu):
    row = obstacle(actor=kpu)
    url = reverse("obstacles:edit", args=[row.number])
    first = form_values(version=row.version)
    assert signed_in(official("kpu", "32.73")).post(url, first).status_code == 302
    answer = signed_in(kpu).post(url, first | {"description": "Teks saya"})
    assert answer.status_code == 409
    assert "Teks saya" in answer.content.decode()


def test_a_photo_is_served_after_the_rights_check_only(kpu):
    signed_in(kpu).post(reverse(REPORT), form_values(photos=[upload("a.jpg", jpeg((50, 50), "red"))]))
    row = Obstacle.objects.get()
    url = reverse("obstacles:photo", args=[row.number, row.photos.get().key])
    answer = signed_in(official("kominfo", "32.73")).get(url)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content)
    assert signed_in(official("kpu", "32.04")).get(url).status_code == 404


def test_lists_are_filtered_and_searched_in_indonesian(kpu):
    one = obstacle(description="Kabel putus tertimbun longsor", kind="fibre_cut")
    two = obstacle("32.73.02.1001", description="Menara mati")
    cases = [
        ({"q": "tertimbun"}, {one}), ({"q": two.number.lower()}, {two}), ({"kind": "fibre_cut"}, {one}),
        ({"region": "32.73.02"}, {two}), ({"state": "cleared"}, set()), ({"q": "\x00' OR 1=1"}, {one, two}),
        ({"kind": "x"}, {one, two}), ({"dari": "omong kosong"}, {one, two}), ({"mine": "on"}, {one, two}),
    ]  # fmt: skip
    for query, expected in cases:
        answer = signed_in(kpu).get(reverse("obstacles:list"), query)
        assert (answer.status_code, set(answer.context["page"])) == (200, expected), query


@pytest.mark.parametrize("kept", ["session", "token"])
def test_what_was_typed_survives_an_ended_session_and_a_refused_token(kpu, kept):
    client = Client(enforce_csrf_checks=True) if kept == "token" else Client()
    if kept == "token":
        client.force_login(kpu)
    answer = client.post(reverse(REPORT), form_values(description="Yang sudah saya ketik"))
    assert answer.status_code == 302
    client.force_login(kpu)
    assert "Yang sudah saya ketik" in client.get(f"{reverse(REPORT)}?pulihkan=1").content.decode()
    assert not Obstacle.objects.exists()


@pytest.mark.parametrize("name", ["obstacles:list", "obstacles:detail"])
def test_a_page_costs_the_same_with_1_and_with_25_rows(name):
    client, row = signed_in(official("bawaslu", "32.73")), obstacle()
    arguments = [row.number] if name.endswith("detail") else []

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=arguments)).status_code == 200
        return len(queries)

    cost()  # the first visit also fills caches that every later one uses
    one = cost()
    for _ in range(24):
        obstacle()
        version = Obstacle.objects.get(pk=row.pk).version
        filing.edit(row, {"description": f"Ubah {version}"}, actor=row.reported_by, version=version)
    assert cost() == one <= 12
