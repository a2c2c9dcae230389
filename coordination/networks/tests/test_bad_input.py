"""Every field of the measuring form, given what nobody should type: a page, a sentence, nothing lost."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from coordination.networks.forms import MeasurementForm
from coordination.networks.models import Assessment
from coordination.networks.tests.factories import assessment
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region
from tests.bad_input import KEPT, wrong_answers

pytestmark = pytest.mark.django_db
FOREIGN = "33.74.01.1001"
TEXTS = ("region", "place", "note", "source", "device", "download_mbps", "upload_mbps", "loss_percent")


@pytest.fixture
def client():
    region(FOREIGN)
    client = Client()
    client.force_login(official("kpu", "32.73"))
    return client


def values():
    return {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "measured_at": "2026-01-05T09:00",
        "download_mbps": "2", "place": f"{KEPT} tempat", "note": f"{KEPT} catatan", "source": f"{KEPT} sumber",
    }  # fmt: skip


@pytest.mark.parametrize("field", [*MeasurementForm.base_fields, "region_choice", "level", "official", "unknown"])
def test_measuring(client, field):
    assert wrong_answers(client, reverse("networks:measure"), values, field, foreign=FOREIGN, kept=TEXTS) == []
    assert not Assessment.objects.exclude(region__path__startswith="32.73.").exists()
    assert set(Assessment.objects.values_list("level", flat=True)) <= {"weak", "medium", "strong", None}


@pytest.mark.parametrize("field", ["dari", "pulihkan"])
def test_the_list(client, field):
    assessment()
    assert wrong_answers(client, reverse("networks:list"), dict, field, foreign=FOREIGN, method="get") == []


@pytest.mark.parametrize("content", [b"", b"bukan gambar", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_file_that_is_no_picture(client, content):
    file = SimpleUploadedFile("layar.jpg", content, "image/jpeg")
    answer = client.post(reverse("networks:measure"), values() | {"screenshots": [file]})
    assert answer.status_code == 422
    assert answer.context["form"].errors["screenshots"]
    assert f"{KEPT} catatan" in answer.content.decode()


def test_keys_of_nothing(client):
    key = uuid.uuid4()
    assert client.get(reverse("networks:detail", args=[key])).status_code == 404
    assert client.get(reverse("networks:screenshot", args=[key, key])).status_code == 404
    made = assessment()
    assert client.get(reverse("networks:screenshot", args=[made.key, key])).status_code == 404
