"""Filing and editing a request on its pages: drafts, files, and a form that is sent again."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from coordination.history.models import Event
from coordination.obstacles.lifecycle import perform as clear
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin, lead, official
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.forms import OFFERED_OBSTACLES
from coordination.requests.models import Attachment, CoordinationRequest
from coordination.requests.tests.factories import SOON, VALUES, coordination_request
from coordination.requests.tests.pages import form_values, signed_in, step_url
from coordination.requests.workflow import perform
from tests.files import PDF, clean_pdf, upload
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def filer():
    return lead("kpu", "32.73")


@pytest.fixture
def handler():
    return lead("kominfo", "32.73")


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
