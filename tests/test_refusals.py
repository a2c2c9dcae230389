"""What no page can read, and what is too much at once, is answered with a page that says so."""

import io

import pytest
from django.test import Client
from django.urls import reverse

from coordination.offices.tests.factories import lead
from tests.files import jpeg

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", [f"{FORM}; charset=iso-8859-1", f"{FORM}; charset=utf-16", f"{FORM}; charset=nichts",
                                  "multipart/form-data", "multipart/form-data; boundary=\xff",
                                  "multipart/form-data; boundary=x; charset=utf-16"])  # fmt: skip
@pytest.mark.parametrize("name", ["account_login", "obstacles:report", "requests:new", "account_reset_password"])
def test_a_form_that_cannot_be_read_is_answered_with_a_page(kind, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead("kpu", "32.73"))
    client.get(reverse("my_work"))
    answer = client.generic("POST", reverse(name), b"login=a&description=b", kind)
    assert answer.status_code in (302, 400, 403, 422)
    assert answer.status_code == 302 or "<h1>" in answer.content.decode()


@pytest.mark.parametrize(
    "body", [{"description": "x" * 1_100_000}, {f"n{number}": "1" for number in range(400)}], ids=["long", "many"]
)
def test_too_much_text_is_said_to_be_too_much(body):
    client = Client()
    client.force_login(lead("kpu", "32.73"))
    answer = client.post(reverse("obstacles:report"), body)
    assert answer.status_code == 413
    assert "masih ada di formulir" in answer.content.decode()


def test_too_many_files_are_said_beside_the_field_or_on_a_page():
    client = Client()
    client.force_login(lead("kpu", "32.73"))
    for count, status in ((90, 422), (120, 413)):
        files = [io.BytesIO(jpeg((4, 4))) for _ in range(count)]
        for number, file in enumerate(files):
            file.name = f"{number}.jpg"
        answer = client.post(reverse("obstacles:report"), {"description": "Yang diketik", "photos": files})
        assert answer.status_code == status
    assert "masih ada di formulir" in answer.content.decode()


def test_the_outbox_is_told_by_the_status_alone():
    client = Client(HTTP_ACCEPT="application/json")
    client.force_login(lead("kpu", "32.73"))
    assert client.post(reverse("obstacles:report"), {"description": "x" * 1_100_000}).status_code == 413


@pytest.mark.parametrize("name", ["obstacles:report", "requests:new"])
def test_a_form_that_lost_its_hidden_id_can_be_sent_again_as_it_says(name):
    client = Client()
    client.force_login(lead("kpu", "32.73"))
    answer = client.post(reverse(name), {"description": "x", "client_id": ""})
    assert answer.status_code == 422
    assert answer.context["form"]["client_id"].value()
