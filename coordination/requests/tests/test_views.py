"""The pages of requests as a browser without JavaScript meets them."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.common.errors import DomainError
from coordination.common.uploads import clean_upload
from coordination.history.models import Event
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from coordination.requests.choices import State
from coordination.requests.filing import attach
from coordination.requests.models import Attachment, Comment, CoordinationRequest
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.tests.pages import form_values, signed_in, step_url
from coordination.requests.workflow import perform
from tests.files import PDF, jpeg, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def filer():
    return lead("kpu", "32.73")


@pytest.fixture
def handler():
    return lead("kominfo", "32.73")


def test_the_main_job_from_filed_to_closed(filer, handler):
    kpu, dinas = signed_in(filer), signed_in(handler)
    hurdle = obstacle(actor=filer)
    answer = kpu.post(reverse("requests:new"), form_values(hurdle), follow=True)
    item = CoordinationRequest.objects.get()
    assert item.state == State.SUBMITTED
    assert item.number in answer.content.decode()
    for client, verb, typed in (
        (dinas, "accept", VALUES["accept"]),
        (dinas, "assign", {"person_in_charge": handler.pk}),
        (dinas, "start", VALUES["start"]),
        (dinas, "resolve", VALUES["resolve"]),
        (kpu, "confirm", {}),
    ):
        item.refresh_from_db()
        answer = client.post(step_url(item, verb), typed | {"version": item.version})
        assert answer.status_code == 302, answer.context["refused"] or answer.content.decode()
    item.refresh_from_db()
    assert item.state == State.CLOSED


def test_evidence_comes_with_the_result_in_one_step_and_a_double_click_adds_nothing(filer, handler):
    item = coordination_request(State.IN_PROGRESS, filer=filer, handler=handler)
    client, values = signed_in(handler), VALUES["resolve"] | {"version": item.version}
    assert 'enctype="multipart/form-data"' in client.get(item.get_absolute_url()).content.decode()
    for _ in range(2):
        files = [upload(), upload("surat.pdf", PDF, "application/pdf")]
        assert client.post(step_url(item, "resolve"), values | {"files": files}).status_code == 302
    item.refresh_from_db()
    assert item.state == State.RESOLVED
    assert {file.name for file in item.attachments.all()} == {"bukti.jpg", "surat.pdf"}
    assert Event.objects.about(item).get(verb="resolve").data["files"] == 2


def test_evidence_that_cannot_be_kept_leaves_the_request_as_it_was(filer, handler):
    item = coordination_request(State.IN_PROGRESS, filer=filer, handler=handler)
    client, values = signed_in(handler), VALUES["resolve"] | {"version": item.version}
    wrong = client.post(step_url(item, "resolve"), values | {"files": [upload("x.pdf", b"no", "application/pdf")]})
    many = [upload(f"{number}.jpg", jpeg((20 + number, 20))) for number in range(6)]
    attach(item, [clean_upload(file) for file in many[:5]], actor=handler)
    more = [upload(f"b{number}.jpg", jpeg((60 + number, 20))) for number in range(6)]
    too_many = client.post(step_url(item, "resolve"), values | {"files": more})
    assert (wrong.status_code, too_many.status_code) == (422, 409)
    for answer in (wrong, too_many):
        assert VALUES["resolve"]["note"] in answer.content.decode()
    item.refresh_from_db()
    assert (item.state, item.attachments.count()) == (State.IN_PROGRESS, 5)


def test_what_is_missing_stays_in_sight_until_it_was_completed(filer, handler):
    item = coordination_request(State.RETURNED, filer=filer, handler=handler)
    client = signed_in(filer)
    client.post(reverse("requests:comment", args=[item.slug]), {"client_id": uuid.uuid4(), "text": "Segera"})
    for address in (item.get_absolute_url(), reverse("requests:edit", args=[item.slug])):
        assert f"<blockquote>{VALUES['return']['note']}" in client.get(address).content.decode()


def test_an_election_office_cannot_use_obstacles_or_regions_of_another(filer, handler):
    foreign = obstacle("32.04.05.2001")
    for changes in ({"obstacles": [foreign.pk]}, {"region": "32.04"}, {"more_obstacles": foreign.number}):
        own = obstacle(actor=filer)
        answer = signed_in(filer).post(reverse("requests:new"), form_values(own, **changes))
        assert answer.status_code == 422
        assert foreign.description not in answer.content.decode()
    assert not CoordinationRequest.objects.exists()


def test_offices_that_only_handle_are_told_why_they_cannot_file(handler):
    answer = signed_in(handler).get(reverse("requests:new"), follow=True)
    assert answer.redirect_chain
    assert len(answer.context["messages"]) == 1


@pytest.mark.parametrize(
    "slug", ["PK-3273-2026-9999", "x", "6f1c3a52-0f35-4a5f-9d7e-0d8f5a1f2b3c", "PK-3273-2026-0001 ", "%00"]
)
def test_an_unknown_number_is_not_found(filer, slug):
    assert signed_in(filer).get(f"/permohonan/{slug}/").status_code == 404


def test_only_the_steps_this_person_may_take_now_are_offered(filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    offered = {
        person: {step.verb for step, _form in signed_in(person).get(item.get_absolute_url()).context["forms"]}
        for person in (
            filer,
            handler,
            official("kominfo", "32.73"),
            official("bawaslu", "32.73"),
            lead("kominfo", "32"),
        )
    }
    assert list(offered.values()) == [
        {"withdraw"}, {"accept", "return", "forward", "decline"}, {"accept", "return"}, set(), set(),
    ]  # fmt: skip


def test_a_missing_answer_keeps_what_was_typed(handler):
    item = coordination_request(State.ACCEPTED, handler=handler)
    answer = signed_in(handler).post(
        step_url(item, "start"), {"version": item.version, "planned_measure": "Survei besok", "target_date": "besok"}
    )
    assert answer.status_code == 422
    assert "Survei besok" in answer.content.decode()


@pytest.mark.parametrize(
    ("verb", "state", "field"), [("start", State.ACCEPTED, "target_date"), ("wait", State.IN_PROGRESS, "waiting_until")]
)
def test_no_day_of_a_step_is_more_than_two_years_ahead(handler, verb, state, field):
    item = coordination_request(state, handler=handler)
    typed = VALUES[verb] | {"version": item.version, field: timezone.localdate() + timedelta(days=3 * 366)}
    answer = signed_in(handler).post(step_url(item, verb), typed)
    assert answer.status_code == 422
    assert "dua tahun" in answer.content.decode()


def test_no_activity_is_more_than_two_years_ahead(filer):
    far = timezone.localdate() + timedelta(days=3 * 366)
    answer = signed_in(filer).post(reverse("requests:new"), form_values(obstacle(actor=filer), activity_on=far))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["activity_on"]


@pytest.mark.parametrize("missing", ["waiting_for", "waiting_reference", "waiting_until"])
def test_waiting_for_a_third_party_names_the_party_a_reference_and_a_day(handler, missing):
    item = coordination_request(State.IN_PROGRESS, handler=handler)
    values = {name: value for name, value in VALUES["wait"].items() if name != missing}
    answer = signed_in(handler).post(step_url(item, "wait"), values | {"version": item.version})
    assert answer.status_code == 422
    assert list(dict((step.verb, form) for step, form in answer.context["forms"])["wait"].errors) == [missing]
    with pytest.raises(DomainError):
        perform(item, "wait", actor=handler, version=item.version, values=values)


def test_a_conflict_shows_who_was_faster_keeps_the_text_and_can_be_sent_again(filer, handler):
    item = coordination_request(State.IN_PROGRESS, filer=filer, handler=handler)
    seen = item.version
    colleague = lead("kominfo", "32.73", name="Dewi")
    perform(item, "assign", actor=colleague, version=item.version, values={"person_in_charge": handler})
    values = VALUES["resolve"] | {"note": "Sudah diganti"}
    answer = signed_in(handler).post(step_url(item, "resolve"), values | {"version": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Dewi" in page
    assert "Sudah diganti" in page
    form = dict((step.verb, form) for step, form in answer.context["forms"])["resolve"]
    again = signed_in(handler).post(step_url(item, "resolve"), values | {"version": form["version"].value()})
    assert again.status_code == 302


def test_a_step_that_became_impossible_says_so_and_keeps_the_text(filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    perform(item, "withdraw", actor=filer, version=item.version, values=VALUES["withdraw"])
    answer = signed_in(handler).post(step_url(item, "accept"), {"version": item.version, "note": "Kami cek"})
    assert answer.status_code == 409
    assert "Kami cek" in answer.content.decode()


def test_pressing_the_same_button_twice_is_not_an_error(handler):
    item = coordination_request(State.SUBMITTED, handler=handler)
    client, typed = signed_in(handler), VALUES["accept"] | {"version": item.version}
    client.post(step_url(item, "accept"), typed)
    answer = client.post(step_url(item, "accept"), typed, follow=True)
    assert answer.status_code == 200
    assert item.comments.count() == 0


def test_an_internal_note_is_read_by_the_own_office_only(filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    values = {"client_id": uuid.uuid4(), "text": "Jangan lupa genset", "internal": "on"}
    assert signed_in(handler).post(reverse("requests:comment", args=[item.slug]), values).status_code == 302
    readers = (handler, filer, lead("kominfo", "32"), official("bawaslu", "32.73"))
    seen = ["Jangan lupa genset" in signed_in(r).get(item.get_absolute_url()).content.decode() for r in readers]
    assert seen == [True, False, False, False]


def test_a_comment_sent_twice_is_one_comment(filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    values = {"client_id": uuid.uuid4(), "text": "Terima kasih"}
    for _ in range(2):
        signed_in(filer).post(reverse("requests:comment", args=[item.slug]), values)
    assert Comment.objects.count() == 1


def test_a_file_is_served_after_the_rights_check_and_never_as_a_page(filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    url = reverse("requests:attach", args=[item.slug])
    files = [upload("../../surat\r\n.pdf", PDF, "text/html"), upload("foto.jpg", jpeg())]
    assert signed_in(filer).post(url, {"files": files}).status_code == 302
    pdf = Attachment.objects.get(content_type="application/pdf")
    address = reverse("requests:attachment", args=[item.slug, pdf.key])
    answer = signed_in(handler).get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert signed_in(lead("kominfo", "32.04")).get(address).status_code == 404
    assert ".." not in pdf.file.name


def test_an_ended_session_shows_the_filled_form_again_after_signing_in(filer, handler):
    hurdle = obstacle(actor=filer)
    client = Client()
    answer = client.post(reverse("requests:new"), form_values(hurdle, text="Yang sudah saya ketik"))
    assert answer.url.startswith(reverse("account_login"))
    assert not CoordinationRequest.objects.exists()
    client.force_login(filer)
    page = client.get(f"{reverse('requests:new')}?pulihkan=1").content.decode()
    assert "Yang sudah saya ketik" in page
    assert not CoordinationRequest.objects.exists()


def test_a_refused_form_token_shows_the_filled_form_again(filer, handler):
    hurdle = obstacle(actor=filer)
    client = signed_in(filer, enforce_csrf_checks=True)
    answer = client.post(reverse("requests:new"), form_values(hurdle, text="Yang sudah saya ketik"))
    page = client.get(answer.url).content.decode()
    assert "Yang sudah saya ketik" in page
    assert not CoordinationRequest.objects.exists()


def test_a_kept_form_is_shown_to_nobody_else(filer, handler):
    hurdle = obstacle(actor=filer)
    Client().post(reverse("requests:new"), form_values(hurdle, text="Yang sudah saya ketik"))
    page = signed_in(filer).get(f"{reverse('requests:new')}?pulihkan=1").content.decode()
    assert "Yang sudah saya ketik" not in page


@pytest.mark.parametrize(("verb", "field"), [("start", "target_date"), ("wait", "waiting_until")])
def test_nothing_is_planned_for_a_day_that_has_passed(filer, handler, verb, field):
    state = State.ACCEPTED if verb == "start" else State.IN_PROGRESS
    item = coordination_request(state, filer=filer, handler=handler)
    values = VALUES[verb] | {"version": item.version, field: "2020-01-01"}
    answer = signed_in(handler).post(step_url(item, verb), values)
    assert answer.status_code == 422
    assert "Tanggal ini sudah lewat" in answer.content.decode()
