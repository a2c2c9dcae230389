"""Lists: what each shows, how it is searched and paged, and that its cost does not grow."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.filters import RequestFilter
from coordination.requests.models import CoordinationRequest
from coordination.requests.queries import my_work
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform

pytestmark = pytest.mark.django_db


def listed(user, **query):
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("requests:list"), query)
    assert answer.status_code == 200
    return answer


def rows(user, **query):
    return [item.pk for item in listed(user, **query).context["page"]]


def test_each_tab_shows_its_own():
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    lead("kominfo", "32")
    waiting = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    mine = coordination_request(State.ACCEPTED, handler=handler)
    perform(mine, "assign", actor=handler, version=mine.version, values={"person_in_charge": handler})
    passed_on = coordination_request(State.SUBMITTED, handler=handler)
    perform(passed_on, "forward", actor=handler, version=passed_on.version, values=VALUES["forward"])
    ended = coordination_request(State.CLOSED, handler=handler)
    assert set(rows(handler, daftar="menunggu")) == {waiting.pk, mine.pk}
    assert rows(handler, daftar="saya") == [mine.pk]
    assert rows(handler, daftar="pantauan") == [passed_on.pk]
    assert set(rows(handler, daftar="wilayah")) == {waiting.pk, mine.pk, passed_on.pk, ended.pk}
    assert rows(filer, daftar="saya") == [waiting.pk]


def test_what_waits_comes_by_its_deadline_and_what_has_none_comes_last():
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    items = [coordination_request(State.SUBMITTED, filer=filer, handler=handler) for _ in range(27)]
    paused = coordination_request(State.WAITING, filer=filer, handler=handler)
    CoordinationRequest.objects.filter(pk=paused.pk).update(due_at=None)
    for days, item in enumerate(reversed(items)):
        moment = timezone.now() + datetime.timedelta(days=days)
        CoordinationRequest.objects.filter(pk=item.pk).update(due_at=moment, near_at=moment, end_due_at=moment)
    first = listed(handler, daftar="menunggu").context["page"]
    second = listed(handler, daftar="menunggu", dari=first.older).context["page"]
    expected = [item.pk for item in reversed(items)] + [paused.pk]
    assert [item.pk for item in [*first, *second]] == expected
    assert rows(handler, daftar="menunggu", dari=second.newer) == expected[:25]


def test_an_office_that_only_reads_has_no_list_of_what_waits_for_it():
    tabs = listed(official("bawaslu", "32.73", "viewer")).context["scopes"]
    assert [value for value, _label in tabs] == ["wilayah"]


def test_a_filter_that_is_on_is_said_above_the_list():
    page = listed(lead("kominfo", "32.73"), state="submitted", deadline="lewat").content.decode()
    assert "(2)" in page
    assert "Disaring menurut" in page


def test_what_is_late_comes_by_its_deadline_unless_another_order_is_asked_for():
    handler = lead("kominfo", "32.73")
    first, last = (coordination_request(State.SUBMITTED, handler=handler) for _ in range(2))
    for item, hours in ((first, 1), (last, 2)):
        CoordinationRequest.objects.filter(pk=item.pk).update(due_at=timezone.now() - datetime.timedelta(hours=hours))
    assert rows(handler, deadline="lewat") == [last.pk, first.pk]
    assert rows(handler, deadline="lewat", order="terlama") == [first.pk, last.pk]
    assert listed(handler, deadline="lewat").context["form"]["order"].value() == "tenggat"
    assert listed(handler).context["form"]["order"].value() == "terbaru"


def test_the_list_by_deadline_is_of_what_has_one():
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    running = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    ended = coordination_request(State.CLOSED, filer=filer, handler=handler)
    assert rows(filer, daftar="wilayah", order="tenggat") == [running.pk]
    assert ended.pk in rows(filer, daftar="wilayah")


def test_an_election_office_filters_by_the_people_who_answer_it():
    filer, handler, stranger = lead("kpu", "32.73"), lead("kominfo", "32.73"), lead("kominfo", "33.74")
    mine = coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    perform(mine, "assign", actor=handler, version=mine.version, values={"person_in_charge": handler})
    foreign = coordination_request(State.ACCEPTED, "33.74.01", handler=stranger)
    perform(foreign, "assign", actor=stranger, version=foreign.version, values={"person_in_charge": stranger})
    assert rows(filer, person=handler.pk) == [mine.pk]
    offered = listed(filer).context["form"].fields["person"].queryset
    assert handler in offered
    assert stranger not in offered


def test_filters_by_state_urgency_region_person_and_deadline():
    handler = lead("kominfo", "32.73")
    late = coordination_request(State.SUBMITTED, handler=handler, urgency="critical")
    other = coordination_request(State.ACCEPTED, "32.73.02.1001", handler=handler)
    CoordinationRequest.objects.filter(pk=late.pk).update(due_at=timezone.now() - datetime.timedelta(hours=1))
    CoordinationRequest.objects.filter(pk=other.pk).update(person_in_charge=handler)
    assert rows(handler, state="submitted") == [late.pk]
    assert set(rows(handler, state=["submitted", "accepted"])) == {late.pk, other.pk}
    assert rows(handler, urgency="critical") == [late.pk]
    assert rows(handler, deadline="lewat") == [late.pk]
    assert rows(handler, region="32.73.02") == [other.pk]
    assert rows(handler, person=handler.pk) == [other.pk]


def test_search_finds_number_subject_text_and_region_names_in_indonesian():
    reader = official("kpu", "32.73")
    region("32.73.05.1002", name="Sukamiskin")
    item = coordination_request(
        State.SUBMITTED, "32.73.05.1002", subject="Siaran langsung terganggu", text="Kabel putus dekat pasar."
    )
    coordination_request(State.SUBMITTED, subject="Lain", text="Lain")
    for text in (
        item.number,
        item.number.lower(),
        "3273-2026-0001",
        "terganggu",
        "gangguan",
        "KABEL pasar",
        "sukamiskin",
    ):
        found = rows(reader, q=text.replace("2026", str(timezone.localdate().year)))
        assert item.pk in found, text
    assert rows(reader, q="tidak ada") == []


def test_a_search_for_a_number_reads_indexes_and_not_the_table_of_all_requests():
    filer = lead("kpu", "32.73")
    item = coordination_request(State.SUBMITTED, filer=filer, handler=lead("kominfo", "32.73"))
    _copies(item, 4000)
    for text in (item.number, item.number.lower(), item.number.removeprefix("PK-")):
        filters = RequestFilter({"q": text}, CoordinationRequest.objects.order_by(), user=filer)
        assert [found.pk for found in filters.qs] == [item.pk]
        plan = filters.qs.explain()
        for index in ("request_search", "requests_coordinationrequest_number_"):
            assert f"Index Scan on {index}" in plan, plan
        assert "Seq Scan on requests_coordinationrequest" not in plan, plan


def _copies(item, many):
    """Rows like this one with numbers of another regency, and figures for the planner."""
    own = {"id", "number", "client_id", "search"}
    columns = [field.column for field in item._meta.concrete_fields if field.column not in own]
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO requests_coordinationrequest (number, client_id, {listed})"
            f" SELECT 'PK-3374-2026-' || lpad(n::text, 5, '0'), gen_random_uuid(), {listed}"
            " FROM requests_coordinationrequest, generate_series(1, %s) n WHERE id = %s",
            [many, item.pk],
        )
        cursor.execute("SELECT gin_clean_pending_list('request_search')")  # which autovacuum does in real life
        cursor.execute("ANALYZE requests_coordinationrequest")


@pytest.mark.parametrize(
    "query",
    [{"q": "'; DROP TABLE x; --"}, {"q": "\x00"}, {"q": "a" * 5000}, {"q": "& | ! ("}, {"state": "unheard"},
     {"urgency": "x"}, {"person": "x"}, {"person": "9" * 40}, {"region": "💥"}, {"region": "33.74"}, {"order": "x"},
     {"dari": "x"}, {"dari": "W10"}, {"dari": "💥"}, {"daftar": "x"}, {"deadline": "x"}],
)  # fmt: skip
def test_an_odd_address_is_answered_with_a_page(query):
    coordination_request(State.SUBMITTED)
    listed(official("kpu", "32.73"), **query)


def test_the_pages_hold_every_row_once_even_when_rows_arrive_meanwhile():
    filer, reader = lead("kpu", "32.73"), official("kpu", "32.73")
    expected = [coordination_request(State.DRAFT, filer=filer).pk for _ in range(30)]
    first = listed(reader).context["page"]
    arrived = coordination_request(State.DRAFT, filer=filer).pk
    second = listed(reader, dari=first.older).context["page"]
    seen = [item.pk for item in [*first, *second]]
    assert sorted(seen) == sorted(expected)
    assert arrived not in seen
    assert second.older is None
    back = listed(reader, dari=second.newer).context["page"]
    assert [item.pk for item in back] == [item.pk for item in first]


@pytest.mark.parametrize("order", ["terbaru", "terlama", "berubah", "tenggat"])
def test_each_order_pages_to_the_end(order):
    filer = lead("kpu", "32.73")
    lead("kominfo", "32.73")
    for _ in range(28):
        draft = coordination_request(State.DRAFT, filer=filer)
        perform(draft, "submit", actor=filer, version=draft.version)
    first = listed(filer, order=order).context["page"]
    second = listed(filer, order=order, dari=first.older).context["page"]
    assert len({item.pk for item in [*first, *second]}) == 28


@pytest.mark.parametrize("name", ["requests:list", "my_work"])
def test_a_page_costs_the_same_with_1_and_with_25_rows(name):
    filer, reader = lead("kpu", "32.73"), official("kpu", "32.73")
    client = Client()
    client.force_login(reader)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    coordination_request(State.SUBMITTED, filer=filer)
    cost()  # the first visit also fills caches that every later one uses
    one = cost()
    for _ in range(24):
        coordination_request(State.SUBMITTED, filer=filer)
    assert cost() == one <= 12


def test_my_work_asks_ict_offices_to_confirm_what_is_of_the_network_only():
    network, other = obstacle(), obstacle(kind="quota")
    assert my_work(official("kominfo", "32.73")).obstacles == [network]
    assert set(my_work(official("bawaslu", "32.73")).obstacles) == {network, other}


def test_my_work_shows_a_request_once():
    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73")
    draft, moving, resolved = (
        coordination_request(state, filer=filer, handler=handler)
        for state in (State.DRAFT, State.SUBMITTED, State.RESOLVED)
    )
    work = my_work(filer)
    assert {item.pk for item in work.waiting} == {draft.pk, resolved.pk}
    assert [item.pk for item in work.moving] == [moving.pk]
