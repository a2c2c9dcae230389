"""Every field of every form about obstacles, given what nobody should type: a page, a sentence, nothing lost."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from coordination.obstacles.forms import EditObstacleForm, JoinForm, MergeForm, ObstacleForm
from coordination.obstacles.lifecycle import STEPS
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region
from tests.bad_input import KEPT, wrong_answers
from tests.files import PDF, jpeg

pytestmark = pytest.mark.django_db
FOREIGN = "33.74.01.1001"
TEXTS = ("region", "place", "description", "note", "need", "into", "latitude", "download_mbps")


@pytest.fixture(autouse=True)
def foreign_region():
    region(FOREIGN)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def report_values():
    return {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "kind": "weak_signal",
        "since": "2026-01-05T09:00", "description": f"{KEPT} uraian", "place": f"{KEPT} tempat", "decision": "new",
    }  # fmt: skip


def ask(client, url, values, field, **options):
    assert wrong_answers(client, url, values, field, foreign=FOREIGN, kept=TEXTS, **options) == []


@pytest.mark.parametrize("field", [*ObstacleForm.base_fields, "region_choice", "region_asked", "unknown"])
def test_reporting(field):
    ask(signed_in(official("kpu", "32.73")), reverse("obstacles:report"), report_values, field)
    assert not Obstacle.objects.exclude(region__path__startswith="32.73.").exists()


def test_deciding():
    """A button that the page never had: the question about likely duplicates is asked again."""
    ask(signed_in(official("kpu", "32.73")), reverse("obstacles:report"), report_values, "decision", form_of=None)
    assert Obstacle.objects.count() == 1


# The others are those of reporting, which the form of editing inherits.
OF_EDITING = sorted({"version", *TEXTS} & set(EditObstacleForm.base_fields))


@pytest.mark.parametrize("field", OF_EDITING)
def test_editing(field):
    row = obstacle(actor=official("kpu", "32.73"))

    def values():
        return report_values() | {"version": Obstacle.objects.get().version}

    ask(signed_in(row.reported_by), reverse("obstacles:edit", args=[row.number]), values, field)
    assert Obstacle.objects.get().region.path.startswith("32.73.")


@pytest.mark.parametrize("field", MergeForm.base_fields)
def test_merging(field):
    row, other, _foreign = obstacle(), obstacle(), obstacle(FOREIGN)

    def values():
        return {"version": row.version + 7, "into": other.number, "note": f"{KEPT} alasan"}

    url = reverse("obstacles:step", args=[row.number, "merge"])
    client = signed_in(official("kominfo", "32.73"))
    ask(client, url, values, field, form_of=lambda context: dict(context["forms"])[STEPS["merge"]])
    row.refresh_from_db()
    assert row.state == "open"


@pytest.mark.parametrize("field", JoinForm.base_fields)
def test_joining(field):
    row = obstacle()
    url = reverse("obstacles:join", args=[row.number])

    def values():
        return {"client_id": str(uuid.uuid4()), "need": f"{KEPT} kebutuhan"}

    ask(signed_in(official("kominfo", "32.73")), url, values, field, form_of=lambda context: context["join_form"])


@pytest.mark.parametrize(
    "field", ["q", "state", "kind", "region", "mine", "order", "dari", "region_choice", "pulihkan"]
)
def test_the_list(field):
    obstacle()
    ask(signed_in(official("kpu", "32.73")), reverse("obstacles:list"), dict, field, method="get")


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
    assert f"{KEPT} uraian" in page
    assert "<script>alert(1)</script>" not in page
    assert not Obstacle.objects.exists()


def test_bytes_that_are_no_utf8():
    body = b"client_id=%ff&region=%c3%28&kind=%ed%a0%80&since=%00&description=%f0%28%8c%bc"
    client = signed_in(official("kpu", "32.73"))
    answer = client.post(reverse("obstacles:report"), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
