"""Addresses and files that no page of measurements offers; the fields of its form meet theirs in tests/."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from coordination.networks.tests.factories import assessment
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region
from tests.bad_input import wrong_pages

pytestmark = pytest.mark.django_db
TYPED = "Teks yang sudah diketik"


@pytest.fixture
def client():
    client = Client()
    client.force_login(official("kpu", "32.73"))
    return client


def values():
    return {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "measured_at": "2026-01-05T09:00",
        "download_mbps": "2", "note": TYPED,
    }  # fmt: skip


@pytest.mark.parametrize("field", ["dari", "pulihkan"])
def test_the_list(client, field):
    assessment()
    assert wrong_pages(client, reverse("networks:list"), field) == []


@pytest.mark.parametrize("content", [b"", b"bukan gambar", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_file_that_is_no_picture(client, content):
    file = SimpleUploadedFile("layar.jpg", content, "image/jpeg")
    answer = client.post(reverse("networks:measure"), values() | {"screenshots": [file]})
    assert answer.status_code == 422
    assert answer.context["form"].errors["screenshots"]
    assert TYPED in answer.content.decode()


def test_keys_of_nothing(client):
    key = uuid.uuid4()
    assert client.get(reverse("networks:detail", args=[key])).status_code == 404
    assert client.get(reverse("networks:screenshot", args=[key, key])).status_code == 404
    made = assessment()
    assert client.get(reverse("networks:screenshot", args=[made.key, key])).status_code == 404
