"""The pages of requests as a browser without JavaScript meets them."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from coordination.common.errors import DomainError
from coordination.common.uploads import clean_upload
from coordination.history.models import Event
from coordination.obstacles.lifecycle import perform as clear
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin, lead, official
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.filing import attach
from coordination.requests.forms import OFFERED_OBSTACLES
from coordination.requests.models import Attachment, Comment, CoordinationRequest
from coordination.requests.tests.factories import SOON, VALUES, coordination_request
from coordination.requests.workflow import perform
from tests.files import PDF, clean_pdf, jpeg, upload
from tests.races import at_once

pytestmark = pytest.mark.django_db


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


def step_url(item, verb):
    return reverse("requests:step", args=[item.slug, verb])


@pytest.fixture
def filer():
    return lead("kpu", "32.73")


@pytest.fixture
def handler():
    return lead("kominfo", "32.73")


def form_values(hurdle, **changes):
    return {
        "client_id": str(uuid.uuid4()),
        "region": hurdle.region.code,
        "subject": "Sinyal lemah di balai desa",
        "obstacles": [hurdle.pk],
        "text": "Mohon diperiksa.",
        "urgency": "urgent",
        "decision": "submit",
    } | changes


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


def test_a_draft_is_saved_and_submitted_later_under_its_number(filer, handler):
    client = signed_in(filer)
    client.post(reverse("requests:new"), form_values(obstacle(actor=filer), decision="draft"))
    draft = CoordinationRequest.objects.get()
    assert (draft.state, draft.number) == (State.DRAFT, None)
    answer = client.post(step_url(draft, "submit"), {"version": draft.version})
    draft.refresh_from_db()
    assert answer.url == reverse("requests:detail", args=[draft.number])


def test_a_draft_that_a_colleague_submitted_meanwhile_is_still_found_under_its_address(filer, handler):
    item = coordination_request(State.DRAFT, filer=filer, handler=handler)
    draft, client = item.get_absolute_url(), signed_in(lead("kpu", "32.73"))
    perform(item, "submit", actor=filer, version=item.version)
    item.refresh_from_db()
    assert client.get(draft).url == item.get_absolute_url()
    assert signed_in(filer).post(f"{draft}langkah/submit/", {"version": 1}).url == item.get_absolute_url()
    answer = client.post(f"{draft}ubah/", form_values(item.obstacles.get(), version=1, text="Teks saya"))
    assert answer.status_code == 422
    assert "Teks saya" in answer.content.decode()


def test_a_draft_that_was_withdrawn_stays_with_its_office(filer, handler):
    """What was never submitted is nobody else's to read, nor are its files."""
    draft = coordination_request(State.DRAFT, filer=filer, handler=handler)
    filing.attach(draft, [clean_pdf()], actor=filer)
    item = perform(draft, "withdraw", actor=filer, version=draft.version, values=VALUES["withdraw"])
    assert signed_in(filer).get(item.get_absolute_url()).status_code == 200
    file = reverse("requests:attachment", args=[item.slug, item.attachments.get().key])
    for reader in (handler, official("bawaslu", "32.73"), lead("kpu", "32"), admin()):
        assert signed_in(reader).get(item.get_absolute_url()).status_code == 404
        assert signed_in(reader).get(file).status_code == 404
        assert item.subject not in signed_in(reader).get(reverse("requests:list")).content.decode()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_draft_whose_form_is_then_submitted_twice_at_once_is_one_request():
    filer, _handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    values = form_values(obstacle(actor=filer))
    signed_in(filer).post(reverse("requests:new"), values | {"decision": "draft"})
    answers = at_once([lambda: signed_in(filer).post(reverse("requests:new"), values)] * 2)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert CoordinationRequest.objects.get().state == State.SUBMITTED


def test_a_form_that_was_saved_as_a_draft_can_be_sent_again_to_submit_it(filer, handler):
    client, values = signed_in(filer), form_values(obstacle(actor=filer))
    client.post(reverse("requests:new"), values | {"decision": "draft"})
    assert CoordinationRequest.objects.get().state == State.DRAFT
    client.post(reverse("requests:new"), values)
    assert CoordinationRequest.objects.get().state == State.SUBMITTED


def test_a_double_click_on_saving_saves_once(filer):
    item = coordination_request(State.DRAFT, filer=filer)
    values = form_values(item.obstacles.get(), version=item.version, text="Teks baru")
    for _ in range(2):
        assert signed_in(filer).post(reverse("requests:edit", args=[item.slug]), values).status_code == 302
    item.refresh_from_db()
    assert (item.version, item.text) == (2, "Teks baru")


def test_an_obstacle_that_was_cleared_meanwhile_stays_named_when_the_request_is_edited(filer, handler):
    item = coordination_request(State.RETURNED, filer=filer, handler=handler)
    hurdle = item.obstacles.get()
    clear(hurdle, "clear", actor=handler, version=hurdle.version, note="Pulih")
    values = form_values(hurdle, version=item.version, text="Teks baru")
    answer = signed_in(filer).post(reverse("requests:edit", args=[item.slug]), values)
    assert answer.status_code == 302, answer.context["form"].errors
    assert item.obstacles.get() == hurdle


def test_the_form_that_was_kept_while_signing_in_again_names_the_cleared_obstacle_too(filer, handler):
    item = coordination_request(State.RETURNED, filer=filer, handler=handler)
    hurdle = item.obstacles.get()
    clear(hurdle, "clear", actor=handler, version=hurdle.version, note="Pulih")
    client, page = Client(), reverse("requests:edit", args=[item.slug])
    client.post(page, form_values(hurdle, version=item.version, text="Teks baru"))
    client.force_login(filer)
    form = client.get(f"{page}?pulihkan=1").context["form"]
    assert form["text"].value() == "Teks baru"
    assert [pk for pk, _label in form.fields["obstacles"].choices] == [hurdle.pk]
    assert not form.errors


def test_every_obstacle_of_a_request_stays_in_its_form(filer):
    rows = [obstacle(actor=filer) for _ in range(OFFERED_OBSTACLES * 2 + 2)]
    item = coordination_request(State.DRAFT, filer=filer, obstacles=rows)
    form = signed_in(filer).get(reverse("requests:edit", args=[item.slug])).context["form"]
    assert {pk for pk, _label in form.fields["obstacles"].choices} == {row.pk for row in rows}


def test_a_file_that_is_attached_already_adds_nothing_to_the_history(filer):
    item = coordination_request(State.SUBMITTED, filer=filer)
    for _ in range(2):
        values = {"files": [upload()]}
        answer = signed_in(filer).post(reverse("requests:attach", args=[item.slug]), values, follow=True)
        assert answer.status_code == 200
    assert [event.data["files"] for event in Event.objects.about(item).filter(verb="attach")] == [1]


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


def test_sending_the_form_twice_leads_to_the_same_request(filer, handler):
    client, values = signed_in(filer), form_values(obstacle(actor=filer))
    first, second = client.post(reverse("requests:new"), values), client.post(reverse("requests:new"), values)
    assert first.url == second.url
    assert CoordinationRequest.objects.count() == 1


def test_an_edited_form_sent_again_is_not_taken_for_the_first_and_loses_nothing(filer, handler):
    client, values = signed_in(filer), form_values(obstacle(actor=filer))
    client.post(reverse("requests:new"), values)
    answer = client.post(reverse("requests:new"), values | {"text": "Isi yang lain"})
    assert answer.status_code == 422
    assert "Isi yang lain" in answer.content.decode()
    assert answer.context["existing"] == CoordinationRequest.objects.get()
    again = client.post(
        reverse("requests:new"),
        values | {"text": "Isi yang lain", "client_id": answer.context["form"]["client_id"].value()},
    )
    assert again.status_code == 302
    assert CoordinationRequest.objects.count() == 2


def test_a_file_added_to_a_form_that_was_sent_before_is_not_dropped_in_silence(filer, handler):
    client, values = signed_in(filer), form_values(obstacle(actor=filer))
    client.post(reverse("requests:new"), values)
    answer = client.post(reverse("requests:new"), values | {"files": [upload()]})
    assert answer.status_code == 422
    assert CoordinationRequest.objects.get().number in answer.content.decode()


def test_a_form_that_somebody_else_sent_from_this_computer_can_be_sent_again(filer, handler):
    hurdle, colleague = obstacle(actor=filer), lead("kpu", "32.73")
    values = form_values(hurdle)
    signed_in(filer).post(reverse("requests:new"), values)
    client = signed_in(colleague)
    answer = client.post(reverse("requests:new"), values)
    assert answer.status_code == 422
    values["client_id"] = answer.context["form"]["client_id"].value()
    assert client.post(reverse("requests:new"), values).status_code == 302
    assert CoordinationRequest.objects.filter(filed_by=colleague).count() == 1


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


def test_of_two_people_editing_a_draft_the_second_keeps_the_text(filer):
    item = coordination_request(State.DRAFT, filer=filer)
    url = reverse("requests:edit", args=[item.slug])
    values = form_values(item.obstacles.get(), version=item.version)
    other = values | {"text": "Teks rekan", "activity_on": SOON, "obstacles": []}
    assert signed_in(lead("kpu", "32.73", name="Bu Cepat")).post(url, other).status_code == 302
    answer = signed_in(filer).post(url, values | {"text": "Teks saya"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for part in ("Teks saya", "Bu Cepat", "<dd><p>Teks rekan", date_format(SOON), "<dt>Hambatan</dt><dd>–</dd>"):
        assert part.replace("<dd><p>", "<dd>") in page, part
    assert f"<dd>{item.subject}</dd>" not in page
    newest = answer.context["form"]["version"].value()
    assert signed_in(filer).post(url, values | {"text": "Teks saya", "version": newest}).status_code == 302
    item.refresh_from_db()
    assert item.text == "Teks saya"


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


def test_what_is_not_a_photo_or_pdf_is_refused_by_the_field(filer):
    item = coordination_request(State.SUBMITTED, filer=filer)
    url = reverse("requests:attach", args=[item.slug])
    for name, content in (
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.jpg", b"\xff\xd8\xff\xe0kaput"),
        ("a.svg", b"<svg/>"),
    ):
        answer = signed_in(filer).post(url, {"files": [upload(name, content)]})
        assert answer.status_code == 422
        assert answer.context["attach_form"].errors["files"]
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("name", ["requests:new", "obstacles:report"])
def test_files_are_asked_for_again_only_after_some_were_sent(filer, name):
    client, asked = signed_in(filer), "dipilih lagi"
    field = "files" if name == "requests:new" else "photos"
    assert asked not in client.get(reverse(name)).content.decode()
    assert asked not in client.post(reverse(name), {"region": "x"}).content.decode()
    assert asked in client.post(reverse(name), {"region": "x", field: upload()}).content.decode()


def test_a_request_holds_ten_files_and_the_same_file_once(filer):
    item = coordination_request(State.SUBMITTED, filer=filer)
    url = reverse("requests:attach", args=[item.slug])
    same = clean_pdf()
    for number in range(10):
        content = PDF + str(number).encode()
        assert signed_in(filer).post(url, {"files": [upload("a.pdf", content)]}).status_code == 302
    assert signed_in(filer).post(url, {"files": [upload("a.pdf", PDF + b"0")]}).status_code == 302
    assert signed_in(filer).post(url, {"files": [upload("a.pdf", PDF)]}).status_code == 422
    assert (item.attachments.count(), same.content_type) == (10, "application/pdf")


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
