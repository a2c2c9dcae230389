"""Every field of every form meets empty, huge, foreign, script and odd values: a sentence by the field, never a 500."""

import html
import uuid
from datetime import timedelta

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.tests.activities import activity, candidates, method
from coordination.networks.tests.factories import outage
from coordination.notifications.choices import Kind, Timing
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import PASSWORD, absence, lead
from coordination.people import accounts
from coordination.people.invitations import invite
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import SOON, VALUES, coordination_request, template
from coordination.requests.workflow import STEPS
from tests.bad_input import ANYTHING, FOREIGN, KEYS, REDIRECTS, SCRIPT, TEXTS, send
from tests.files import upload
from tests.rights.cast import over

pytestmark = pytest.mark.django_db
TYPED = "Teks panjang yang sudah saya ketik"
LOOKED_AT_FIRST = {"client_id", "version", "seen_version", "decision", "next"}  # before any other field


@pytest.fixture
def people():
    region(FOREIGN, name="RAHASIA")
    return lead("kpu", "32.73"), lead("kominfo", "32.73")


def report_form(filer, handler):
    return filer, reverse("obstacles:report"), {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "kind": "power",
        "since": "2026-01-05T09:00", "description": TYPED, "place": TYPED, "form": "event", "until": "2026-01-06T09:00",
        "technology": "4g", "operators": "1", "has_electricity": "true", "people_affected": "10",
        "download_mbps": "1,5", "upload_mbps": "1,5", "latency_ms": "90", "latitude": "-6,9", "longitude": "107,6",
        "region_choice": "", "region_asked": "", "no field": "", "decision": "new",
    }  # fmt: skip


def measuring_form(filer, handler):
    return filer, reverse("networks:measure"), {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "measured_at": "2026-01-05T09:00",
        "download_mbps": "2", "place": TYPED, "note": TYPED, "source": TYPED,
    }  # fmt: skip


def edit_obstacle_form(filer, handler):
    row = obstacle(actor=filer)
    _filer, _url, values = report_form(filer, handler)
    return filer, reverse("obstacles:edit", args=[row.number]), values | {"version": row.version}


def request_form(filer, handler):
    hurdle = obstacle(actor=filer)
    return filer, reverse("requests:new"), {
        "client_id": str(uuid.uuid4()), "region": hurdle.region.code, "subject": TYPED, "obstacles": hurdle.pk,
        "more_obstacles": "", "activities": activity(actor=filer).number, "text": TYPED, "urgency": "urgent",
        "activity_on": SOON, "decision": "submit",
    }  # fmt: skip


def activity_form(filer, handler):
    candidates()
    day = timezone.localdate() + timedelta(days=9)
    return filer, reverse("campaigns:new"), {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "place": TYPED,
        "method": method().pk, "platform": "zoom", "need": "host", "starts_at": f"{day}T09:00",
        "ends_at": f"{day}T11:00", "participants": "10", "sttp_number": TYPED, "candidate_pair": "",
        "latitude": "-6,9", "longitude": "107,6",
    }  # fmt: skip


def edit_activity_form(filer, handler):
    row = activity(actor=filer)
    _filer, _url, values = activity_form(filer, handler)
    return filer, reverse("campaigns:edit", args=[row.number]), values | {"version": row.version}


def cancel_activity_form(filer, handler):
    row = activity(actor=filer)
    return filer, reverse("campaigns:step", args=[row.number, "cancel"]), {"version": row.version, "note": TYPED}


def network_held_form(filer, handler):
    row = over(activity(actor=filer))
    values = {"client_id": str(uuid.uuid4()), "answer": "no", "trouble": TYPED}
    return filer, reverse("forecast:network_held", args=[row.number]), values


def outage_form(filer, handler):
    day = timezone.localdate() + timedelta(days=9)
    return handler, reverse("outages:new"), {
        "client_id": str(uuid.uuid4()), "kind": "operator", "operator": "1", "provider": TYPED, "reference": TYPED,
        "regions": region("32.73.01.1001").code, "starts_at": f"{day}T09:00", "ends_at": f"{day}T11:00",
        "zone": "Asia/Jakarta", "state": "confirmed", "impact": "degraded", "note": TYPED, "source_text": TYPED,
    }  # fmt: skip


def edit_outage_form(filer, handler):
    row = outage(actor=handler)
    _handler, _url, values = outage_form(filer, handler)
    return handler, reverse("outages:edit", args=[row.number]), values | {"version": row.version}


def move_outage_form(filer, handler):
    row, day = outage(actor=handler), timezone.localdate() + timedelta(days=9)
    values = {"version": row.version, "note": TYPED, "starts_at": f"{day}T09:00", "ends_at": f"{day}T11:00"}
    return handler, reverse("outages:step", args=[row.number, "move"]), values


def notice_form(filer, handler):
    return handler, reverse("outages:notice"), {"text": f"X-MAINTNOTE-PROVIDER: {TYPED}"}


def edit_request_form(filer, handler):
    item = coordination_request(State.DRAFT, filer=filer, handler=handler)
    _filer, _url, values = request_form(filer, handler)
    values |= {"version": item.version, "obstacles": item.obstacles.get().pk}
    return filer, reverse("requests:edit", args=[item.slug]), values


def template_form(filer, handler):
    values = {"client_id": str(uuid.uuid4()), "verb": "accept", "title": TYPED, "text": TYPED}
    return handler, reverse("requests:new_template"), values


def edit_template_form(filer, handler):
    row = template(handler)
    values = {"version": row.version, "verb": "accept", "title": TYPED, "text": TYPED}
    return handler, reverse("requests:template", args=[row.pk]), values


def fill_form(filer, handler):
    item = coordination_request(State.IN_PROGRESS, filer=filer, handler=handler)
    values = {"version": item.version, "note": TYPED, "templat": template(handler, verb="wait").pk} | VALUES["wait"]
    return handler, reverse("requests:fill", args=[item.slug, "wait"]), values


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


def absence_form(filer, handler):
    day = filer.office.today
    values = {"client_id": str(uuid.uuid4()), "first_day": day, "last_day": day, "substitute": lead("kpu", "32.73").pk}
    return filer, reverse("offices:absences", args=[filer.pk]), values


def edit_absence_form(filer, handler):
    row = absence(filer)
    values = {"version": 1, "first_day": row.first_day, "last_day": row.first_day, "substitute": ""}
    return filer, reverse("offices:absence", args=[row.pk]), values


def accept_form(filer, handler):
    person = {"name": "Budi", "role": "officer", "position": "", "email": ""}
    _invitation, token = invite(filer.office, person, actor=filer, client_id=uuid.uuid4(), body_sha256="x")
    return None, reverse("accept_invitation", args=[token]), {"username": "budi", "password": "kopi-susu-gula-7"}


def mail_settings_form(filer, handler):
    return filer, reverse("notifications:settings"), {"version": 1} | dict.fromkeys(Kind.values, Timing.HOURLY)


def login_form(filer, handler):
    return None, reverse("account_login"), {"login": filer.username, "password": "salah", "next": "/"}


def obstacle_step_form(verb):
    def build(filer, handler):
        row = obstacle(actor=filer)
        url = reverse("obstacles:step", args=[row.number, verb])
        return handler, url, {"version": row.version, "note": TYPED, "client_id": str(uuid.uuid4())}

    build.__name__ = f"obstacle_step_{verb}"
    return build


def admin_office_form(filer, handler):
    row, boss = handler.office, lead("kpu", "32", is_staff=True)
    return boss, reverse("admin:offices_office_change", args=[row.pk]), {
        "kind": "kominfo", "region": "32.73", "name": TYPED, "address": TYPED, "email": "a@b.id", "phone": "1",
        "superior": "", "valid_from": "2020-01-01", "valid_to": "", "seen_version": row.version,
    }  # fmt: skip


def admin_official_form(filer, handler):
    boss = lead("kpu", "32", is_staff=True)
    return boss, reverse("admin:offices_official_change", args=[filer.pk]), {
        "username": filer.username, "name": TYPED, "office": filer.office_id, "role": "lead", "position": TYPED,
        "email": "", "phone": "1", "seen_version": filer.version,
    }  # fmt: skip


def password_change_form(filer, handler):
    values = {"oldpassword": PASSWORD, "password1": "kopi-susu-gula-7", "password2": "kopi-susu-gula-7"}
    return filer, reverse("account_change_password"), values


def password_reset_form(filer, handler):
    return None, reverse("account_reset_password"), {"email": "a@b.id"}


def password_set_form(filer, handler):
    """Reached by the link, which leaves its key in the session; without it the page says that the link is no good."""
    values = {"password1": "kopi-susu-gula-7", "password2": "kopi-susu-gula-7"}
    return None, accounts.password_link(filer, actor=lead("kpu", "32", is_staff=True)), values


def step_form(verb):
    def build(filer, handler):
        step = STEPS[verb]
        item = coordination_request(sorted(step.sources - {State.DRAFT})[0], filer=filer, handler=handler)
        values = {"person_in_charge": handler.pk, "note": TYPED} if verb == "assign" else dict(VALUES[verb])
        actor = filer if step.side == "filer" else handler
        return actor, reverse("requests:step", args=[item.slug, verb]), values | {"version": item.version}

    build.__name__ = f"step_{verb}"
    return build


FORMS = [report_form, measuring_form, edit_obstacle_form, request_form, edit_request_form, comment_form, template_form,
         edit_template_form, fill_form, join_form, merge_form,
         activity_form, edit_activity_form, cancel_activity_form, network_held_form,
         outage_form, edit_outage_form, move_outage_form, notice_form,
         invite_form, person_form, absence_form, edit_absence_form,
         accept_form, login_form, mail_settings_form, admin_office_form, admin_official_form,
         password_change_form, password_reset_form, password_set_form, *[step_form(verb) for verb in STEPS],
         *[obstacle_step_form(verb) for verb in ("confirm", "mitigate", "clear")]]  # fmt: skip


@pytest.mark.parametrize("build", FORMS, ids=lambda build: build.__name__)
def test_no_value_of_any_field_breaks_a_form_or_loses_what_was_typed(build, people):
    user, url, good = build(*people)
    client, faults = Client(), []
    if user:
        client.force_login(user)
    if build is password_set_form:
        url = client.get(url).url  # the link's own key goes into the session, and the form stands at another address
    typed = {field for field, value in good.items() if value == TYPED}
    first = LOOKED_AT_FIRST & set(good)
    others = {*good, *fields_of(client, url, good)} - typed - first
    for name, value in ANYTHING.items():

        def ask(bad, name=name, value=value):
            with transaction.atomic():
                answer = send(client, url, good | dict.fromkeys(bad, value))
                faults.extend(
                    f"{sorted(bad)} = {name}: {fault}" for fault in seen_faults(client, answer, good, bad, value)
                )
                transaction.set_rollback(True)
            return answer

        try_together(ask, others)
        try_together(ask, typed if name in TEXTS else set())
        try_together(ask, first if name in KEYS else set())
    assert not faults, "\n".join(faults)


def try_together(ask, bad):
    """Give a value to all these fields, then to fewer and fewer: those refused by a sentence of their own become good.

    That goes on until the form is taken, or refused for nothing of theirs: then each of the rest goes alone.
    """
    while bad:
        answer = ask(bad)
        told = bad & refused(answer)
        bad = set() if answer.status_code in REDIRECTS else bad - told
        if not told:
            break
    if len(bad) > 1:
        for field in sorted(bad):
            ask({field})


def fields_of(client, url, good):
    """The names of the form's other fields, as the page knows them that refuses one without anything."""
    with transaction.atomic():
        form = sent_form(send(client, url, {name: good[name] for name in LOOKED_AT_FIRST & set(good)}))
        transaction.set_rollback(True)
    return set(form.fields) if form else set()


def sent_form(answer):
    """The form of the page that was sent, None where there is none."""
    if answer.status_code not in (200, 409, 422) or not answer.context:
        return None
    context = answer.context
    forms_of_page = [context.get(name) for name in ("form", "comment_form", "join_form")]
    forms_of_page += [form for _step, form in context.get("forms") or ()]
    forms_of_page += [context["adminform"].form] if "adminform" in context else []
    return next((form for form in forms_of_page if form is not None and form.is_bound), None)


def refused(answer):
    """The fields that have a sentence of their own on the page, so each would be refused alone as well."""
    form = sent_form(answer)
    return set(form.errors) if form else set()


def seen_faults(client, answer, good, bad, value):
    """What is wrong with the answer to a form in which some fields have a bad value."""
    if answer.status_code in REDIRECTS:
        if value == FOREIGN and bad & {"region", "regions"}:
            yield "took a foreign region"
        answer = client.get(answer.url)
        if answer.status_code != 200:
            yield f"leads to a page that answers {answer.status_code}"
    page = answer.content.decode(errors="replace")
    if answer.status_code not in (200, 409, 422):
        yield f"status {answer.status_code}"
    if SCRIPT in page:
        yield "a script came back as it was"
    if "RAHASIA" in page:
        yield "tells of a foreign region"
    if answer.status_code == 422:
        yield from faults_of_refusal(answer, page, good, bad, value)


def faults_of_refusal(answer, page, good, bad, value):
    if "invalid-feedback" not in page and 'role="alert"' not in page:
        yield "no sentence says what is wrong"
    shown = printable(html.unescape(page))
    value = value if isinstance(value, str) else value[-1]  # of several the last counts
    yield from (f"{field} is lost" for field in set(good) - bad if good[field] == TYPED and TYPED not in shown)
    yield from (f"what was typed into {field} is lost" for field in texts(answer, bad) if printable(value) not in shown)


def texts(answer, bad):
    """Those of the fields into which people type."""
    form = sent_form(answer)
    fields = {name: form.fields[name] for name in bad & set(form.fields)} if form else {}
    return [name for name, field in fields.items() if isinstance(field.widget, forms.TextInput | forms.Textarea)]


def printable(text):
    """A text as it may come back: control characters can be cleaned away, and lines end in one sign."""
    return "".join(sign for sign in str(text).strip().replace("\r\n", "\n") if sign.isprintable() or sign in "\n\t")


@pytest.mark.parametrize("page", ["office", "official"])
def test_no_file_and_no_choice_breaks_an_import(page, people):
    client, url, faults = Client(), reverse(f"admin:offices_{page}_import"), []
    client.force_login(lead("kpu", "32", is_staff=True))
    for name, value in ANYTHING.items():
        content = str(value).encode("utf-8", "surrogatepass")
        for body in (
            {"import_file": upload("daftar.csv", content, "text/csv"), "format": "0", "resource": "0"},
            {"import_file": upload("daftar.csv", b"nama\n" + content, "text/csv")},
            {"import_file": upload("daftar.xlsx", b"PK\x03\x04" + content, "text/csv")},
            {"import_file": upload("daftar.csv", b"nama\nx\n", "text/csv"), "format": "9" * 5_000, "resource": "x"},
        ):
            answer = client.post(url, body)
            faults += [f"{name}: {fault}" for fault in seen_faults(client, answer, {}, set(), value)]
        for address in (url, reverse(f"admin:offices_{page}_process_import")):
            answer = send(client, address, dict.fromkeys(CONFIRMED, value))
            faults += [f"{address} {name}: {fault}" for fault in seen_faults(client, answer, {}, set(), value)]
    assert not faults, "\n".join(faults)


CONFIRMED = ("import_file", "import_file_name", "original_file_name", "format", "resource")


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
