"""In the admin the history of a row stands on its page and behind its button, and is found by its number."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from coordination.history import showing
from coordination.history.models import Event
from coordination.offices.tests.factories import admin, lead, official
from coordination.people import registers
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db


def read(person, name, *args, **query):
    client = Client()
    client.force_login(person)
    answer = client.get(reverse(f"admin:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows():
    """(name of its admin pages, row, who did something last) of each kind that has a history."""
    filer, handler = lead("kpu", "32.73", name="Ibu Pemohon"), lead("kominfo", "32.73", name="Bapak Penjawab")
    item = coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    chief = official("kpu", "32", is_staff=True, name="Ibu Provinsi")
    for row in (handler.office, handler):
        row.phone = "022"
        registers.keep(row, actor=chief, version=row.version)
    return [
        ("requests_coordinationrequest", item, "Bapak Penjawab"),
        ("obstacles_obstacle", item.obstacles.get(), "Ibu Pemohon"),
        ("offices_office", handler.office, "Ibu Provinsi"),
        ("offices_official", handler, "Ibu Provinsi"),
    ]


@pytest.mark.parametrize("kind", range(4))
@pytest.mark.parametrize("page", ["change", "history"])
def test_a_row_tells_who_did_what_to_it_last(kind, page):
    name, row, who = rows()[kind]
    last = Event.objects.about(row).last()
    shown = read(official("kominfo", "32", is_staff=True), f"{name}_{page}", row.pk)
    assert who in shown
    assert str(last.words) in shown


@pytest.mark.parametrize("page", ["change", "history"])
def test_the_notes_of_an_office_to_itself_are_shown_to_nobody_else(page):
    item = coordination_request(State.ACCEPTED)
    filer = lead("kpu", "32.73", name="PENULIS CATATAN")
    filing.comment(item, "x", actor=filer, client_id=uuid.uuid4(), body_sha256="x", internal=True)
    for person, sees in ((official("kpu", "32", is_staff=True), False), (admin(), True)):
        shown = read(person, f"requests_coordinationrequest_{page}", item.pk)
        assert ("PENULIS CATATAN" in shown) is sees


def test_a_long_history_comes_in_pages_and_nonsense_asks_for_the_first(monkeypatch):
    monkeypatch.setattr(showing, "EVENTS_A_PAGE", 2)
    item = coordination_request(State.ACCEPTED)
    name = "requests_coordinationrequest_history"
    assert "?p=2" in read(admin(), name, item.pk)
    assert "?p=1" in read(admin(), name, item.pk, p="2")
    assert "?p=2" in read(admin(), name, item.pk, p="9" * 5_000)


def test_events_are_found_by_the_number_of_what_they_are_about():
    item, _other = coordination_request(State.ACCEPTED), coordination_request(State.ACCEPTED)
    client = Client()
    client.force_login(admin())
    for row in (item, item.obstacles.get()):
        found = client.get(reverse("admin:history_event_changelist"), {"q": row.number.lower()}).context["cl"]
        assert {event.pk for event in found.queryset} == {event.pk for event in Event.objects.about(row)}
