"""The private calendar: correct by RFC 5545, open to its address alone, and silent about candidates."""

import uuid
from datetime import UTC

import pytest
from django.test import Client
from django.urls import reverse

from coordination.campaigns import planning
from coordination.campaigns.ics import _folded, _text
from coordination.campaigns.models import CalendarAddress
from coordination.campaigns.planning import renew_calendar_address
from coordination.campaigns.tests.activities import activity, candidates, tomorrow_at
from coordination.offices.models import Official
from coordination.offices.tests.factories import official

pytestmark = pytest.mark.django_db


def read(person, **headers):
    return Client().get(renew_calendar_address(person).get_absolute_url(), headers=headers)


def events(text):
    """[{property: value}] of the events, their lines unfolded."""
    lines = text.replace("\r\n ", "").split("\r\n")
    found, event = [], None
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            found.append(event)
        elif event is not None:
            event[name] = value
    return found


def test_the_feed_tells_when_and_where():
    kpu = official("kpu", "91.03")
    row = activity("91.03.01", actor=kpu, place="Balai; desa, lama\\baru")
    answer = read(official("kominfo", "91.03"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (event,) = events(text)
    assert event["UID"] == f"{row.number}@example.id"
    assert event["DTSTART"] == tomorrow_at(9, "91.03.01").astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    assert event["DTSTART"].endswith("T000000Z")
    assert event["DTEND"].endswith("T020000Z")
    assert event["DTSTAMP"] == row.updated_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    assert event["LOCATION"].startswith("Balai\\; desa\\, lama\\\\baru\\, ")
    assert row.number in event["DESCRIPTION"]
    assert event["STATUS"] == "CONFIRMED"


def test_a_cancelled_activity_keeps_its_uid_and_says_so():
    kpu = official("kpu", "32.73")
    row = activity(actor=kpu)
    (before,) = events(read(kpu).content.decode())
    planning.perform(row, "cancel", actor=kpu, version=1, note="Hujan")
    (after,) = events(read(kpu).content.decode())
    assert before["UID"] == after["UID"]
    assert (after["STATUS"], after["SEQUENCE"]) == ("CANCELLED", "1")


@pytest.mark.parametrize("kind", ["kpu", "kominfo", "bawaslu"])
def test_no_feed_tells_for_which_candidates(kind):
    activity(candidate_pair=candidates(names="PASLON Satu"))
    text = read(official(kind, "32.73")).content.decode()
    assert "BEGIN:VEVENT" in text
    assert "PASLON" not in text


def test_the_feed_holds_the_own_region_only():
    activity("33.74.01.1001", place="RAHASIA")
    assert "VEVENT" not in read(official("kpu", "32.73")).content.decode()
    assert "RAHASIA" in read(official("kpu")).content.decode()


def test_an_address_ends_when_it_is_renewed_and_with_its_owner():
    person = official("kpu", "32.73")
    client = Client()
    client.force_login(person)
    calendar = reverse("campaigns:calendar")
    assert "/kegiatan/ics/" not in client.get(calendar).content.decode()
    client.post(reverse("campaigns:renew_feed"))
    old = CalendarAddress.objects.get().get_absolute_url()
    assert f"https://portal.example.id{old}" in client.get(calendar).content.decode()
    assert Client().get(old).status_code == 200
    client.post(reverse("campaigns:renew_feed"))
    new = CalendarAddress.objects.get().get_absolute_url()
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    Official.objects.filter(pk=person.pk).update(is_active=False)
    assert Client().get(new).status_code == 404


def test_an_address_that_nobody_has():
    assert Client().get(reverse("campaigns:feed", args=[uuid.uuid4()])).status_code == 404
    assert Client().get("/kegiatan/ics/bukan-kunci/").status_code in (302, 404)


def test_a_calendar_that_did_not_change_is_not_sent_again():
    person = official("kpu", "32.73")
    activity(actor=person)
    first = read(person)
    url = CalendarAddress.objects.get().get_absolute_url()
    assert first["Cache-Control"] == "private, no-cache"
    assert Client().get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("text", ["x" * 75, "x" * 76, "é" * 100, "🛰" * 60, "a" * 74 + "é" + "b" * 200])
def test_long_lines_are_folded_between_characters(text):
    folded = _folded(text)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == text


def test_what_was_typed_adds_no_line():
    assert _text("a\r\nEND:VCALENDAR\rb\nc") == "a\\nEND:VCALENDAR\\nb\\nc"
