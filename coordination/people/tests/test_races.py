"""Several people at work on one account or one office, each rule with the control without its lock."""

import uuid

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from coordination.common.errors import DomainError, StaleVersion
from coordination.history.models import Event
from coordination.offices.models import Absence, Office, Official
from coordination.offices.tests.factories import absence, lead, office, official
from coordination.people import absences, accounts, admin_forms, registers
from tests.races import at_once, control

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
PEOPLE = 6


def unlocked(row):
    return type(row).objects.get(pk=row.pk)


def won(results):
    """Those who were not refused; anything but a refusal is a fault."""
    assert not [error for error in results if isinstance(error, Exception) and not isinstance(error, DomainError)]
    return [result for result in results if not isinstance(result, DomainError)]


def edit_at_once():
    leads, person = [lead("kpu", "32.73") for _ in range(PEOPLE)], official("kpu", "32.73")

    def call(actor):
        return lambda: accounts.edit(person, {"name": f"Oleh {actor.username}"}, actor=actor, version=1)

    return len(won(at_once([call(actor) for actor in leads]))), Event.objects.about(person).count()


def test_of_several_leads_saving_one_person_exactly_one_succeeds():
    assert edit_at_once() == (1, 1)


@control
def test_control_without_the_row_lock_several_leads_save_over_each_other(monkeypatch):
    monkeypatch.setattr(accounts, "lock", unlocked)
    succeeded, events = edit_at_once()
    assert succeeded == events > 1


def edit_and_close():
    """One lead writes down a new role while another closes the account, both on what they saw."""
    leads, person = [lead("kpu", "32.73") for _ in range(PEOPLE)], official("kpu", "32.73")
    calls = [lambda actor=actor: accounts.edit(person, {"role": "viewer"}, actor=actor, version=1) for actor in leads]
    calls[::2] = [lambda actor=actor: accounts.deactivate(person, actor=actor, version=1) for actor in leads[::2]]
    return len(won(at_once(calls)))


def test_an_account_is_closed_or_changed_on_one_version_but_not_both():
    assert edit_and_close() == 1


@control
def test_control_without_the_question_for_the_version_it_is_both(monkeypatch):
    monkeypatch.setattr(accounts, "refuse_stale", lambda row, version: None)
    assert edit_and_close() > 1


def test_an_account_that_changed_since_is_not_closed_unseen():
    boss, person = lead("kpu", "32.73"), official("kpu", "32.73")
    accounts.edit(person, {"role": "lead"}, actor=lead("kpu", "32.73"), version=1)
    with pytest.raises(StaleVersion):
        accounts.deactivate(person, actor=boss, version=1)
    person.refresh_from_db()
    assert person.is_active


def name_at_once():
    """What comes of it when the person and several leads name one absence at once; and how many stand then."""
    person = official("kpu", "32.73")
    actors, day = [person, *(lead("kpu", "32.73") for _ in range(PEOPLE - 1))], person.office.today
    values = {"first_day": day, "last_day": day, "substitute": None}

    def call(actor):
        return lambda: absences.name(person, values, actor=actor, client_id=uuid.uuid4(), body_sha256="x")

    return at_once([call(actor) for actor in actors]), Absence.objects.count()


def test_of_several_who_name_one_absence_one_does_and_the_others_are_told_of_it():
    results, stand = name_at_once()
    assert len(won(results)) == stand == 1


@control
def test_control_without_the_lock_of_the_person_the_database_refuses_without_a_sentence(monkeypatch):
    monkeypatch.setattr(absences, "lock", unlocked)
    results, stand = name_at_once()
    assert stand == 1  # by the constraint
    assert [error for error in results if isinstance(error, DatabaseError)]


def change_at_once():
    person = official("kpu", "32.73")
    leads, row = [lead("kpu", "32.73") for _ in range(PEOPLE)], absence(person)

    def call(actor):
        values = {"first_day": row.first_day, "last_day": row.last_day, "substitute": actor}
        return lambda: absences.change(row, values, actor=actor, version=1)

    return len(won(at_once([call(actor) for actor in leads]))), Event.objects.about(person).count()


def test_of_several_who_change_one_absence_exactly_one_does():
    assert change_at_once() == (1, 1)


@control
def test_control_without_the_locks_several_change_one_absence(monkeypatch):
    monkeypatch.setattr(absences, "lock", unlocked)
    succeeded, events = change_at_once()
    assert succeeded == events > 1


def keep_at_once(make):
    admins = [official("kpu", "32", is_staff=True) for _ in range(PEOPLE)]
    row = make()

    def call(actor):
        mine = type(row).objects.get(pk=row.pk)
        mine.phone = actor.username
        return lambda: registers.keep(mine, actor=actor, version=1) or True

    return len(won(at_once([call(actor) for actor in admins]))), Event.objects.about(row).count()


MAKERS = {Office: lambda: office("kominfo", "32.73"), Official: lambda: official("kominfo", "32.73")}


@pytest.mark.parametrize("model", MAKERS)
def test_of_several_admins_keeping_one_row_exactly_one_succeeds(model):
    assert keep_at_once(MAKERS[model]) == (1, 1)


@pytest.mark.parametrize("model", MAKERS)
@control
def test_control_without_the_row_lock_several_admins_keep_it(model, monkeypatch):
    monkeypatch.setattr(registers, "lock", unlocked)
    succeeded, events = keep_at_once(MAKERS[model])
    assert succeeded == events > 1


def send_at_once():
    """(saved, told what it is now) of several admins who send the form of one office at once."""
    admins, row = [official("kpu", "32", is_staff=True) for _ in range(PEOPLE)], office("kominfo", "32.73")
    address = reverse("admin:offices_office_change", args=[row.pk])

    def call(actor):
        client = Client()
        client.force_login(actor)
        body = {"kind": "kominfo", "region": "32.73", "name": row.name, "valid_from": "2020-01-01",
                "phone": actor.username, "seen_version": 1}  # fmt: skip
        return lambda: client.post(address, body)

    answers = at_once([call(actor) for actor in admins])
    refused = [answer for answer in answers if answer.status_code == 200]
    told = [answer for answer in refused if answer.context["adminform"].form.data["seen_version"] == 2]
    assert [answer.status_code for answer in answers].count(302) + len(refused) == PEOPLE
    return PEOPLE - len(refused), len(told)


def test_of_several_admins_sending_one_form_one_saves_and_the_others_see_what_it_is_now():
    assert send_at_once() == (1, PEOPLE - 1)


@control
def test_control_without_the_lock_of_the_form_some_are_refused_without_seeing_it(monkeypatch):
    monkeypatch.setattr(admin_forms, "lock", unlocked)
    saved, told = send_at_once()
    assert saved == 1
    assert told < PEOPLE - 1


@control
def test_control_without_any_lock_several_admins_save(monkeypatch):
    monkeypatch.setattr(admin_forms, "lock", unlocked)
    monkeypatch.setattr(registers, "lock", unlocked)
    assert send_at_once()[0] > 1
