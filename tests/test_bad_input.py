"""Every field of every form meets empty, huge, foreign, script and odd values: a sentence by the field, never a 500."""

import html

import pytest
from django import forms
from django.db import transaction
from django.test import Client
from django.urls import reverse

from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import coordination_request
from tests.bad_input import ANYTHING, FOREIGN, KEYS, REDIRECTS, SCRIPT, TEXTS, send
from tests.files import upload
from tests.filled_forms import FORMS, LOOKED_AT_FIRST, TYPED, password_set_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    region(FOREIGN, name="RAHASIA")
    return lead("kpu", "32.73"), lead("kominfo", "32.73")


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
