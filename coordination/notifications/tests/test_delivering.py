"""A mail goes out at least once under one Message-ID, only to who may read it, and says so when it does not."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as sent
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.urls import reverse

from coordination.history.models import Event
from coordination.notifications import delivering, posting
from coordination.notifications.choices import Kind, Timing
from coordination.notifications.delivering import catch_up, deliver
from coordination.notifications.models import Mail, MailSettings, Notification, RefusedAddress
from coordination.notifications.preferences import turn_off
from coordination.notifications.tests.clock import AT_WORK, EVENING, NEXT_OPENING
from coordination.offices.models import Official
from coordination.offices.tests.factories import admin, lead, office, official
from coordination.requests import filing
from coordination.requests.choices import State, Urgency
from coordination.requests.tests.factories import coordination_request
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def handler():
    return lead("kominfo", "32.73", email="siti@example.id")


def mail_of(person, verb="submit"):
    return Notification.objects.get(addressee=person, event__verb=verb).mail


@pytest.fixture
def owed(handler):
    """The mail about a request that was just submitted."""
    coordination_request(State.SUBMITTED, handler=handler)
    return mail_of(handler)


@pytest.fixture
def server(monkeypatch):
    """A mail server that refuses, while `failure` is set, all or those `to` one address."""

    class Server:
        failure, to, tries = None, None, 0

    send = EmailMessage.send

    def answer(message, **options):
        Server.tries += 1
        if Server.failure and Server.to in (None, message.to[0]):
            raise Server.failure
        return send(message, **options)

    monkeypatch.setattr(EmailMessage, "send", answer)
    return Server


def test_a_mail_delivered_twice_goes_out_once_under_its_own_id(owed):
    deliver(owed.pk)
    deliver(owed.pk)
    [message] = sent.outbox
    owed.refresh_from_db()
    assert message.to == ["siti@example.id"]
    assert message.extra_headers["Message-ID"] == f"<{owed.message_id}@example.id>"
    assert (owed.sent_at, owed.next_try_at) == (AT_WORK, None)


def test_a_mail_that_is_not_due_yet_stays(clock, handler):
    clock.set(EVENING)
    coordination_request(State.SUBMITTED, handler=handler)
    deliver(mail_of(handler).pk)
    assert not sent.outbox
    clock.set(NEXT_OPENING)
    deliver(mail_of(handler).pk)
    assert len(sent.outbox) == 1


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (lambda person: Official.objects.filter(pk=person.pk).update(is_active=False), "closed"),
        (lambda person: Official.objects.filter(pk=person.pk).update(email=""), "closed"),
        (lambda person: RefusedAddress.objects.create(address=person.email), "refused"),
        (
            lambda person: Official.objects.filter(pk=person.pk).update(office=office("kominfo", "33.74")),
            "out_of_sight",
        ),
        (lambda person: turn_off(person, [Kind.STEPS]), "turned_off"),
    ],
)
def test_no_mail_goes_to_whoever_should_not_get_it_by_then(change, because, handler, owed):
    change(handler)
    deliver(owed.pk)
    owed.refresh_from_db()
    assert not sent.outbox
    assert (owed.withheld_because, owed.next_try_at) == (because, None)


def test_who_moved_to_another_office_gets_no_internal_note_of_the_old_one(handler):
    moved = official("kominfo", "32.73", email="pindah@example.id")
    item = coordination_request(State.SUBMITTED, handler=handler)
    filing.comment(item, "Rahasia", actor=handler, client_id="0" * 32, body_sha256="x", internal=True)
    Official.objects.filter(pk=moved.pk).update(office=office("kominfo", "32"))  # which sees the request
    for verb in ("submit", "note"):
        deliver(mail_of(moved, verb).pk)
    assert len(sent.outbox) == 1
    assert mail_of(moved, "note").withheld_because == "out_of_sight"


def test_a_very_urgent_mail_goes_to_who_turned_such_mails_off(handler):
    coordination_request(State.SUBMITTED, handler=handler, urgency=Urgency.CRITICAL)
    turn_off(handler, Kind.values)
    deliver(mail_of(handler).pk)
    assert len(sent.outbox) == 1


def test_a_collected_mail_leaves_out_what_was_read_since(clock, handler):
    MailSettings.objects.create(person=handler, **dict.fromkeys(Kind.values, Timing.HOURLY))
    items = [coordination_request(State.SUBMITTED, handler=handler) for _ in range(2)]
    clock.set(AT_WORK + timedelta(hours=1))
    posting.collect()
    mail = Mail.objects.get()
    Notification.objects.filter(event__subject_id=items[0].pk, kind="steps").mark_read()
    deliver(mail.pk)
    [message] = sent.outbox
    assert items[1].number in message.body
    assert items[0].number not in message.body
    again = coordination_request(State.SUBMITTED, handler=handler)
    clock.set(AT_WORK + timedelta(hours=2))
    posting.collect()
    Notification.objects.of(handler).mark_read()
    deliver(Mail.objects.get(notifications__event__subject_id=again.pk, notifications__kind="steps").pk)
    assert len(sent.outbox) == 1
    assert Mail.objects.exclude(withheld_at=None).get().withheld_because == "read"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_mail_send_it_once(owed):
    assert at_once([lambda: deliver(owed.pk) for _ in range(6)]) == [None] * 6
    assert len(sent.outbox) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_mail_that_another_worker_has_in_hand_is_left_to_it(owed):
    with transaction.atomic():
        delivering._locked(owed.pk)
        assert at_once([lambda: deliver(owed.pk)]) == [None]
    assert not sent.outbox
    owed.refresh_from_db()
    assert owed.next_try_at


def test_a_mail_that_lost_its_worker_is_caught_up_with_within_two_minutes(clock, owed):
    catch_up()
    assert not sent.outbox  # its own job is at it
    clock.set(AT_WORK + MINUTE)
    catch_up()
    owed.refresh_from_db()
    assert owed.sent_at
    assert not Mail.objects.owed().exists()


def test_while_the_mail_server_is_away_nothing_is_given_up_and_one_mail_asks_for_it(clock, handler, server):
    lead("kominfo", "32.73", email="budi@example.id")
    for _ in range(2):
        coordination_request(State.SUBMITTED, handler=handler)
    number = Mail.objects.count()
    server.failure = SMTPServerDisconnected("gone")
    for minutes in range(2, 30):
        clock.set(AT_WORK + minutes * MINUTE)
        catch_up()
    assert server.tries == 28
    assert Mail.objects.owed().count() == number
    server.failure = None
    clock.set(clock.now + 2 * MINUTE)
    catch_up()
    assert len(sent.outbox) == number
    assert not Mail.objects.owed().exists()


def test_while_the_mail_server_is_away_the_other_mails_do_not_wait_for_it_in_turn(clock, handler, server):
    for _ in range(2):
        coordination_request(State.SUBMITTED, handler=handler)
    server.failure = SMTPServerDisconnected("gone")
    owed = list(Mail.objects.owed())
    for mail in owed:
        deliver(mail.pk)
    assert server.tries == 1
    server.failure = None
    clock.set(AT_WORK + 2 * MINUTE)
    catch_up()
    assert len(sent.outbox) == len(owed) == 4


@pytest.mark.parametrize(("urgency", "at_night"), [(Urgency.NORMAL, False), (Urgency.CRITICAL, True)])
def test_a_mail_that_comes_too_late_for_the_day_waits_for_the_offices_opening(
    urgency, at_night, clock, handler, server
):
    coordination_request(State.SUBMITTED, handler=handler, urgency=urgency)
    mail = mail_of(handler)
    server.failure = SMTPServerDisconnected("gone")
    deliver(mail.pk)
    server.failure = None
    clock.set(EVENING)
    deliver(mail.pk)
    assert bool(sent.outbox) is at_night
    clock.set(NEXT_OPENING)
    deliver(mail.pk)
    assert len(sent.outbox) == 1


def test_a_mail_that_cannot_be_written_is_tried_ten_times_at_growing_distances(clock, handler, server):
    coordination_request(State.SUBMITTED, handler=handler, urgency=Urgency.CRITICAL)
    owed = mail_of(handler)
    server.failure = RuntimeError("no such template")
    waits = []
    while True:
        deliver(owed.pk)
        owed.refresh_from_db()
        if owed.next_try_at is None:
            break
        waits.append((owed.next_try_at - clock.now) // MINUTE)
        clock.set(owed.next_try_at)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert list(Mail.objects.given_up()) == [owed]
    assert owed.last_error == "RuntimeError: no such template"


def test_a_faulty_mail_does_not_keep_the_others_from_their_readers(clock, handler, server):
    lead("kominfo", "32.73", email="budi@example.id")
    coordination_request(State.SUBMITTED, handler=handler)
    server.failure, server.to = RuntimeError("x"), "siti@example.id"
    clock.set(AT_WORK + MINUTE)
    catch_up()
    assert {message.to[0] for message in sent.outbox} == {"budi@example.id"}


def test_an_address_that_the_server_refuses_for_good_is_marked(handler, owed, server):
    server.failure = SMTPRecipientsRefused({"siti@example.id": (550, b"No such user")})
    deliver(owed.pk)
    owed.refresh_from_db()
    assert owed.withheld_because == "refused"
    refused = RefusedAddress.objects.get()
    assert (refused.address, refused.status, refused.words) == ("siti@example.id", "550", "No such user")
    assert Event.objects.about(handler).get().verb == "refuse_address"


@pytest.mark.parametrize("words", [b"5.7.1 Relay access denied", b"5.1.8 Sender address rejected: no such domain"])
def test_a_mail_server_that_refuses_the_portal_closes_no_address(words, owed, server):
    server.failure = SMTPRecipientsRefused({"siti@example.id": (554, words)})
    deliver(owed.pk)
    owed.refresh_from_db()
    assert not RefusedAddress.objects.exists()
    assert owed.next_try_at == AT_WORK + MINUTE


def test_an_address_that_is_refused_for_now_is_tried_again(owed, server):
    server.failure = SMTPRecipientsRefused({"siti@example.id": (451, b"Later")})
    deliver(owed.pk)
    owed.refresh_from_db()
    assert not RefusedAddress.objects.exists()
    assert owed.next_try_at == AT_WORK + MINUTE


def test_an_admin_sends_a_mail_again_under_its_id(clock, owed, server):
    server.failure = RuntimeError("x")
    Mail.objects.filter(pk=owed.pk).update(attempts=9)
    deliver(owed.pk)
    server.failure = None
    boss, client = admin(), Client()
    client.force_login(boss)
    values = {"action": "send_again", "_selected_action": [owed.pk]}
    answer = client.post(reverse("admin:notifications_mail_changelist"), values)
    assert answer.status_code == 302
    deliver(owed.pk)
    [message] = sent.outbox
    assert str(owed.message_id) in message.extra_headers["Message-ID"]
    assert Event.objects.about(owed).get().actor == boss
