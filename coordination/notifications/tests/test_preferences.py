"""Everybody chooses how the mails come; the link in a mail stops them without signing in."""

import pytest
from django.test import Client
from django.urls import reverse

from coordination.common.errors import AlreadyDone, StaleVersion
from coordination.history.models import Event
from coordination.notifications.choices import Kind, Timing
from coordination.notifications.models import MailSettings
from coordination.notifications.preferences import choose, settings_of, turn_off
from coordination.notifications.unsubscribing import token
from coordination.offices.models import Official
from coordination.offices.tests.factories import official

pytestmark = pytest.mark.django_db
ALL_DAILY = dict.fromkeys(Kind.values, Timing.DAILY)


@pytest.fixture
def person():
    return official("kpu", "32.73", email="siti@example.id")


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def link(person, kind):
    return reverse("notifications:unsubscribe", args=[token(person, kind)])


def test_who_never_chose_gets_all_at_once(person):
    assert {settings_of(person).timing(kind) for kind in Kind.values} == {Timing.AT_ONCE}


def test_a_choice_is_kept_with_its_history(person):
    answer = signed_in(person).post(reverse("notifications:settings"), ALL_DAILY | {"version": 1})
    assert answer.status_code == 302
    settings = settings_of(person)
    assert {settings.timing(kind) for kind in Kind.values} == {Timing.DAILY}
    event = Event.objects.about(settings).get()
    assert (event.verb, event.actor, event.data["changed"]["steps"]) == ("set_mail", person, ["at_once", "daily"])


def test_of_two_windows_the_one_with_the_old_choice_is_told_and_keeps_its_own(person):
    choose(person, ALL_DAILY, version=1)
    with pytest.raises(StaleVersion):
        choose(person, ALL_DAILY | {"steps": Timing.OFF}, version=1)
    with pytest.raises(AlreadyDone):
        choose(person, ALL_DAILY, version=1)
    answer = signed_in(person).post(reverse("notifications:settings"), ALL_DAILY | {"version": 1, "steps": "off"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="2"' in page and 'value="off" selected' in page
    assert settings_of(person).steps == Timing.DAILY


def test_opening_the_link_changes_nothing_and_the_button_stops_that_kind(person):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(link(person, "comments")).status_code == 200
    assert not MailSettings.objects.exists()
    assert stranger.post(link(person, "comments"), {"List-Unsubscribe": "One-Click"}).status_code == 200
    settings = MailSettings.objects.get(person=person)
    assert (settings.comments, settings.steps) == (Timing.OFF, Timing.AT_ONCE)
    turn_off(person, ["comments"])
    assert Event.objects.about(settings).count() == 1


def test_the_link_of_a_collected_mail_stops_all_kinds(person):
    Client().post(link(person, ""))
    settings = MailSettings.objects.get(person=person)
    assert {settings.timing(kind) for kind in Kind.values} == {Timing.OFF}


@pytest.mark.parametrize(
    "change",
    [
        lambda good: good[:-1] + ("0" if good[-1] != "0" else "1"),
        lambda good: good.replace(".comments.", ".steps."),
        lambda good: f"{int(good.split('.')[0]) + 1}.{good.split('.', 1)[1]}",
        lambda good: "x", lambda good: "..", lambda good: "9" * 40 + ".all.x", lambda good: "१.all.x",
        lambda good: "💥.all.\x01",
    ],
)  # fmt: skip
def test_a_link_that_was_changed_does_nothing(change, person):
    official("kpu", "32.73")
    forged = reverse("notifications:unsubscribe", args=[change(token(person, "comments"))])
    for method in ("get", "post"):
        assert getattr(Client(), method)(forged).status_code == 410
    assert not MailSettings.objects.exists()


def test_a_link_in_a_mail_to_the_address_before_holds_no_longer(person):
    old = link(person, "comments")
    Official.objects.filter(pk=person.pk).update(email="baru@example.id")
    assert Client().post(old).status_code == 410
