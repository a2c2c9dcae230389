"""Who is told, in the transaction of the change, and mailed at least once under one Message-ID."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from coordination.campaigns.tests.activities import activity, tomorrow_at
from coordination.history.models import Event
from coordination.networks import maintaining
from coordination.networks.tests.factories import outage
from coordination.notifications.dispatch import mail_event, mark_read
from coordination.notifications.models import Notification
from coordination.obstacles import lifecycle
from coordination.obstacles.filing import join
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.models import Official
from coordination.offices.tests.factories import lead, office, official
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform
from tests.races import at_once

pytestmark = pytest.mark.django_db


def told(event):
    return set(event.notifications.values_list("addressee__username", flat=True))


def test_the_people_of_both_offices_are_told_except_the_one_who_did_it():
    filer, handler, colleague = lead("kpu", "32.73"), lead("kominfo", "32.73"), official("kominfo", "32.73")
    outsiders = [official("kpu", "32.73", "viewer"), official("kpu", "32"), official("kominfo", "32.04")]
    coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    submitted, accepted = (Event.objects.get(verb=verb) for verb in ("submit", "accept"))
    assert told(submitted) == {handler.username, colleague.username}
    assert told(accepted) == {filer.username, colleague.username}
    assert not Notification.objects.filter(addressee__in=outsiders).exists()
    assert not Event.objects.get(verb="draft").notifications.exists()


def test_an_office_that_forwarded_a_request_hears_how_it_goes_on():
    handler, above = lead("kominfo", "32.73"), lead("kominfo", "32")
    item = coordination_request(State.SUBMITTED, handler=handler)
    item = perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])
    perform(item, "accept", actor=above, version=item.version, values=VALUES["accept"])
    assert handler.username in told(Event.objects.get(verb="accept"))


def test_an_office_that_joined_an_obstacle_hears_how_it_went_on():
    joined, handler = official("kpu", "32"), official("kominfo", "32.73")
    row = obstacle("32.73.01.1001")
    join(row, "Kami juga", actor=joined, client_id="0" * 32, body_sha256="x")
    lifecycle.perform(row, "clear", actor=handler, version=row.version, note="Pulih")
    assert joined.username in told(Event.objects.get(verb="clear"))


def test_those_who_planned_something_there_are_told_of_an_outage_and_of_its_moving():
    people = {code: (official("kpu", code), official("kominfo", code)) for code in ("32.73", "32.04", "33.74")}
    planned = activity("32.73.01.1001")
    activity("32.04.01.1001", starts_at=tomorrow_at(9, days=5))
    activity("33.74.01.1001")
    people["32.73"] = (*people["32.73"], planned.registered_by)
    names = {code: {person.username for person in found} for code, found in people.items()}
    province = lead("kominfo", "32")
    row = outage("32", actor=province, starts_at=planned.starts_at)
    assert told(Event.objects.get(verb="announce")) == names["32.73"]
    moments = {"starts_at": tomorrow_at(8, days=5), "ends_at": tomorrow_at(10, days=5)}
    moved = maintaining.perform(row, "move", actor=province, version=1, note="Hujan", **moments)
    assert told(Event.objects.get(verb="move")) >= names["32.73"] | names["32.04"]
    assert not Notification.objects.filter(addressee__in=people["33.74"]).exists()
    moved = maintaining.edit(moved, {"note": "Genset"}, actor=province, version=2)
    maintaining.perform(moved, "call_off", actor=province, version=3, note="Batal")
    assert told(Event.objects.get(verb="call_off")) >= names["32.04"]
    assert not Event.objects.get(verb="edit", subject_id=row.pk).notifications.exists()
    answer = signed_in_page(people["32.73"][0], reverse("notifications:list"))
    assert row.number in answer


def test_nobody_is_told_of_an_outage_where_nothing_is_planned():
    official("kpu", "32.73"), lead("kominfo", "32.73")  # noqa: B018 -- who could be told
    outage()
    assert not Event.objects.get(verb="announce").notifications.exists()


def signed_in_page(person, address):
    client = Client()
    client.force_login(person)
    return client.get(address).content.decode()


def test_an_internal_note_is_told_to_the_own_office_only():
    handler, colleague = lead("kominfo", "32.73"), official("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    filing.comment(item, "Rahasia", actor=handler, client_id="0" * 32, body_sha256="x", internal=True)
    assert told(Event.objects.get(verb="note")) == {colleague.username}


def test_a_change_that_is_rolled_back_tells_nobody():
    handler = lead("kominfo", "32.73")
    lead("kominfo", "32.73", email="siti@example.id")
    item = coordination_request(State.SUBMITTED, handler=handler)
    before = Notification.objects.count(), ProcrastinateJob.objects.count(), Event.objects.count()
    with transaction.atomic():
        perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"])
        assert ProcrastinateJob.objects.count() == before[1] + 1
        transaction.set_rollback(True)
    assert (Notification.objects.count(), ProcrastinateJob.objects.count(), Event.objects.count()) == before


def test_a_mail_job_run_twice_sends_each_mail_once_under_a_fixed_id():
    lead("kominfo", "32.73", email="siti@example.id")
    coordination_request(State.SUBMITTED)
    event = Event.objects.get(verb="submit")
    mail_event(event.pk)
    mail_event(event.pk)
    [sent] = mail.outbox
    assert sent.to == ["siti@example.id"]
    assert (
        str(event.notifications.get(addressee__email="siti@example.id").message_id) in sent.extra_headers["Message-ID"]
    )
    assert event.subject.number in sent.subject
    assert "https://portal.example.id/permohonan/" in sent.body
    assert not event.notifications.filter(addressee__email="").exclude(mailed_at=None).exists()


def test_no_mail_goes_to_whoever_left_or_may_no_longer_see_what_it_tells_of():
    handler = lead("kominfo", "32.73")
    left, moved, stayed = (
        official("kominfo", "32.73", email=f"{name}@example.id") for name in ("pergi", "pindah", "tetap")
    )
    item = coordination_request(State.SUBMITTED, handler=handler)
    filing.comment(item, "Rahasia", actor=handler, client_id="0" * 32, body_sha256="x", internal=True)
    Official.objects.filter(pk=left.pk).update(is_active=False)
    Official.objects.filter(pk=moved.pk).update(office=office("kominfo", "32"))  # which sees the request, not the note
    submitted, internal = Event.objects.get(verb="submit"), Event.objects.get(verb="note")
    for _ in range(2):
        mail_event(submitted.pk)
        mail_event(internal.pk)
    assert sorted(message.to[0] for message in mail.outbox) == [moved.email, stayed.email, stayed.email]
    Official.objects.filter(pk=moved.pk).update(office=office("kominfo", "33.74"))
    Notification.objects.update(mailed_at=None)
    mail.outbox.clear()
    mail_event(submitted.pk)
    assert [message.to[0] for message in mail.outbox] == [stayed.email]
    withheld = Notification.objects.exclude(withheld_at=None).values_list("event", "addressee")
    assert set(withheld) == {(e.pk, p.pk) for e in (submitted, internal) for p in (left, moved)}
    assert not Notification.objects.to_be_mailed().filter(event__in=[submitted, internal], addressee=moved).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_that_mail_the_same_event_at_once_send_each_mail_once():
    for number in range(3):
        lead("kominfo", "32.73", email=f"petugas{number}@example.id")
    coordination_request(State.SUBMITTED)
    event = Event.objects.get(verb="submit")
    assert at_once([lambda: mail_event(event.pk) for _ in range(6)]) == [None] * 6
    assert sorted(message.to[0] for message in mail.outbox) == [f"petugas{number}@example.id" for number in range(3)]


def test_an_address_that_takes_no_mail_does_not_keep_the_others_from_theirs(monkeypatch):
    for number in range(3):
        lead("kominfo", "32.73", email=f"petugas{number}@example.id")
    coordination_request(State.SUBMITTED)
    event = Event.objects.get(verb="submit")
    send = EmailMessage.send

    def refuse(message, **options):
        if message.to == ["petugas0@example.id"]:
            raise SMTPRecipientsRefused({})
        return send(message, **options)

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with pytest.raises(SMTPRecipientsRefused):
        mail_event(event.pk)
    assert {message.to[0] for message in mail.outbox} == {"petugas1@example.id", "petugas2@example.id"}
    monkeypatch.undo()
    mail_event(event.pk)
    assert [message.to[0] for message in mail.outbox][2:] == ["petugas0@example.id"]


def test_the_inbox_is_ones_own_and_costs_the_same_with_1_and_with_25_rows():
    handler, filer = lead("kominfo", "32.73"), lead("kpu", "32.73")
    client = Client()
    client.force_login(handler)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("notifications:list")).status_code == 200
        return len(queries)

    coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    cost()
    one = cost()
    for _ in range(24):
        coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    assert cost() == one <= 12


def test_what_came_after_the_page_was_shown_stays_new():
    handler, filer = lead("kominfo", "32.73"), lead("kpu", "32.73")
    client = Client()
    client.force_login(handler)
    for nonsense in ("", "x", "9" * 40, "-1"):
        assert client.post(reverse("notifications:read"), {"sampai": nonsense}).status_code == 302
    coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    shown = client.get(reverse("notifications:list")).context["newest"]
    later = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    client.post(reverse("notifications:read"), {"sampai": shown})
    unread = Notification.objects.of(handler).unread()
    assert later in {note.event.subject for note in unread}
    assert not unread.filter(pk__lte=shown).exists()


def test_whoever_opens_a_request_has_read_what_was_told_of_it():
    handler, filer, colleague = lead("kominfo", "32.73"), lead("kpu", "32.73"), official("kominfo", "32.73")
    opened, other = (coordination_request(State.SUBMITTED, filer=filer, handler=handler) for _ in range(2))
    client = Client()
    client.force_login(handler)
    client.get(opened.get_absolute_url())
    unread = {note.event.subject for note in Notification.objects.of(handler).unread()}
    assert opened not in unread
    assert other in unread
    assert Notification.objects.of(colleague).unread().filter(event__subject_id=opened.pk).exists()


def test_what_happened_after_the_page_was_read_stays_new():
    handler, filer = lead("kominfo", "32.73"), lead("kpu", "32.73")
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    on_screen = Event.objects.about(item).last()
    filing.comment(item, "Segera, mohon", actor=filer, client_id="0" * 32, body_sha256="x")
    mark_read(item, handler, on_screen)
    unread = Notification.objects.of(handler).unread().filter(event__in=Event.objects.about(item))
    assert [note.event.verb for note in unread] == ["comment"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_mail_that_is_just_going_out():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    mailed, other = Notification.objects.of(handler).order_by("pk")
    with transaction.atomic():
        Notification.objects.select_for_update().get(pk=mailed.pk)
        [done] = at_once([Notification.objects.of(handler).mark_read])
    assert done is None
    assert list(Notification.objects.of(handler).unread()) == [mailed]
    assert other.event.subject == item


def test_a_new_obstacle_is_told_to_the_ict_office_that_answers():
    reporter, near, far = official("kpu", "32.73"), official("kominfo", "32.73"), official("kominfo", "32")
    assert told(Event.objects.about(obstacle(actor=reporter)).get()) == {near.username}
    near.is_active = False
    near.save()
    assert told(Event.objects.about(obstacle(actor=reporter)).get()) == {far.username}
    assert not told(Event.objects.about(obstacle(actor=reporter, kind="quota")).get())


def test_whoever_reported_a_duplicate_hears_how_the_obstacle_went_on():
    handler, first = official("kominfo", "32.73"), official("kpu", "32.73")
    joined, ministry = official("kpu", "32"), official("kpu")
    kept, duplicate, again = (obstacle("32.73.01.1001", actor=actor) for actor in (first, joined, ministry))
    lifecycle.perform(again, "merge", actor=handler, version=1, note="Sama", into=duplicate)
    lifecycle.perform(duplicate, "merge", actor=handler, version=1, note="Sama", into=kept)
    assert joined.username in told(Event.objects.about(duplicate).get(verb="merge"))
    assert joined.username not in told(Event.objects.about(kept).get(verb="absorb"))  # told once, not twice
    lifecycle.perform(kept, "clear", actor=handler, version=1, note="Pulih")
    told_of_it = {first.username, joined.username, ministry.username}
    assert told(Event.objects.about(kept).get(verb="clear")) == told_of_it
