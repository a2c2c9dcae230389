"""The page of one obstacle: its steps, joining, photos."""

import io
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from coordination.common.uploads import clean_upload
from coordination.obstacles import filing
from coordination.obstacles.lifecycle import perform
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.obstacles.tests.pages import form_values, signed_in
from coordination.offices.tests.factories import official
from tests.files import jpeg, upload

pytestmark = pytest.mark.django_db
REPORT = "obstacles:report"


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
        ({"clear"}, True, False), ({"confirm", "mitigate", "clear", "merge"}, False, False), (set(), False, False),
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


def test_a_photo_is_served_after_the_rights_check_only(kpu):
    signed_in(kpu).post(reverse(REPORT), form_values(photos=[upload("a.jpg", jpeg((50, 50), "red"))]))
    row = Obstacle.objects.get()
    url = reverse("obstacles:photo", args=[row.number, row.photos.get().key])
    answer = signed_in(official("kominfo", "32.73")).get(url)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content)
    assert signed_in(official("kpu", "32.04")).get(url).status_code == 404


def test_joining_an_obstacle_that_is_not_ones_own_to_see_keeps_the_text(kpu):
    for number in (obstacle("32.04.05.2001").number, "HB-0", "\x00", ""):
        answer = signed_in(kpu).post(reverse(REPORT), form_values(description="Teks saya", decision=f"join:{number}"))
        assert answer.status_code == 422
        assert "Teks saya" in answer.content.decode()


def test_joining_again_with_another_need_keeps_the_text(dinas):
    row = obstacle()
    url = reverse("obstacles:join", args=[row.number])
    client = signed_in(dinas)
    assert client.post(url, {"client_id": uuid.uuid4(), "need": "Satu"}).status_code == 302
    answer = client.post(url, {"client_id": uuid.uuid4(), "need": "Kebutuhan kedua"})
    assert answer.status_code == 409
    assert "Kebutuhan kedua" in answer.content.decode()
    assert client.get(row.get_absolute_url()).context["join_form"] is None


def test_a_step_that_is_not_ones_own_says_why(kpu):
    row = obstacle()
    url = reverse("obstacles:step", args=[row.number, "confirm"])
    for answer in (signed_in(kpu).get(url), signed_in(kpu).post(url, {"note": "Teks saya"})):
        assert answer.context["refusal"]
        assert answer.context["refusal"] in answer.content.decode()
    assert (answer.status_code, "Teks saya" in answer.content.decode()) == (422, True)


def test_a_step_form_survives_an_ended_session(dinas):
    row = obstacle()
    url, client = reverse("obstacles:step", args=[row.number, "confirm"]), Client()
    client.post(url, {"version": row.version, "note": "Sudah dicek di lapangan"})
    client.force_login(dinas)
    page = client.get(f"{url}?pulihkan=1").content.decode()
    assert "Sudah dicek di lapangan" in page
    assert Obstacle.objects.get().state == "open"


def test_the_small_copy_of_a_photo_is_served_like_the_photo(kpu):
    row = obstacle(actor=kpu)
    filing.edit(row, {}, actor=kpu, version=row.version, photos=[clean_upload(upload("a.jpg", jpeg((900, 600))))])
    url = reverse("obstacles:photo", args=[row.number, row.photos.get().key])
    answer = signed_in(kpu).get(f"{url}?kecil")
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (320, 213)
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(official("kpu", "32.04")).get(f"{url}?kecil").status_code == 404


def test_an_odd_file_name_does_not_break_the_header(kpu):
    row = obstacle(actor=kpu)
    photo = clean_upload(upload('menara "utara"; désa 🗼.png'))
    filing.edit(row, {}, actor=kpu, version=row.version, photos=[photo])
    answer = signed_in(kpu).get(reverse("obstacles:photo", args=[row.number, row.photos.get().key]))
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''menara%20%22utara%22")


def test_a_request_is_offered_for_what_is_of_the_network_only(kpu, dinas):
    offered = [(kpu, "weak_signal", True), (dinas, "weak_signal", False), (kpu, "quota", False)]
    for person, kind, may in offered:
        row = obstacle(kind=kind)
        page = signed_in(person).get(row.get_absolute_url()).content.decode()
        assert (f"?hambatan={row.number}" in page) is may


def test_what_happens_next_names_the_office_that_must_act(dinas):
    row = obstacle()
    assert signed_in(dinas).get(row.get_absolute_url()).context["answering"] == dinas.office
    dinas.is_active = False
    dinas.save()
    above = official("kominfo", "32")
    assert signed_in(above).get(row.get_absolute_url()).context["answering"] == above.office
