"""A photo follows its report in pieces, goes on where it was cut, and is checked when whole."""

import hashlib
import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.history.models import Event
from coordination.notifications.models import Notification
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform
from coordination.uploads import resuming
from coordination.uploads.models import Upload
from tests.files import PDF, jpeg
from tests.races import at_once

pytestmark = pytest.mark.django_db
PHOTO = jpeg(size=(300, 200))
PIECE = "application/offset+octet-stream"


@pytest.fixture
def sender():
    return official("kpu", "32.73")


def signed_in(person):
    client = Client(HTTP_ACCEPT="application/json")
    client.force_login(person)
    return client


def announced(target, sender, content=PHOTO, **changes):
    """An upload of this content that `target` waits for."""
    file = {"key": uuid.uuid4(), "name": "menara.jpg", "size": len(content), "sha256": ""} | changes
    resuming.expect(target, [tuple(file.values())], owner=sender)
    return Upload.objects.get(key=file["key"])


def send(client, upload, offset, data, **headers):
    url = reverse("upload", args=[upload.key])
    return client.generic(
        "PATCH", url, data, headers.pop("content_type", PIECE), headers={"Upload-Offset": str(offset)}
    )


def arrived(client, upload):
    return client.head(reverse("upload", args=[upload.key]))


def test_a_report_announces_its_photos_and_shows_what_is_still_to_come(sender):
    client = signed_in(sender)
    files = [{"id": str(uuid.uuid4()), "name": "menara.jpg", "size": 1000}]
    client.post(reverse("obstacles:report"), {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "kind": "power",
        "since": "2026-01-05T09:00", "description": "Padam", "announced": json.dumps(files),
    })  # fmt: skip
    row = Obstacle.objects.get()
    assert [(upload.target, upload.owner) for upload in Upload.objects.all()] == [(row, sender)]
    page = client.get(row.get_absolute_url()).content.decode()
    assert "menara.jpg" in page
    assert "belum lengkap, baru 0 %" in page


def test_pieces_make_the_photo_and_the_cut_one_goes_on_where_it_was_cut(sender):
    row, client = obstacle(actor=sender), signed_in(sender)
    upload = announced(row, sender)
    assert send(client, upload, 0, PHOTO[:400]).status_code == 204
    assert arrived(client, upload)["Upload-Offset"] == "400"
    answer = send(client, upload, 400, PHOTO[400:])
    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(len(PHOTO)))
    photo = row.photos.get()
    assert (photo.name, photo.content_type, photo.added_by) == ("menara.jpg", "image/jpeg", sender)
    assert Event.objects.about(row).last().verb == "attach"
    upload.refresh_from_db()
    assert upload.finished_at
    assert not Upload.objects.about(row).missing().exists()


def test_nothing_of_a_finished_file_stays_apart(sender, django_capture_on_commit_callbacks):
    upload = announced(obstacle(actor=sender), sender)
    with django_capture_on_commit_callbacks(execute=True):
        send(signed_in(sender), upload, 0, PHOTO)
    assert not Path(default_storage.path(upload.part)).exists()


@pytest.mark.parametrize("offset", [0, 399, 401, 5000])
def test_a_piece_at_a_wrong_place_changes_nothing_and_is_told_the_right_one(sender, offset):
    row, client = obstacle(actor=sender), signed_in(sender)
    upload = announced(row, sender)
    send(client, upload, 0, PHOTO[:400])
    answer = send(client, upload, offset, PHOTO[:100])
    assert (answer.status_code, answer["Upload-Offset"]) == (409, "400")
    send(client, upload, 400, PHOTO[400:])
    assert row.photos.count() == 1


def test_what_a_failed_change_had_written_is_written_over(sender):
    row, client = obstacle(actor=sender), signed_in(sender)
    upload = announced(row, sender)
    send(client, upload, 0, PHOTO[:400])
    with open(default_storage.path(upload.part), "ab") as file:
        file.write(b"left by a crash" * 100)
    send(client, upload, 400, PHOTO[400:])
    assert row.photos.count() == 1


def test_the_last_piece_whose_answer_was_lost_is_known_to_be_here(sender):
    upload, client = announced(obstacle(actor=sender), sender), signed_in(sender)
    send(client, upload, 0, PHOTO)
    answer = arrived(client, upload)
    assert (answer.status_code, answer["Upload-Offset"]) == (200, str(len(PHOTO)))


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", PDF, PHOTO[:500]], ids=["page", "pdf", "cut"])
def test_what_is_no_photo_is_refused_when_whole_with_its_reason_on_the_page(sender, content):
    row, client = obstacle(actor=sender), signed_in(sender)
    upload = announced(row, sender, content)
    assert send(client, upload, 0, content).status_code == 422
    assert arrived(client, upload).status_code == 410
    assert not row.photos.exists()
    upload.refresh_from_db()
    assert upload.refusal
    assert upload.refusal.split("”")[1][:30] in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize("digest", ["right", "wrong"])
def test_what_was_damaged_on_its_way_is_refused(sender, digest):
    row = obstacle(actor=sender)
    sha256 = hashlib.sha256(PHOTO if digest == "right" else b"other").hexdigest()
    upload = announced(row, sender, sha256=sha256)
    assert send(signed_in(sender), upload, 0, PHOTO).status_code == (204 if digest == "right" else 422)
    assert row.photos.exists() == (digest == "right")


def test_a_request_takes_a_pdf_and_ends_with_it(sender):
    item = coordination_request(State.SUBMITTED, filer=sender)
    upload = announced(item, sender, PDF, name="surat.pdf")
    assert send(signed_in(sender), upload, 0, PDF).status_code == 204
    assert item.attachments.get().content_type == "application/pdf"


def test_the_same_file_again_adds_nothing_and_is_no_fault(sender):
    row, client = obstacle(actor=sender), signed_in(sender)
    for _ in range(2):
        assert send(client, announced(row, sender), 0, PHOTO).status_code == 204
    assert row.photos.count() == 1


def test_more_than_announced_or_than_a_piece_may_hold_is_not_taken(sender):
    upload, client = announced(obstacle(actor=sender), sender, size=100), signed_in(sender)
    assert send(client, upload, 0, PHOTO[:101]).status_code == 410
    assert send(client, upload, 0, b"x" * (resuming.MOST_A_PIECE + 1)).status_code == 413
    assert send(client, upload, 0, b"x", content_type="text/plain").status_code == 415
    upload.refresh_from_db()
    assert upload.received == 0


def test_nobody_else_sees_or_continues_a_file(sender):
    upload = announced(obstacle(actor=sender), sender)
    colleague = signed_in(official("kpu", "32.73"))
    assert arrived(colleague, upload).status_code == 404
    assert send(colleague, upload, 0, PHOTO).status_code == 404


@pytest.mark.parametrize(
    "text",
    ["[", "3", '[{"id": "x", "name": "a", "size": 1}]', '[{"id": "0c5f5438-c9c5-4ccc-9634-6637dc4b5e27"}]',
     '[{"id": "0c5f5438-c9c5-4ccc-9634-6637dc4b5e27", "name": "a", "size": true}]', "[" * 5000,
     '[{"id": "0c5f5438-c9c5-4ccc-9634-6637dc4b5e27", "name": "a", "size": 99999999}]'],
)  # fmt: skip
def test_a_list_of_files_that_cannot_be_is_refused_by_a_sentence(sender, text):
    answer = signed_in(sender).post(reverse("obstacles:report"), {"announced": text})
    assert answer.status_code == 422
    assert answer.json()["errors"]["announced"]


def test_what_never_arrived_is_given_up_after_14_days_and_told(sender):
    row = obstacle(actor=sender)
    upload, client = announced(row, sender), signed_in(sender)
    send(client, upload, 0, PHOTO[:400])
    assert resuming.give_up_unfinished(timezone.now() + timedelta(days=13)) == 0
    assert resuming.give_up_unfinished(timezone.now() + timedelta(days=15)) == 1
    assert resuming.give_up_unfinished(timezone.now() + timedelta(days=15)) == 0
    assert arrived(client, upload).status_code == 410
    assert Event.objects.about(row).last().verb == "incomplete"
    assert Notification.objects.filter(addressee=sender, event__verb="incomplete").exists()
    assert "tidak tiba dalam 14 hari" in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_send_the_same_piece_one_is_taken():
    sender = official("kpu", "32.73")
    row = obstacle(actor=sender)
    upload = announced(row, sender)

    def take():
        return resuming.append(upload, 0, PHOTO).received

    results = at_once([take] * 4)
    assert sorted(type(result).__name__ for result in results) == ["WrongOffset"] * 3 + ["int"]
    assert row.photos.count() == 1


def test_evidence_announced_with_a_result_follows_it_even_when_the_result_was_confirmed_meanwhile(sender):
    handler = official("kominfo", "32.73")
    item = coordination_request(State.IN_PROGRESS, filer=sender, handler=handler)
    client, key = signed_in(handler), str(uuid.uuid4())
    file = json.dumps([{"id": key, "name": "menara.jpg", "size": len(PHOTO)}])
    values = VALUES["resolve"] | {"client_id": str(uuid.uuid4()), "version": item.version, "announced": file}
    url = reverse("requests:step", args=[item.slug, "resolve"])
    assert [client.post(url, values).status_code for _ in range(2)] == [201, 200]
    item.refresh_from_db()
    perform(item, "confirm", actor=sender, version=item.version)
    assert send(client, Upload.objects.get(key=key), 0, PHOTO).status_code == 204
    assert [attached.name for attached in item.attachments.all()] == ["menara.jpg"]
