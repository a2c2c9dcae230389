"""What the outbox is told: a receipt that names the item, a refusal that can be mended, or to come again."""

import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.common import idempotency
from coordination.history.models import Event
from coordination.networks.models import Assessment
from coordination.networks.tests.factories import thresholds
from coordination.obstacles.lifecycle import perform as move
from coordination.obstacles.models import Obstacle, Participation
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import Comment, CoordinationRequest
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform

pytestmark = pytest.mark.django_db
RECEIPT = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def filer():
    return lead("kpu", "32.73")


@pytest.fixture
def handler():
    return lead("kominfo", "32.73")


def outbox_of(person, **options):
    client = Client(**RECEIPT, **options)
    if person:
        client.force_login(person)
    return client


def report(**changes):
    return {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "kind": "power",
        "since": "2026-01-05T09:00", "description": "Listrik padam sejak pagi",
    } | changes  # fmt: skip


def request_body(hurdle, **changes):
    return {
        "client_id": str(uuid.uuid4()), "region": hurdle.region.code, "subject": "Sinyal lemah", "urgency": "normal",
        "text": "Mohon diperiksa.", "obstacles": hurdle.pk, "decision": "submit",
    } | changes  # fmt: skip


def test_a_new_report_is_answered_with_its_id_its_number_and_its_address(filer):
    body = report()
    answer = outbox_of(filer).post(reverse("obstacles:report"), body)
    made = Obstacle.objects.get()
    assert answer.status_code == 201
    found = answer.json()
    assert (found["client_id"], found["no"], found["url"]) == (body["client_id"], made.number, made.get_absolute_url())
    assert made.number in found["said"]


def things_sent(filer, handler):
    """(sender, address, body, model) of everything that the outbox sends."""
    hurdle, item = obstacle(actor=filer), coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    client_id = str(uuid.uuid4())
    thresholds()
    return {
        "report": (filer, reverse("obstacles:report"), report(), Obstacle),
        "request": (filer, reverse("requests:new"), request_body(hurdle), CoordinationRequest),
        "draft": (filer, reverse("requests:new"), request_body(hurdle, decision="draft"), CoordinationRequest),
        "measurement": (filer, reverse("networks:measure"),
                        {"client_id": client_id, "region": hurdle.region.code, "measured_at": "2026-01-05T09:00",
                         "download_mbps": "0,05"}, Assessment),
        "comment": (filer, reverse("requests:comment", args=[item.slug]), {"client_id": client_id, "text": "Kabar?"},
                    Comment),
        "join": (handler, reverse("obstacles:join", args=[hurdle.number]), {"client_id": client_id, "need": "Sama"},
                 Participation),
        "step": (handler, reverse("requests:step", args=[item.slug, "accept"]),
                 VALUES["accept"] | {"client_id": client_id, "version": item.version}, Event),
        "obstacle step": (handler, reverse("obstacles:step", args=[hurdle.number, "confirm"]),
                          {"client_id": client_id, "version": hurdle.version, "note": "Kami cek"}, Event),
    }  # fmt: skip


def test_what_a_page_asks_before_it_saves_is_told_in_words(filer):
    """The outbox shows them on whatever page somebody is by then."""
    known = obstacle(actor=filer)
    body = report(kind=known.kind, since=known.since.strftime("%Y-%m-%dT%H:%M"))
    answer = outbox_of(filer).post(reverse("obstacles:report"), body)
    assert answer.status_code == 422
    assert answer.json()["said"] == "Apakah hambatan Anda sudah tercatat di sini?"
    assert f"join:{known.number}" in answer.json()["page"]


@pytest.mark.parametrize(
    "what", ["report", "request", "draft", "measurement", "comment", "join", "step", "obstacle step"]
)
def test_what_comes_again_is_answered_with_the_same_receipt_and_makes_nothing(filer, handler, what):
    sender, address, body, model = things_sent(filer, handler)[what]
    client = outbox_of(sender)
    first = client.post(address, body)
    rows = model.objects.count()
    again = client.post(address, body | {"queued": "1", "captured_at": timezone.now().isoformat()})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["client_id"] == again.json()["client_id"] == body["client_id"]
    assert again.json()["url"] == first.json()["url"]
    assert model.objects.count() == rows


@pytest.mark.parametrize(
    "what", ["report", "request", "draft", "measurement", "comment", "join", "step", "obstacle step"]
)
def test_who_waits_for_the_receipt_gets_the_page_with_it_and_spares_a_round_trip(filer, handler, what):
    sender, address, body, _model = things_sent(filer, handler)[what]
    client = outbox_of(sender)
    receipt = client.post(address, body).json()
    page = Client()
    page.force_login(sender)
    assert heading(receipt["page"]) == heading(page.get(receipt["url"]).content.decode())
    assert "page" not in client.post(address, body | {"queued": "1"}).json()


def test_what_is_saved_is_receipted_although_its_page_cannot_be_shown(filer, monkeypatch):
    """As when the row leaves the reader's region in that moment."""
    monkeypatch.setattr(Obstacle, "get_absolute_url", lambda obstacle: "/hambatan/HB-0000-2026-0001/")
    answer = outbox_of(filer).post(reverse("obstacles:report"), report())
    assert (answer.status_code, "page" in answer.json()) == (201, False)


def heading(page):
    return re.search("<h1.*?</h1>", page, re.S)[0]


def test_the_page_with_a_receipt_shows_what_was_just_saved_and_an_empty_form(filer, handler):
    sender, address, body, _model = things_sent(filer, handler)["comment"]
    page = outbox_of(sender).post(address, body).json()["page"]
    assert page.count("Kabar?") == 1


def test_a_step_that_comes_again_after_others_moved_the_request_is_still_known(filer, handler):
    sender, address, body, _model = things_sent(filer, handler)["step"]
    client = outbox_of(sender)
    client.post(address, body)
    item = CoordinationRequest.objects.get(state=State.ACCEPTED)
    item = perform(item, "withdraw", actor=filer, version=item.version, values=VALUES["withdraw"])
    assert client.post(address, body).status_code == 200
    item.refresh_from_db()
    assert item.state == State.WITHDRAWN


def test_a_request_that_comes_again_is_known_although_its_obstacle_was_cleared_meanwhile(filer, handler):
    _sender, address, body, _model = things_sent(filer, handler)["request"]
    client = outbox_of(filer)
    client.post(address, body)
    hurdle = Obstacle.objects.get(pk=body["obstacles"])
    move(hurdle, "clear", actor=filer, version=hurdle.version, note="Pulih")
    assert client.post(address, body).status_code == 200


@pytest.mark.parametrize("what", ["report", "request", "comment"])
def test_going_back_and_sending_again_makes_nothing_although_the_page_was_fetched_anew(filer, handler, what):
    """The browser puts in what was typed; the id is that of the new page."""
    sender, address, body, model = things_sent(filer, handler)[what]
    client = outbox_of(sender)
    first = client.post(address, body)
    rows, other = model.objects.count(), str(uuid.uuid4())
    again = client.post(address, body | {"client_id": other})
    assert (again.status_code, again.json()["client_id"]) == (200, other)
    assert again.json()["url"] == first.json()["url"]
    assert model.objects.count() == rows


def test_a_draft_that_is_sent_again_to_be_submitted_is_submitted(filer, handler):
    _sender, address, body, _model = things_sent(filer, handler)["draft"]
    client = outbox_of(filer)
    client.post(address, body)
    client.post(address, body | {"client_id": str(uuid.uuid4()), "decision": "submit"})
    assert CoordinationRequest.objects.get(text=body["text"], subject=body["subject"]).number


def test_the_same_words_elsewhere_by_somebody_else_or_later_are_new(filer, handler):
    sender, address, body, model = things_sent(filer, handler)["comment"]
    elsewhere = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    outbox_of(sender).post(address, body)
    body |= {"client_id": str(uuid.uuid4())}
    assert outbox_of(handler).post(address, body).status_code == 201
    body |= {"client_id": str(uuid.uuid4())}
    assert outbox_of(sender).post(reverse("requests:comment", args=[elsewhere.slug]), body).status_code == 201
    model.objects.update(created_at=timezone.now() - timedelta(hours=2))
    body |= {"client_id": str(uuid.uuid4())}
    assert outbox_of(sender).post(address, body).status_code == 201


def test_a_request_that_was_withdrawn_can_be_filed_again_in_the_same_words(filer, handler):
    _sender, address, body, _model = things_sent(filer, handler)["request"]
    client = outbox_of(filer)
    number = client.post(address, body).json()["no"]
    item = CoordinationRequest.objects.get(number=number)
    perform(item, "withdraw", actor=filer, version=item.version, values=VALUES["withdraw"])
    again = client.post(address, body | {"client_id": str(uuid.uuid4())})
    assert (again.status_code, again.json()["no"] != number) == (201, True)


def test_a_refusal_names_the_fields_and_carries_the_form_as_it_was_typed(filer):
    answer = outbox_of(filer).post(reverse("obstacles:report"), report(kind="", description="Yang sudah diketik"))
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["kind"]
    assert "Yang sudah diketik" in answer.json()["page"]


def test_the_same_id_with_another_text_is_refused_and_names_the_first(filer):
    client, body = outbox_of(filer), report()
    client.post(reverse("obstacles:report"), body)
    answer = client.post(reverse("obstacles:report"), body | {"description": "Lain sama sekali", "decision": "new"})
    assert answer.status_code == 422
    assert Obstacle.objects.get().number in str(answer.json()["errors"])


def test_a_step_on_what_somebody_changed_meanwhile_comes_back_with_both_and_the_new_version(filer, handler):
    item = coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    body = VALUES["start"] | {"client_id": str(uuid.uuid4()), "version": item.version - 1}
    answer = outbox_of(handler).post(reverse("requests:step", args=[item.slug, "start"]), body)
    assert answer.status_code == 422
    assert f'name="version" value="{item.version}"' in answer.json()["page"]


def test_what_waited_on_a_device_is_recorded_without_a_question(filer):
    first = report()
    outbox_of(filer).post(reverse("obstacles:report"), first)
    assert outbox_of(filer).post(reverse("obstacles:report"), report(description="Padam lagi")).status_code == 422
    waited = report(description="Padam lagi", queued="1")
    assert outbox_of(filer).post(reverse("obstacles:report"), waited).status_code == 201


@pytest.mark.parametrize(
    "said", ["yesterday", "", "kemarin", "1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "2026-01-05"]
)
def test_the_time_of_the_device_is_kept_where_it_can_be_true(filer, said):
    yesterday = timezone.now() - timedelta(days=1)
    sent = yesterday.isoformat() if said == "yesterday" else said
    outbox_of(filer).post(reverse("obstacles:report"), report(captured_at=sent))
    made = Obstacle.objects.get()
    assert made.captured_at == (yesterday if said == "yesterday" else None)
    assert made.created_at > yesterday + timedelta(hours=23)


def test_an_ended_session_is_told_so(filer):
    answer = outbox_of(None).post(reverse("obstacles:report"), report())
    assert (answer.status_code, answer.json()) == (401, {"error": "login"})


def test_what_one_person_wrote_is_not_taken_in_the_session_of_another(filer, handler):
    client = outbox_of(handler)
    headers = {"X-Owner": str(filer.pk)}
    assert client.post(reverse("obstacles:report"), report(), headers=headers).status_code == 401
    assert not Obstacle.objects.exists()
    headers = {"X-Owner": str(handler.pk)}
    assert client.post(reverse("obstacles:report"), report(), headers=headers).status_code == 201


def test_a_refused_token_is_told_so(filer):
    answer = outbox_of(filer, enforce_csrf_checks=True).post(reverse("obstacles:report"), report())
    assert (answer.status_code, answer.json()) == (403, {"error": "token"})
    assert settings.CSRF_COOKIE_NAME in answer.cookies, "the next try would be without a token too"


@pytest.mark.parametrize("accept", [RECEIPT, {}])
def test_more_than_anybody_files_by_hand_is_asked_to_come_again(filer, monkeypatch, accept):
    monkeypatch.setattr(idempotency, "MOST_A_MINUTE", 2)
    client = Client(**accept)
    client.force_login(filer)
    answers = [
        client.post(reverse("obstacles:report"), report(decision="new", description=f"Padam {n}")) for n in range(3)
    ]
    assert [answer.status_code for answer in answers[2:]] == [429]
    assert answers[2]["Retry-After"] == "60"
    assert Obstacle.objects.count() == 2
