"""Every address × role × relation of regions has a declared answer, and no answer tells of a foreign region."""

import base64
import json
import re
from itertools import product

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from coordination.dashboards.models import RegionFigures
from coordination.offices.models import Official
from coordination.offices.tests.factories import admin, lead, office
from coordination.regions.tests.factories import region
from coordination.requests.filters import Scope
from tests.rights.answers import HIDDEN, NOT_ALLOWED
from tests.rights.cast import ROLES, VILLAGE, client_of, marker, pair_marker, plant
from tests.rights.table import TABLE

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


def ask(user, method, url, body, effect=None):
    """(status, text) of one request, whose effects are undone; with `effect` also what that reads before they are."""
    client = client_of(user)
    with transaction.atomic():
        answer = getattr(client, method)(url, body) if method == "post" else client.get(url)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen = [effect()] if effect else []
        transaction.set_rollback(True)
    return answer.status_code, text.decode(errors="replace") + str(answer.get("Location", "")), *seen


def expected(row, method, role, relation):
    """The declared status; an address that names no thing opens for everybody, only what is sent to it is foreign."""
    answers = row.post if method == "post" else row.get
    if relation in OUTSIDE and row.outside is not None and answers != NOT_ALLOWED:
        if row.outside == HIDDEN or method == "post":
            return row.outside.get(role, row.outside["*"])
    elif relation != "own" and role in row.own_only:
        return answers["*"]
    return answers.get(role, answers["*"])


def readers_of(row):
    """(role, relation) of all who are asked; what is open to strangers too, by each role and from each region once."""
    everybody = product(ROLES, INSIDE + OUTSIDE)
    return [who for who in everybody if not row.open_to_all or who[0] == "kpu" or who[1] == "own"]


@pytest.mark.parametrize("name", TABLE)
def test_each_role_in_each_relation_gets_the_declared_answer(name, things, readers):
    row, wrong = TABLE[name], []
    url = reverse(name, args=row.args(things))
    for (role, relation), method in product(readers_of(row), ("get", "post")):
        status, text = ask(readers[role, relation], method, url, row.body(things))
        wanted = expected(row, method, role, relation)
        if status != wanted:
            wrong.append(f"{method} {role} {relation}: {status} instead of {wanted}")
        if not row.shows and relation in OUTSIDE and marker("32.73") in text.replace(url, ""):
            wrong.append(f"{method} {role} {relation}: tells of a foreign region")
        if role.startswith("kominfo") and pair_marker("32.73") in text:
            wrong.append(f"{method} {role} {relation}: tells for which candidates an activity is")
    assert wrong == []


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.effect])
def test_what_is_answered_alike_is_done_for_those_alone_who_may(name, things, readers):
    row, wrong = TABLE[name], []
    url, before = reverse(name, args=row.args(things)), row.effect(things)
    for role, relation in product(ROLES, INSIDE + OUTSIDE):
        after = ask(readers[role, relation], "post", url, row.body(things), lambda: row.effect(things))[-1]
        inside = relation == "own" or relation in INSIDE and role not in row.own_only
        if (after != before) is not (inside and role in row.done_by):
            wrong.append(f"{role} {relation}: {before} became {after}")
    assert wrong == []


@pytest.mark.parametrize("name", ["my_work", "requests:list", "obstacles:list", "notifications:list"])
def test_the_inbox_names_nothing_that_moved_out_of_sight(name, things):
    person = things.handler
    assert marker("32.73") in ask(person, "get", reverse(name), {})[1]
    Official.objects.filter(pk=person.pk).update(office=office("kominfo", "33.74"), name="Pindah", phone="")
    person.refresh_from_db()
    status, text = ask(person, "get", reverse(name), {})
    assert status == 200
    assert marker("32.73") not in text


def pages_of(people, things):
    """{(who, address): page} of every page of the table as these people see it, without what differs each time."""
    found = {}
    RegionFigures.objects.all().delete()  # or they would be those of before
    for person in people:
        for name, row in TABLE.items():
            # The download is noise; what is public counts the whole country for everybody.
            if row.get == NOT_ALLOWED or name in ("account_logout", "networks:download") or name.startswith("public:"):
                continue
            url = reverse(name, args=row.args(things))
            for query in ("", *MORE.get(name, ())):
                found[person.username, url + query] = masked(ask(person, "get", url + query, {})[1])
    return found


MORE = {
    "requests:list": [f"?daftar={scope}" for scope in Scope.values],
    "offices:list": ["?daftar=merah"],
    "region_search": ["?q=Desa"],
    "regions": ["?q=Desa"],
    "campaigns:list": ["?period=semua"],
}


def masked(page):
    """The page without form tokens, fresh ids of forms, times of the day, ages and the present moment in a field."""
    changing = (
        r'csrfmiddlewaretoken" value="\w+"', r'"csrf": "\w+"', r'name="client_id" value="[\w-]+"', r"\d\d\.\d\d WI",
        r'"[\d-]+T[\d:+]+"', r"\d+\s(?:menit|jam)\b",
    )  # fmt: skip
    return re.sub("|".join(changing), "", page)


def test_what_lies_outside_changes_nothing_on_any_page(things):
    """Whatever figure, list or choice counts a foreign row, differs once there are some."""
    of_the_regency, of_the_province = [things.filer, things.handler, lead("bawaslu", "32.73")], [lead("kpu", "32")]
    office("kpu", "32.04"), office("kominfo", "32.04"), region(VILLAGE["33.74"])  # noqa: B018 -- names known to all
    before = pages_of(of_the_regency + of_the_province, things)
    plant("33.74")
    after = pages_of(of_the_province, things)
    plant("32.04")  # in the same province
    after |= pages_of(of_the_regency, things)
    assert [key for key, page in after.items() if page != before[key]] == []
    assert after.keys() == before.keys()


def test_what_lies_above_a_region_is_hidden_from_it(readers):
    things, wrong = plant("32"), []
    for name, row in TABLE.items():
        if row.outside != HIDDEN or row.get == NOT_ALLOWED:
            continue
        url = reverse(name, args=row.args(things))
        for role in ROLES:
            status, text = ask(readers[role, "own"], "get", url, {})
            if status != 404 or marker("32") in text.replace(url, ""):
                wrong.append(f"{name} {role}: {status}")
    assert wrong == []


@pytest.mark.parametrize("name", TABLE)
def test_a_stranger_is_sent_to_sign_in(name, things):
    row = TABLE[name]
    url = reverse(name, args=row.args(things))
    for method in ("get", "post"):
        status, text = ask(None, method, url, row.body(things))
        assert row.shows or marker("32.73") not in text.replace(url, "")
        if not row.open_to_all:
            assert status == 302
            assert "/masuk/" in text


@pytest.mark.parametrize("name", ["requests:list", "requests:detail", "my_work", "obstacles:detail", "obstacles:list"])
def test_a_draft_is_known_to_its_own_office_only(name, things, readers):
    row = TABLE[name]
    url = reverse(name, args=row.args(things))
    for role in ROLES:
        for relation in INSIDE:
            _status, text = ask(readers[role, relation], "get", url, {})
            own = relation == "own" and role.startswith("kpu")
            assert own or "DRAF" not in text, (role, relation)
    assert "DRAF" not in ask(admin(), "get", url, {})[1]


@pytest.mark.parametrize("query", ["q", "region", "person", "dari"])
def test_counts_pick_lists_and_errors_of_lists_tell_nothing_foreign(query, things, readers):
    """What exists elsewhere is answered like what exists nowhere."""
    real = {
        "q": marker("32.73"),
        "region": things.obstacle.region.code,
        "person": things.handler.pk,
        "dari": cursor(things.request.pk),
    }
    invented = {
        "q": marker("99.99"),
        "region": "99.99.99.9999",
        "person": 99999999,
        "dari": cursor(99999999),
    }
    real, invented = real[query], invented[query]
    for name in ("requests:list", "obstacles:list", "campaigns:list"):
        for role in ROLES:
            user = readers[role, "sister"]
            pages = [ask(user, "get", f"{reverse(name)}?{query}={value}", {})[1] for value in (real, invented)]
            found, missed = (without(page, real, invented) for page in pages)
            assert found == missed, (name, role)


def test_those_alone_who_may_are_told_for_which_candidates_an_activity_is(things, readers):
    """The table above reads every page of the ICT offices for it; here others show that there was something to tell."""
    addresses = [things.activity.get_absolute_url()]
    addresses += [reverse(name) + query for name, queries in MORE.items() for query in queries]
    for role in ROLES:
        for relation in INSIDE:
            told = [pair_marker("32.73") in ask(readers[role, relation], "get", url, {})[1] for url in addresses]
            assert not any(told) if role.startswith("kominfo") else told[0], (role, relation)


def cursor(key):
    """A place in a list, as its own links name it (common/paging)."""
    position = json.dumps([">", timezone.now().isoformat(), key])
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def without(page, *typed):
    """The page without what was typed, and without the form tokens and the time, which differ on every page."""
    page = re.sub(r'csrfmiddlewaretoken" value="\w+"|\d\d\.\d\d WI', "", page)
    return re.sub(rf"(?<![\w-])(?:{'|'.join(re.escape(str(value)) for value in typed)})(?!\w)", "", page)


def test_an_admin_sees_every_region(things):
    for name in ("requests:detail", "obstacles:detail", "networks:detail", "campaigns:detail"):
        status, text = ask(admin(), "get", reverse(name, args=TABLE[name].args(things)), {})
        assert status == 200
        assert marker("32.73") in text
