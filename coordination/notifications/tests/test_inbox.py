"""The inbox: one's own, what is new in it, why one was told."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.history.models import Event
from coordination.history.recording import record
from coordination.notifications.dispatch import mark_read
from coordination.notifications.models import Mail, Notification, RefusedAddress
from coordination.offices.tests.factories import lead, official
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request
from tests.races import at_once

pytestmark = pytest.mark.django_db


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
def test_nobody_waits_for_a_mail_that_is_just_going_out_or_being_collected():
    handler = lead("kominfo", "32.73", email="siti@example.id")
    coordination_request(State.SUBMITTED, handler=handler)
    collected, other = Notification.objects.of(handler).order_by("pk")
    with transaction.atomic():
        Notification.objects.select_for_update(no_key=True).get(pk=collected.pk)
        Mail.objects.select_for_update(no_key=True).get(pk=other.mail_id)
        [done] = at_once([Notification.objects.of(handler).mark_read])
    assert done is None
    assert list(Notification.objects.of(handler).unread()) == [collected]


def test_the_inbox_says_why_and_of_which_kind():
    handler = lead("kominfo", "32.73")
    coordination_request(State.SUBMITTED, handler=handler)
    client = Client()
    client.force_login(handler)
    page = client.get(reverse("notifications:list")).content.decode()
    assert str(Notification.objects.get(event__verb="submit").get_reason_display()) in page
    assert str(Notification.objects.get(event__verb="submit").get_kind_display()) in page


def test_the_inbox_names_the_office_of_what_happened_by_itself():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    record(item, "escalate", actor=None, office=item.handling_office, data={})
    client = Client()
    client.force_login(handler)
    page = client.get(reverse("notifications:list")).content.decode()
    assert f"{item.handling_office}: memberi tahu kantor di atasnya" in page


def test_the_inbox_says_that_the_address_is_refused_until_its_owner_confirms_it():
    person = official("kpu", "32.73", email="siti@example.id")
    RefusedAddress.objects.create(address="siti@example.id", status="5.1.1")
    client = Client()
    client.force_login(person)
    assert "siti@example.id" in client.get(reverse("notifications:list")).content.decode()
    client.post(reverse("notifications:confirm_address"))
    assert not RefusedAddress.objects.exists()
    assert "siti@example.id" not in client.get(reverse("notifications:list")).content.decode()
    assert Event.objects.about(person).get().verb == "confirm_address"
