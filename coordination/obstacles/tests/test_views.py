"""Reporting an obstacle, as a browser without JavaScript meets it."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.common.uploads import clean_upload
from coordination.obstacles import filing
from coordination.obstacles.lifecycle import perform
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.obstacles.tests.pages import form_values, signed_in
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from tests.files import clean_photo, jpeg, upload

pytestmark = pytest.mark.django_db
REPORT = "obstacles:report"


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
    assert (answer.status_code, Obstacle.objects.count()) == (422, 1)
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


def test_a_double_click_is_not_asked_whether_it_repeats_itself(kpu):
    client, values = signed_in(kpu), form_values()
    first = client.post(reverse(REPORT), values)
    obstacle()
    assert client.post(reverse(REPORT), values).url == first.url


def test_a_form_that_somebody_else_sent_from_this_computer_can_be_sent_again(kpu):
    values = form_values(decision="new", description="Teks saya")
    signed_in(kpu).post(reverse(REPORT), values)
    client = signed_in(official("kpu", "32.73"))
    answer = client.post(reverse(REPORT), values)
    assert answer.status_code == 422
    assert Obstacle.objects.get().number not in answer.content.decode()
    values["client_id"] = answer.context["form"]["client_id"].value()
    assert client.post(reverse(REPORT), values).status_code == 302
    assert Obstacle.objects.count() == 2


def test_the_zone_in_which_times_are_typed_is_named():
    for code, zone in (("32.73", "WIB"), ("51.71", "WITA"), ("91.11", "WIT")):
        form = signed_in(official("kpu", code)).get(reverse(REPORT)).context["form"]
        assert form.fields["since"].help_text.rstrip(".").endswith(zone)


def test_where_many_regions_share_a_name_the_reader_is_told_to_say_more():
    for number in range(14):
        region(f"32.04.39.20{number:02d}", name="Sukamaju")
    answer = signed_in(official("kpu", "32")).post(reverse(REPORT), form_values(region="Sukamaju"))
    assert len(answer.context["form"].fields["region"].widget.candidates) == 12
    assert "12" in answer.context["form"].errors["region"][0]


def test_a_foreign_region_is_answered_like_one_that_does_not_exist(kpu):
    region("32.04.39", name="Rahasia")
    client = signed_in(kpu)
    for pair in (("Rahasia", "Antah"), ("32.04.39", "32.04.40"), ("Rahasia (32.04.39)", "Antah (32.04.40)")):
        reports = [client.post(reverse(REPORT), form_values(region=text)) for text in pair]
        lists = [client.get(reverse("obstacles:list"), {"region": text}) for text in pair]
        for answers in (reports, lists):
            known, unknown = [answer.context["form"].errors["region"] for answer in answers]
            assert known == unknown


def test_candidates_are_those_of_the_own_region_only(kpu):
    for code in ("32.04.39", "32.73.05", "32.73.06"):
        region(code, name="Sukasari")
    for answer in (
        signed_in(kpu).post(reverse(REPORT), form_values(region="Sukasari")),
        signed_in(kpu).get(reverse("obstacles:list"), {"region": "Sukasari"}),
    ):
        found = answer.context["form"].fields["region"].widget.candidates
        assert [row.code for row in found] == ["32.73.05", "32.73.06"]


def test_signs_that_nobody_types_are_left_out_and_a_line_counts_as_in_the_browser(kpu):
    text = "sebelum\x00 \u202esesudah\x1b\r\nbaris " + "\r\n" * 1000 + "x" * 2950
    signed_in(kpu).post(reverse(REPORT), form_values(description=text))
    assert Obstacle.objects.get().description.startswith("sebelum sesudah\nbaris \n\n")


def test_one_photo_too_many_is_said_beside_its_field_and_the_text_stays(kpu):
    answer = signed_in(kpu).post(reverse(REPORT), form_values(photos=[upload() for _ in range(11)]))
    assert answer.status_code == 422
    assert answer.context["form"].has_error("photos")
    assert "Sinyal lemah di balai desa" in answer.content.decode()


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

    def add(number):
        other = obstacle()
        filing.join(row, "Putus", actor=official("kominfo", "32.73"), client_id=uuid.uuid4(), body_sha256="x")
        version = Obstacle.objects.get(pk=row.pk).version
        photos = [clean_upload(upload(content=jpeg((20 + number, 20))))] if number < 5 else []
        values = {"description": f"Ubah {version}"}
        filing.edit(row, values, actor=row.reported_by, version=version, photos=photos)
        perform(other, "merge", actor=official("kominfo", "32.73"), version=1, note="Sama", into=row)
        obstacle()

    add(0)
    cost()  # the first visit also fills caches that every later one uses
    one = cost()
    for number in range(1, 25):
        add(number)
    assert cost() == one <= 12
