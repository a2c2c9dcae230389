"""Every field of every form meets empty, huge, foreign, script and odd values: a sentence by the field, never a 500."""

import uuid

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.people.invitations import invite
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import SOON, VALUES, coordination_request
from coordination.requests.workflow import STEPS

pytestmark = pytest.mark.django_db
TYPED = "Teks panjang yang sudah saya ketik"
SCRIPT = "<script>alert(1)</script>"
ODD = {
    "empty": "",
    "blank": "   ",
    "nul": "a\x00b",
    "huge": "x" * 30_000,
    "script": SCRIPT,
    "unicode": "💥\u202e\u200fﷺ Ǆ",
    "surrogates": "\ud83d",
    "negative": "-1",
    "many digits": "9" * 400,
    "date": "2026-13-45T99:99",
    "foreign region": "33.74.01.1001",
}


@pytest.fixture
def people():
    region("33.74.01.1001", name="RAHASIA")
    return lead("kpu", "32.73"), lead("kominfo", "32.73")


def report_form(filer, handler):
    return filer, reverse("obstacles:report"), {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "kind": "power",
        "since": "2026-01-05T09:00", "description": TYPED, "place": TYPED, "form": "event", "until": "2026-01-06T09:00",
        "technology": "4g", "operators": "1", "has_electricity": "true", "people_affected": "10",
        "download_mbps": "1,5", "upload_mbps": "1,5", "latency_ms": "90", "latitude": "-6,9", "longitude": "107,6",
        "decision": "new",
    }  # fmt: skip


def edit_obstacle_form(filer, handler):
    row = obstacle(actor=filer)
    _filer, _url, values = report_form(filer, handler)
    return filer, reverse("obstacles:edit", args=[row.number]), values | {"version": row.version}


def request_form(filer, handler):
    hurdle = obstacle(actor=filer)
    return filer, reverse("requests:new"), {
        "client_id": str(uuid.uuid4()), "region": hurdle.region.code, "subject": TYPED, "obstacles": hurdle.pk,
        "more_obstacles": "", "text": TYPED, "urgency": "urgent", "activity_on": SOON, "decision": "submit",
    }  # fmt: skip


def edit_request_form(filer, handler):
    item = coordination_request(State.DRAFT, filer=filer, handler=handler)
    _filer, _url, values = request_form(filer, handler)
    values |= {"version": item.version, "obstacles": item.obstacles.get().pk}
    return filer, reverse("requests:edit", args=[item.slug]), values


def comment_form(filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    values = {"client_id": str(uuid.uuid4()), "text": TYPED, "internal": "on"}
    return filer, reverse("requests:comment", args=[item.slug]), values


def join_form(filer, handler):
    row = obstacle(actor=filer)
    return handler, reverse("obstacles:join", args=[row.number]), {"client_id": str(uuid.uuid4()), "need": TYPED}


def merge_form(filer, handler):
    row, other = obstacle(actor=filer), obstacle(actor=filer)
    url = reverse("obstacles:step", args=[row.number, "merge"])
    return handler, url, {"version": row.version, "note": TYPED, "into": other.number}


def invite_form(filer, handler):
    values = {"client_id": str(uuid.uuid4()), "name": TYPED, "position": TYPED, "role": "officer", "email": "a@b.id"}
    return filer, reverse("offices:invite", args=[filer.office_id]), values


def person_form(filer, handler):
    colleague = lead("kpu", "32.73")
    values = {"version": colleague.version, "name": TYPED, "position": TYPED, "role": "lead", "email": "", "phone": "1"}
    return filer, reverse("offices:edit", args=[colleague.pk]), values


def accept_form(filer, handler):
    person = {"name": "Budi", "role": "officer", "position": "", "email": ""}
    _invitation, token = invite(filer.office, person, actor=filer, client_id=uuid.uuid4(), body_sha256="x")
    return None, reverse("accept_invitation", args=[token]), {"username": "budi", "password": "kopi-susu-gula-7"}


def login_form(filer, handler):
    return None, reverse("account_login"), {"login": filer.username, "password": "salah", "next": "/"}


def step_form(verb):
    def build(filer, handler):
        step = STEPS[verb]
        item = coordination_request(sorted(step.sources - {State.DRAFT})[0], filer=filer, handler=handler)
        values = {"person_in_charge": handler.pk, "note": TYPED} if verb == "assign" else dict(VALUES[verb])
        actor = filer if step.side == "filer" else handler
        return actor, reverse("requests:step", args=[item.slug, verb]), values | {"version": item.version}

    build.__name__ = f"step_{verb}"
    return build


FORMS = [report_form, edit_obstacle_form, request_form, edit_request_form, comment_form, join_form, merge_form,
         invite_form, person_form, accept_form, login_form, *[step_form(verb) for verb in STEPS]]  # fmt: skip


@pytest.mark.parametrize("build", FORMS, ids=lambda build: build.__name__)
def test_no_value_of_any_field_breaks_a_form_or_loses_what_was_typed(build, people):
    user, url, good = build(*people)
    client, faults = Client(), []
    if user:
        client.force_login(user)
    for field in good:
        for name, value in ODD.items():
            bad = good | {field: value.encode("utf-8", "surrogatepass") if name == "surrogates" else value}
            with transaction.atomic():
                answer = client.post(url, bad)
                transaction.set_rollback(True)
            faults += [f"{field} = {name}: {fault}" for fault in seen_faults(answer, good, field)]
    assert faults == []


def seen_faults(answer, good, field):
    page = answer.content.decode(errors="replace")
    if answer.status_code not in (200, 302, 409, 422):
        yield f"status {answer.status_code}"
    if SCRIPT in page:
        yield "a script came back as it was"
    if "RAHASIA" in page:
        yield "tells of a foreign region"
    if answer.status_code == 422:
        kept = [value for name, value in good.items() if value == TYPED and name != field]
        if any(str(value) not in page for value in kept):
            yield "what was typed is lost"
        if "invalid-feedback" not in page and 'role="alert"' not in page:
            yield "no sentence says what is wrong"


@pytest.mark.parametrize("model", [Obstacle, CoordinationRequest])
def test_what_was_typed_as_a_script_is_shown_as_text(model, people):
    filer, handler = people
    hurdle = obstacle(actor=filer, description=SCRIPT, place=SCRIPT)
    texts = {"subject": SCRIPT, "text": SCRIPT, "obstacles": [hurdle]}
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler, **texts)
    client = Client()
    client.force_login(handler)
    for url in (
        hurdle.get_absolute_url(),
        item.get_absolute_url(),
        "/",
        reverse("requests:list"),
        reverse("obstacles:list"),
    ):
        page = client.get(url).content.decode()
        assert SCRIPT not in page
    assert "&lt;script&gt;" in client.get(item.get_absolute_url()).content.decode()


def test_errors_speak_indonesian(people):
    client = Client()
    client.force_login(people[0])
    answer = client.post(reverse("requests:new"), {"client_id": "x", "region": "entah", "urgency": "x"})
    sentences = " ".join(str(error) for errors in answer.context["form"].errors.values() for error in errors)
    for words in ("wajib diisi", "Tidak ada wilayah", "tidak tersedia"):
        assert words in sentences, sentences
