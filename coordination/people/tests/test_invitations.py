"""A link for one use within 72 hours, given by a lead or an admin."""

import datetime
import uuid

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from coordination.common.errors import DomainError, NotPermitted
from coordination.history.models import Event
from coordination.offices.models import Invitation, Official
from coordination.offices.tests.factories import admin, lead, official
from coordination.people import accounts, invitations
from tests.races import at_once, control

pytestmark = pytest.mark.django_db
PASSWORD = "kopi-susu-gula-aren-7"


def invited(actor=None, **values):
    actor = actor or lead("kpu", "32.73")
    values = {"name": "Budi", "role": "officer", "position": "Kasubbag", "email": ""} | values
    return invitations.invite(actor.office, values, actor=actor, client_id=uuid.uuid4(), body_sha256="x")


def test_an_invited_person_chooses_name_and_password_and_sits_in_the_office():
    invitation, token = invited()
    url = reverse("accept_invitation", args=[token])
    assert Client().get(url).status_code == 200
    answer = Client().post(url, {"username": "budi", "password": PASSWORD})
    assert answer.url == reverse("account_login")
    person = Official.objects.get(username="budi")
    assert (person.office, person.role, person.position) == (invitation.office, "officer", "Kasubbag")
    assert Client().login(username="budi", password=PASSWORD)
    assert [event.verb for event in Event.objects.about(invitation.office)] == ["invite", "join_office"]


def test_the_token_itself_is_stored_nowhere():
    invitation, token = invited()
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
    assert token not in str(list(Event.objects.values()))


def test_a_link_works_once_not_after_72_hours_and_not_when_revoked():
    actor = lead("kpu", "32.73")
    (used, used_token), (old, old_token), (revoked, revoked_token) = invited(actor), invited(actor), invited(actor)
    invitations.accept(used_token, username="budi", password=PASSWORD)
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    invitations.revoke(revoked, actor=actor)
    assert old.expires_at - old.created_at == pytest.approx(
        datetime.timedelta(hours=72), abs=datetime.timedelta(minutes=1)
    )
    for token in (used_token, old_token, revoked_token, "x", "\x00"):
        if token != "\x00":
            assert Client().get(reverse("accept_invitation", args=[token])).status_code == 410
        with pytest.raises(DomainError):
            invitations.accept(token.replace("\x00", "y"), username="siti", password=PASSWORD)
    with pytest.raises(DomainError):
        invitations.revoke(used, actor=actor)


@pytest.mark.parametrize(
    ("username", "password"),
    [("budi", "pendek"), ("", PASSWORD), ("a b<script>", PASSWORD), ("x" * 500, PASSWORD), ("budi", "123456789012345")],
)
def test_bad_input_is_refused_by_the_field_and_the_link_still_works(username, password):
    _invitation, token = invited()
    typed = {"username": username, "password": password}
    assert Client().post(reverse("accept_invitation", args=[token]), typed).status_code == 422
    assert invitations.accept(token, username="budi", password=PASSWORD)


def test_only_the_own_lead_or_an_admin_invites():
    office = lead("kpu", "32.73").office
    values = {"name": "Budi", "role": "lead", "position": "", "email": ""}
    provincial = official("kpu", "32", is_staff=True)
    for actor in (admin(), provincial, lead("kpu", "32.73")):
        made, _token = invitations.invite(office, values, actor=actor, client_id=uuid.uuid4(), body_sha256="x")
        assert made.invited_by == actor
    strangers = [official("kpu", "32.73"), lead("kpu", "32.04"), lead("kominfo", "32.73"), lead("kpu", "32"),
                 official("kpu", "32.04", is_staff=True), lead("kpu", "32.73", is_active=False)]  # fmt: skip
    for actor in strangers:
        with pytest.raises(NotPermitted):
            invitations.invite(office, values, actor=actor, client_id=uuid.uuid4(), body_sha256="x")


def test_a_double_click_shows_the_same_link_and_makes_no_second_invitation():
    actor = lead("kpu", "32.73")
    client = Client()
    client.force_login(actor)
    typed = {"client_id": uuid.uuid4(), "name": "Budi", "role": "officer"}
    url = reverse("offices:invite", args=[actor.office.pk])
    links = {client.post(url, typed).context["link"] for _ in range(2)}
    assert len(links) == 1 and None not in links
    invitation = Invitation.objects.get()
    invitations.revoke(invitation, actor=actor)
    assert client.post(url, typed).context["link"] is None


def test_a_lead_who_is_sent_away_does_not_come_back_by_a_link_of_their_own():
    boss, actor = lead("kpu", "32.73"), lead("kpu", "32.73")
    values = {"name": "Budi", "role": "lead"}
    _made, token = invitations.invite(actor.office, values, actor=actor, client_id=uuid.uuid4(), body_sha256="x")
    accounts.deactivate(actor, actor=boss, version=actor.version)
    with pytest.raises(DomainError):
        invitations.accept(token, username="budi", password=PASSWORD)


def test_a_user_name_in_other_capitals_is_taken():
    official("kpu", "32.73", username="kpu-3273")
    _invitation, token = invited()
    with pytest.raises(DomainError):
        invitations.accept(token, username="KPU-3273", password=PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        official("kpu", "32.73", username="Kpu-3273")


def accept_at_once():
    _invitation, token = invited()
    calls = [
        lambda name=f"budi{number}": invitations.accept(token, username=name, password=PASSWORD) for number in range(6)
    ]
    return [result for result in at_once(calls) if isinstance(result, Official)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_several_people_using_one_link_at_once_one_gets_in():
    assert len(accept_at_once()) == 1
    assert Official.objects.filter(username__startswith="budi").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@control
def test_control_without_the_row_lock_several_get_in(monkeypatch):
    find_open = invitations.find_open
    monkeypatch.setattr(invitations, "find_open", lambda token, lock=False: find_open(token))
    assert len(accept_at_once()) > 1


def test_the_link_is_mailed_by_a_job_that_does_not_hold_it():
    invitation, token = invited(email="budi@example.id")
    job = ProcrastinateJob.objects.get(task_name="people.mail_invitation")
    assert job.args == {"invitation_id": invitation.pk}
    for _ in range(2):
        invitations.mail(**job.args)
    first, second = mail.outbox
    assert first.to == ["budi@example.id"]
    assert f"https://portal.example.id{reverse('accept_invitation', args=[token])}" in first.body
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_without_an_address_nothing_is_mailed_and_a_revoked_link_neither():
    invited()
    assert not ProcrastinateJob.objects.filter(task_name="people.mail_invitation").exists()
    invitation, _token = invited(email="budi@example.id")
    invitations.revoke(invitation, actor=invitation.invited_by)
    invitations.mail(invitation.pk)
    assert mail.outbox == []


def test_each_invitation_has_a_token_of_its_own_which_the_database_does_not_tell():
    actor = lead("kpu", "32.73")
    (first, one), (_second, two) = invited(actor), invited(actor)
    assert one != two
    for guess in (str(first.client_id), first.token_sha256, first.client_id.hex):
        assert not Invitation.objects.by_token(guess).exists()


def test_an_address_that_somebody_else_took_meanwhile_is_told_and_not_an_error():
    _invitation, token = invited(email="budi@example.id")
    official("kpu", "33", email="Budi@Example.id")
    answer = Client().post(reverse("accept_invitation", args=[token]), {"username": "budi", "password": PASSWORD})
    assert answer.status_code == 422
    assert not Official.objects.filter(username="budi").exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_links_used_at_once_under_one_user_name_let_one_in_and_tell_the_other():
    tokens = [invited()[1] for _ in range(4)]
    calls = [lambda token=token: invitations.accept(token, username="budi", password=PASSWORD) for token in tokens]
    results = at_once(calls)
    assert len([result for result in results if isinstance(result, Official)]) == 1
    assert len([result for result in results if isinstance(result, DomainError)]) == 3, results
