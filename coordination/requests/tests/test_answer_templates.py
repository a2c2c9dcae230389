"""The texts that an office keeps for its steps."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from coordination.common.errors import AlreadyDone, NotPermitted, StaleVersion
from coordination.history.models import Event
from coordination.offices.tests.factories import admin, lead, official, replace
from coordination.requests import answer_templates
from coordination.requests.choices import ANSWERED, State
from coordination.requests.forms import STEP_FORMS, text_field
from coordination.requests.models import AnswerTemplate
from coordination.requests.tests.factories import VALUES, coordination_request, template
from coordination.requests.workflow import STEPS

pytestmark = pytest.mark.django_db
VALUES_OF_TEXT = {"verb": "accept", "title": "Terima", "text": "Kami periksa."}


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def filled(person, item, verb="accept", **typed):
    """The step's form as it stands on the page after a template was chosen."""
    return signed_in(person).post(reverse("requests:fill", args=[item.slug, verb]), typed)


def form_on(answer, verb):
    return next(form for step, form in answer.context["forms"] if step.verb == verb)


def test_texts_are_kept_for_those_steps_in_which_something_is_written():
    assert set(ANSWERED) == {verb for verb in STEPS if text_field(verb) in STEP_FORMS[verb].base_fields}


def test_every_field_is_filled_for_the_request():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    text = "|".join(f"{{{name}}}" for name in answer_templates.FIELDS)
    found = answer_templates.fill(text, item, handler.office).split("|")
    assert found[:5] == [item.number, item.subject, item.region_name, str(item.filing_office), str(handler.office)]
    assert found[5].endswith("WIB")
    draft = coordination_request(State.DRAFT)
    assert answer_templates.fill("{tenggat}", draft, handler.office) == "–"


def test_what_is_filled_in_is_not_filled_again():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler, subject="Soal {kantor} dan {0.__class__}")
    assert answer_templates.fill("{pokok}, {", item, handler.office) == "Soal {kantor} dan {0.__class__}, {"
    assert answer_templates.fill("{lain} {}", item, handler.office) == "{lain} {}"


@pytest.mark.parametrize("field", ["{nama}", "{}", "{ nomor }", "{NOMOR}", "{0}", "{nomor.pk}", "{pokok!r}"])
def test_an_unknown_field_is_refused_with_those_that_there_are(field):
    boss = lead("kominfo", "32.73")
    body = {"client_id": str(uuid.uuid4()), "verb": "accept", "title": "Terima", "text": f"Yth. {field} {{nomor}}"}
    answer = signed_in(boss).post(reverse("requests:new_template"), body)
    assert answer.status_code == 422
    [sentence] = answer.context["form"].errors["text"]
    assert field in sentence and "{tenggat}" in sentence
    assert body["text"] in answer.context["form"]["text"].value()
    assert not AnswerTemplate.objects.exists()


@pytest.mark.parametrize("text", ["Nomor {nomor", "Nomor nomor}", "Yth. {pemohon}, }{"])
def test_a_brace_that_was_forgotten_is_refused_as_it_would_go_out_as_it_stands(text):
    body = {"client_id": str(uuid.uuid4()), "verb": "accept", "title": "Terima", "text": text}
    answer = signed_in(lead("kominfo", "32.73")).post(reverse("requests:new_template"), body)
    assert answer.status_code == 422
    assert "{nomor}" in answer.context["form"].errors["text"][0]


def test_a_form_that_comes_twice_keeps_one_text_and_the_history_tells_of_it():
    boss = lead("kominfo", "32.73")
    body = VALUES_OF_TEXT | {"client_id": str(uuid.uuid4())}
    client = signed_in(boss)
    assert [client.post(reverse("requests:new_template"), body).status_code for _ in range(2)] == [302, 302]
    row = AnswerTemplate.objects.get()
    assert (row.office, row.text) == (boss.office, "Kami periksa.")
    assert [event.verb for event in Event.objects.about(row)] == ["create"]


def test_leads_of_election_and_ict_offices_write_and_nobody_else():
    row = template(lead("kominfo", "32.73"))
    for actor in (official("kominfo", "32.73"), lead("kominfo", "32.04"), lead("kpu", "32.73"), lead("kominfo", "32"),
                  official("kominfo", "32.73", "viewer"), admin()):  # fmt: skip
        with pytest.raises(NotPermitted):
            answer_templates.change(row, VALUES_OF_TEXT, actor=actor, version=1)
        with pytest.raises(NotPermitted):
            answer_templates.switch(row, actor=actor, version=1, on=False)
    for actor in (official("kpu", "32.73"), lead("bawaslu", "32.73"), admin()):
        with pytest.raises(NotPermitted):
            answer_templates.keep(VALUES_OF_TEXT, actor=actor, client_id=uuid.uuid4(), body_sha256="x")
    assert template(lead("kpu", "32.73"), verb="reopen")


@pytest.mark.parametrize(("kind", "verb"), [("kpu", "accept"), ("kominfo", "confirm"), ("kominfo", "submit")])
def test_an_office_keeps_texts_for_its_own_steps_alone(kind, verb):
    body = VALUES_OF_TEXT | {"client_id": str(uuid.uuid4()), "verb": verb}
    answer = signed_in(lead(kind, "32.73")).post(reverse("requests:new_template"), body)
    assert list(answer.context["form"].errors) == ["verb"]


def test_the_database_knows_no_other_steps():
    row = template(lead("kominfo", "32.73"))
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerTemplate.objects.filter(pk=row.pk).update(verb="submit")


def test_a_change_on_a_stale_version_shows_both_texts():
    boss = lead("kominfo", "32.73")
    row = template(boss)
    answer_templates.change(row, VALUES_OF_TEXT | {"text": "Lebih dulu"}, actor=lead("kominfo", "32.73"), version=1)
    client, address = signed_in(boss), reverse("requests:template", args=[row.pk])
    typed = VALUES_OF_TEXT | {"text": "Terlambat", "version": 1}
    answer = client.post(address, typed)
    assert answer.status_code == 409
    assert [value for _label, value in answer.context["differences"]] == ["Lebih dulu"]
    assert answer.context["form"]["text"].value() == "Terlambat"
    assert client.post(address, typed | {"version": answer.context["form"]["version"].value()}).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.version) == ("Terlambat", 3)
    with pytest.raises(AlreadyDone):
        answer_templates.change(row, VALUES_OF_TEXT | {"text": "Terlambat"}, actor=boss, version=3)
    with pytest.raises(StaleVersion):
        answer_templates.switch(row, actor=boss, version=1, on=False)


def test_the_filled_text_comes_into_the_form_below_what_was_typed():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    row = template(handler)
    answer = filled(official("kominfo", "32.73"), item, note="Yth. KPU,", version=item.version, templat=row.pk)
    form = form_on(answer, "accept")
    assert form["note"].value() == f"Yth. KPU,\n\nPermohonan {item.number} kami terima."
    assert answer.context["open_verb"] == "accept"
    assert not form.is_bound  # nothing is refused yet
    item.refresh_from_db()
    assert item.state == State.SUBMITTED


def test_what_else_was_typed_stays_with_the_version_that_was_seen():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.IN_PROGRESS, handler=handler)
    row = template(handler, verb="wait", text="Menunggu sejak hari ini.")
    typed = VALUES["wait"] | {"note": "", "version": item.version - 1, "templat": row.pk}
    form = form_on(filled(handler, item, "wait", **typed), "wait")
    assert form["note"].value() == "Menunggu sejak hari ini."
    for name in ("waiting_for", "waiting_reference", "version"):
        assert str(form[name].value()) == str(typed[name])
    assert str(form["waiting_until"].value()) == str(typed["waiting_until"])


def test_the_measures_ticked_so_far_and_a_planned_measure_stay():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.IN_PROGRESS, handler=handler)
    row = template(handler, verb="resolve")
    answer = filled(handler, item, "resolve", measures=["survey", "power"], outcome="interim", templat=row.pk)
    assert form_on(answer, "resolve")["measures"].value() == ["survey", "power"]
    item = coordination_request(State.ACCEPTED, handler=handler)
    row = template(handler, verb="start", text="Survei lapangan di {wilayah}.")
    form = form_on(filled(handler, item, "start", templat=row.pk), "start")
    assert form["planned_measure"].value() == f"Survei lapangan di {item.region_name}."


def test_a_link_fills_the_form_too():
    handler = lead("kominfo", "32.73")
    item, row = coordination_request(State.SUBMITTED, handler=handler), template(handler)
    answer = signed_in(handler).get(reverse("requests:fill", args=[item.slug, "accept"]), {"templat": row.pk})
    assert item.number in form_on(answer, "accept")["note"].value()


@pytest.mark.parametrize("key", ["", "0", "x", "-1", "9" * 30, "٣"])
def test_without_a_template_what_was_typed_stays(key):
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    answer = filled(handler, item, note="Yth. KPU,", templat=key)
    assert answer.status_code == 200
    assert form_on(answer, "accept")["note"].value() == "Yth. KPU,"


def test_offered_are_the_active_ones_of_the_own_office_for_this_step():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    own, off = template(handler), template(handler, title="Tidak lagi")
    other_step = template(handler, verb="return", title="Kurang")
    foreign = template(lead("kominfo", "32.04"), title="Kantor lain")
    answer_templates.switch(off, actor=handler, version=1, on=False)
    page = signed_in(official("kominfo", "32.73")).get(item.get_absolute_url())
    offered = {step.verb: [one["pk"] for one in form.templates] for step, form in page.context["forms"]}
    assert (offered["accept"], offered["return"]) == ([own.pk], [other_step.pk])
    for row in (off, other_step, foreign):
        assert form_on(filled(handler, item, note="Yth.", templat=row.pk), "accept")["note"].value() == "Yth."
    answer_templates.switch(off, actor=handler, version=2, on=True)
    assert form_on(filled(handler, item, templat=off.pk), "accept")["note"].value()


def test_the_office_that_follows_another_goes_on_with_its_texts():
    before = lead("kominfo", "32.73")
    row = template(before)
    replace(before.office)
    boss = lead("kominfo", "32.73")
    assert boss.office != before.office
    assert answer_templates.change(row, VALUES_OF_TEXT, actor=boss, version=1).text == "Kami periksa."
    assert list(signed_in(boss).get(reverse("requests:templates")).context["page"]) == [row]


def test_whoever_has_no_step_is_told_so():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    answer = filled(lead("kpu", "32.73"), item, note="Yth.", templat=template(handler).pk)
    assert answer.status_code == 200
    assert not [step for step, _form in answer.context["forms"] if step.verb == "accept"]
    assert "alert-warning" in answer.content.decode()
