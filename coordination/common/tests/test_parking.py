"""What somebody typed survives an ended session and a refused token, and nobody else ever sees it."""

import base64
import pickle

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from coordination.common import parking
from coordination.obstacles.models import Obstacle
from coordination.offices.tests.factories import PASSWORD, official

pytestmark = pytest.mark.django_db
TYPED = {"description": "Yang sudah diketik", "place": "Balai <b>desa</b>", "operators": ["1", "2"]}


@pytest.fixture(autouse=True)
def empty_cache():
    caches["parked"].clear()


@pytest.fixture
def typist():
    return official("kpu", "32.73")


@pytest.fixture
def report():
    return reverse("obstacles:report")


def restored(client, url):
    return client.get(f"{url}?pulihkan=1").content.decode()


def test_after_signing_in_again_the_filled_form_is_shown_and_not_processed(report, typist):
    client = Client()
    answer = client.post(report, TYPED)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    signed_in = client.post(answer.url, {"login": typist.username, "password": PASSWORD})
    page = client.get(signed_in.url).content.decode()
    assert "Yang sudah diketik" in page
    assert "Balai &lt;b&gt;desa&lt;/b&gt;" in page
    assert not Obstacle.objects.exists()


def test_after_a_refused_token_the_filled_form_is_shown_with_a_fresh_one(report, typist):
    client = Client(enforce_csrf_checks=True)
    client.force_login(typist)
    answer = client.post(report, TYPED | {"csrfmiddlewaretoken": "x" * 64})
    assert (answer.status_code, answer.url) == (302, f"{report}?pulihkan=1")
    shown = client.get(answer.url)
    assert "Yang sudah diketik" in shown.content.decode()
    token = shown.context["csrf_token"]
    sent = client.post(report, TYPED | {"csrfmiddlewaretoken": str(token)})
    assert sent.status_code == 422


def test_the_form_is_still_there_when_the_answer_was_lost_on_the_way(report, typist):
    client = Client()
    client.post(report, TYPED)
    client.force_login(typist)
    for _ in range(2):
        assert "Yang sudah diketik" in restored(client, report)


def test_the_next_person_at_a_shared_computer_does_not_see_it(report, typist):
    client = Client()
    client.post(report, TYPED)
    client.force_login(typist)
    restored(client, report)
    client.force_login(official("kpu", "32.73"))
    assert "Yang sudah diketik" not in restored(client, report)


def test_after_an_ended_session_the_form_waits_for_the_person_who_typed_it(report, typist):
    client = Client()
    client.force_login(typist)
    client.get(report)
    client.cookies.pop("sesi")  # as when it has expired
    client.post(report, TYPED)
    client.force_login(official("kpu", "32.73"))
    assert "Yang sudah diketik" not in restored(client, report)
    client.force_login(typist)
    assert "Yang sudah diketik" in restored(client, report)


@pytest.mark.parametrize("forged", ["", "1", "1:x", "x" * 5000])
def test_a_forged_note_of_who_was_last_is_ignored(report, typist, forged):
    client = Client()
    client.cookies[parking.LAST_COOKIE] = forged
    client.post(report, TYPED)
    client.force_login(typist)
    assert "Yang sudah diketik" in restored(client, report)


def test_a_form_of_somebody_signed_in_is_theirs_from_the_start(report, typist):
    client = Client(enforce_csrf_checks=True)
    client.force_login(typist)
    client.post(report, TYPED)
    client.force_login(official("kpu", "32.73"))
    assert "Yang sudah diketik" not in restored(client, report)


def test_another_browser_does_not_see_it(report, typist):
    Client().post(report, TYPED)
    other = Client()
    other.force_login(typist)
    assert "Yang sudah diketik" not in restored(other, report)


def test_forms_in_two_tabs_do_not_push_each_other_out(report, typist):
    client = Client()
    client.post(report, TYPED)
    client.post(reverse("requests:new"), {"text": "Tab kedua"})
    client.force_login(official("kpu", "32.73"))
    assert "Yang sudah diketik" in restored(client, report)
    assert "Tab kedua" in restored(client, reverse("requests:new"))


def asked(path, query, cookies):
    request = RequestFactory().get(path, query)
    request.COOKIES, request.user = cookies, official("kpu", "32.73")
    return parking.parked(request)


def parked_cookie(client):
    return {"titipan": client.cookies["titipan"].value}


def test_it_is_shown_at_its_own_address_with_the_mark_only(report):
    client = Client()
    client.post(report, TYPED)
    cookies = parked_cookie(client)
    assert asked("/lain/", {"pulihkan": "1"}, cookies) is None
    assert asked(report, {}, cookies) is None
    assert asked(report, {"pulihkan": "1"}, {}) is None
    assert asked(report, {"pulihkan": "1"}, cookies)["description"] == "Yang sudah diketik"


@pytest.mark.parametrize("cookie", ["", "x", "x:y:z", "\x00", "💥" * 50, "x" * 4000])
def test_a_cookie_that_we_did_not_make_opens_nothing(report, cookie):
    assert asked(report, {"pulihkan": "1"}, {"titipan": cookie}) is None


def test_several_values_of_one_field_come_back_and_secrets_never_do(report):
    client = Client()
    client.post(report, TYPED | {"password": "rahasia", "oldpassword": "rahasia", "csrfmiddlewaretoken": "x"})
    kept = asked(report, {"pulihkan": "1"}, parked_cookie(client))
    assert kept.getlist("operators") == ["1", "2"]
    assert set(kept) == set(TYPED)


def test_what_is_empty_or_far_too_long_is_not_kept(report):
    for body in ({}, {"description": "x" * (parking.MAX_CHARS + 1)}):
        client = Client()
        assert client.post(report, body).status_code == 302
        assert "titipan" not in client.cookies


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(report):
    client = Client()
    client.post(report, TYPED, secure=True)
    cookie = client.cookies["titipan"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert cookie["max-age"] <= 60 * 60
    assert "diketik" not in cookie.value


def test_a_form_that_cannot_be_shown_again_is_answered_with_a_page():
    client = Client(enforce_csrf_checks=True)
    client.force_login(official("kpu", "32.73"))
    answer = client.post(reverse("account_logout"), {"x": "1"})
    assert answer.status_code == 403
    assert "titipan" not in client.cookies


@pytest.mark.parametrize("address", ["notifications:read", "account_logout"])
def test_what_holds_no_text_leads_to_signing_in_and_to_my_work(address):
    answer = Client().post(reverse(address), {"x": "1"})
    assert answer.url == f"{reverse('account_login')}?next=/"


def test_a_browser_that_asks_for_english_gets_indonesian_until_somebody_chooses(report, typist):
    client = Client(headers={"Accept-Language": "en-US,en;q=0.9"})
    client.force_login(typist)
    assert 'lang="id"' in client.get(report).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert '<html lang="en">' in client.get(report).content.decode()


def test_no_password_is_ever_kept(typist):
    secrets = ("password", "password1", "oldpassword", "old_password", "new_password1", "new_password2")
    values = dict.fromkeys(secrets, "Rahasia-2020") | {"description": "Sinyal"}
    for name in ("account_login", "account_change_password", "admin:password_change", "obstacles:report"):
        for client in (Client(), Client(enforce_csrf_checks=True)):
            client.post(reverse(name), values)
            client.force_login(typist)
            client.post(reverse(name), values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM portal_parked")
        kept = [pickle.loads(base64.b64decode(value)) for (value,) in cursor.fetchall()]  # as the cache writes them
    assert any("Sinyal" in str(form) for form in kept)
    assert not any("Rahasia" in str(form) for form in kept)
