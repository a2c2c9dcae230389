"""The pages of schedules: sending, the dry run, approving, undoing; and that no ICT office meets them."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from coordination.campaigns.importing import SCHEDULES
from coordination.campaigns.models import ScheduleBatch
from coordination.campaigns.tests.test_schedules import HEADER, ROW, campaign  # noqa: F401 - the last is a fixture
from coordination.offices.tests.factories import lead, official
from tests.files import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("campaign")]


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def form(content):
    return {"client_id": uuid.uuid4(), "file": upload("jadwal.csv", content, "text/csv")}


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_from_sending_to_undoing_without_javascript():
    person = official("kpu", "32.73")
    client, values = signed_in(person), form((HEADER + ROW[:-1] + "2\n" + ROW.replace("09.00", "x")).encode())
    answer = client.post(reverse("schedules:new"), values)
    values["file"].seek(0)
    assert client.post(reverse("schedules:new"), values).url == answer.url
    batch = ScheduleBatch.objects.get()
    assert "Sedang dibaca" in text_of(client.get(answer.url))
    SCHEDULES.read(batch.pk)
    page = text_of(client.get(answer.url))
    for words in ("1 baru, 0 berubah, 0 tetap", "PASLON dua", "Gegerkalong", "Jam", "bukan jam"):
        assert words in page
    client.post(f"{answer.url}setujui/")
    SCHEDULES.apply(batch.pk, person.pk)
    page = text_of(client.get(answer.url))
    assert "Diterapkan" in page and batch.activities.get().number in page
    client.post(f"{answer.url}batalkan/")
    SCHEDULES.take_back(batch.pk, person.pk)
    assert "Berubah sejak diimpor" not in text_of(client.get(answer.url))
    assert batch.activities.get().state == "cancelled"
    shown = text_of(signed_in(lead("kominfo", "32.73")).get(batch.activities.get().get_absolute_url()))
    assert "jadwal.csv" not in shown and "PASLON" not in shown


def test_what_cannot_be_taken_is_said_at_once():
    client = signed_in(official("kpu", "32.73"))
    broken = [form(content) for content in (b"", b"nama\nx\n", b"PK\x03\x04broken", b"%PDF-1.7", b"\x00\x00")]
    for values in (*broken, {}, form(HEADER.encode()) | {"client_id": "x"}):
        answer = client.post(reverse("schedules:new"), values)
        assert answer.status_code == 422 and answer.context["form"].errors
    assert not ScheduleBatch.objects.exists()


def test_lists_to_fill_in_can_be_sent_as_they_are():
    client = signed_in(official("kpu", "32.73"))
    for kind in ("csv", "xlsx"):
        content = client.get(reverse("schedules:sample", args=[kind])).content
        answer = client.post(reverse("schedules:new"), form(content))
        batch = ScheduleBatch.objects.get(key=answer.url.split("/")[-2])
        SCHEDULES.read(batch.pk)
        batch.refresh_from_db()
        assert (batch.state, batch.rows) == ("waiting", 2)
    assert client.get(reverse("schedules:sample", args=["doc"])).status_code == 404
