"""Every address × role × relation of regions has a declared answer, and no answer tells of a foreign region."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from coordination.offices.tests.factories import admin
from tests.rights.cast import ROLES, marker, plant, reader
from tests.rights.table import HIDDEN, NOT_ALLOWED, TABLE

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = ("own", "below", "national"), ("sister", "none")


def names(resolver=None, prefix=""):
    """The names of all addresses outside the admin, with their namespaces."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver) and entry.app_name != "admin":
            yield from names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(names()) == set(TABLE)


def ask(user, method, url, body):
    """(status, text) of one request, whose effects are undone."""
    client = Client()
    if user:
        client.force_login(user)
    with transaction.atomic():
        answer = getattr(client, method)(url, body) if method == "post" else client.get(url)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, text.decode(errors="replace") + str(answer.get("Location", ""))


def expected(row, method, role, relation):
    """The declared status; an address that names no thing opens for everybody, only what is sent to it is foreign."""
    answers = row.post if method == "post" else row.get
    if relation in OUTSIDE and row.outside is not None and answers != NOT_ALLOWED:
        if row.outside == HIDDEN or method == "post":
            return row.outside.get(role, row.outside["*"])
    elif relation != "own" and role in row.own_only:
        return answers["*"]
    return answers.get(role, answers["*"])


@pytest.mark.parametrize("name", TABLE)
def test_each_role_in_each_relation_gets_the_declared_answer(name):
    row, things, wrong = TABLE[name], plant("32.73"), []
    url = reverse(name, args=row.args(things))
    for role in ROLES:
        for relation in INSIDE + OUTSIDE:
            user = reader(role, relation)
            for method in ("get", "post"):
                status, text = ask(user, method, url, row.body(things))
                wanted = expected(row, method, role, relation)
                if status != wanted:
                    wrong.append(f"{method} {role} {relation}: {status} instead of {wanted}")
                if not row.shows and relation in OUTSIDE and marker("32.73") in text.replace(url, ""):
                    wrong.append(f"{method} {role} {relation}: tells of a foreign region")
    assert wrong == []


@pytest.mark.parametrize(
    "name", [name for name, row in TABLE.items() if row.outside == HIDDEN and row.get != NOT_ALLOWED]
)
def test_what_lies_above_a_region_is_hidden_from_it(name):
    row, things = TABLE[name], plant("32")
    url = reverse(name, args=row.args(things))
    for role in ROLES:
        status, text = ask(reader(role, "own"), "get", url, {})
        assert status == 404, role
        assert marker("32") not in text.replace(url, "")


@pytest.mark.parametrize("name", TABLE)
def test_a_stranger_is_sent_to_sign_in(name):
    row, things = TABLE[name], plant("32.73")
    url = reverse(name, args=row.args(things))
    for method in ("get", "post"):
        status, text = ask(None, method, url, row.body(things))
        assert row.shows or marker("32.73") not in text.replace(url, "")
        if not row.open_to_all:
            assert status == 302
            assert "/masuk/" in text


@pytest.mark.parametrize("name", ["requests:list", "requests:detail", "my_work", "obstacles:detail", "obstacles:list"])
def test_a_draft_is_known_to_its_own_office_only(name):
    row, things = TABLE[name], plant("32.73")
    url = reverse(name, args=row.args(things))
    for role in ROLES:
        for relation in INSIDE:
            _status, text = ask(reader(role, relation), "get", url, {})
            own = relation == "own" and role.startswith("kpu")
            assert own or "DRAF" not in text, (role, relation)
    assert "DRAF" not in ask(admin(), "get", url, {})[1]


@pytest.mark.parametrize("query", ["q", "region", "person", "dari", "state", "kind"])
def test_counts_pick_lists_and_errors_of_lists_tell_nothing_foreign(query):
    things = plant("32.73")
    real = {"q": marker("32.73"), "region": things.obstacle.region.code, "person": things.handler.pk}.get(query, "x")
    invented = {"q": marker("99.99"), "region": "99.99.99.9999", "person": 99999999}.get(query, "x")
    for name in ("requests:list", "obstacles:list"):
        for role in ROLES:
            user = reader(role, "sister")
            pages = [ask(user, "get", f"{reverse(name)}?{query}={value}", {})[1] for value in (real, invented)]
            assert without(pages[0], real) == without(pages[1], invented), (name, role)


def without(page, value):
    """The page without what was typed, and without the form tokens and the time, which differ on every page."""
    page = re.sub(r'csrfmiddlewaretoken" value="\w+"|\d\d\.\d\d WI', "", page)
    return re.sub(rf"(?<![\w-]){re.escape(str(value))}(?!\w)", "", page)


def test_an_admin_sees_every_region():
    things = plant("32.73")
    for name in ("requests:detail", "obstacles:detail", "networks:detail"):
        status, text = ask(admin(), "get", reverse(name, args=TABLE[name].args(things)), {})
        assert status == 200
        assert marker("32.73") in text
