"""Addresses, buttons and files that no page of obstacles offers; the fields of its forms meet theirs in tests/."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region
from tests.bad_input import ANYTHING, send, wrong_pages
from tests.files import PDF, jpeg

pytestmark = pytest.mark.django_db
TYPED = "Teks yang sudah diketik"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def report_values():
    return {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "kind": "weak_signal",
        "since": "2026-01-05T09:00", "description": TYPED, "place": TYPED, "decision": "new",
    }  # fmt: skip


@pytest.mark.parametrize("decision", ANYTHING.values(), ids=ANYTHING)
def test_a_button_that_the_page_never_had_asks_again_what_to_do_about_duplicates(decision):
    client, url = signed_in(official("kpu", "32.73")), reverse("obstacles:report")
    client.post(url, report_values())
    answer = send(client, url, report_values() | {"place": "Balai desa", "decision": decision})
    assert answer.status_code == 422
    assert TYPED in answer.content.decode()
    assert Obstacle.objects.count() == 1


@pytest.mark.parametrize(
    "field", ["q", "state", "kind", "region", "mine", "order", "dari", "region_choice", "pulihkan"]
)
def test_the_list(field):
    obstacle()
    assert wrong_pages(signed_in(official("kpu", "32.73")), reverse("obstacles:list"), field) == []


@pytest.mark.parametrize("name", ["obstacles:detail", "obstacles:edit", "obstacles:join"])
@pytest.mark.parametrize("number", ["HB-3273-2026-9999", "\x00", "x" * 500, "💥", "'; --", "%00"])
def test_a_number_that_nothing_has(name, number):
    client = signed_in(official("kpu", "32.73"))
    assert client.get(reverse(name, args=[number])).status_code == 404
    assert client.post(reverse(name, args=[number])).status_code in (404, 405)


def test_a_step_that_does_not_exist_and_a_photo_that_nobody_added():
    row, client = obstacle(), signed_in(official("kominfo", "32.73"))
    assert client.post(reverse("obstacles:step", args=[row.number, "delete"])).status_code == 404
    assert client.get(reverse("obstacles:photo", args=[row.number, uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpg", b""),
        ("foto.jpg", b"bukan foto"),
        ("foto.jpg", PDF),
        ("foto.jpg", jpeg()[:-300]),
        ("foto.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("foto.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("<script>alert(1)</script>.jpg", b"bukan foto"),
        ("\u202egpj.exe", b"MZ\x90"),
        ("x" * 250 + ".jpg", b"GIF89a"),
    ],
)
def test_a_file_that_is_no_photo(name, content):
    file = SimpleUploadedFile(name, content, "image/jpeg")
    answer = signed_in(official("kpu", "32.73")).post(reverse("obstacles:report"), report_values() | {"photos": [file]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["form"].errors["photos"]
    assert TYPED in page
    assert "<script>alert(1)</script>" not in page
    assert not Obstacle.objects.exists()


def test_bytes_that_are_no_utf8():
    body = b"client_id=%ff&region=%c3%28&kind=%ed%a0%80&since=%00&description=%f0%28%8c%bc"
    client = signed_in(official("kpu", "32.73"))
    answer = client.post(reverse("obstacles:report"), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
