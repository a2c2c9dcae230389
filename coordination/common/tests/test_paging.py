"""Pages by key: every row once, whatever arrives meanwhile, and no cursor breaks a page."""

import base64
import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from coordination.common.paging import page
from coordination.regions.models import ReferenceLoad

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def load(minutes, digest="x"):
    row = ReferenceLoad.objects.create(digest=digest)
    ReferenceLoad.objects.filter(pk=row.pk).update(loaded_at=NOW - datetime.timedelta(minutes=minutes))
    return row.pk


def loads(**options):
    return page(ReferenceLoad.objects.all(), "loaded_at", **options)


def forwards(size, descending=True):
    """The keys of all pages, in order, and the last page."""
    seen, current = [], loads(size=size, descending=descending)
    seen += [row.pk for row in current]
    while current.older and len(seen) < 100:
        current = loads(size=size, descending=descending, cursor=current.older)
        seen += [row.pk for row in current]
    return seen, current


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize(("rows", "size"), [(0, 3), (1, 3), (3, 3), (4, 3), (9, 3), (10, 3)])
def test_every_row_comes_once_in_order(rows, size, descending):
    keys = [load(minutes) for minutes in range(rows)]
    seen, last = forwards(size, descending)
    assert seen == (keys if descending else keys[::-1])
    assert last.older is None


def test_rows_of_the_same_moment_are_told_apart_by_their_key():
    keys = [load(5) for _ in range(7)]
    assert forwards(2)[0] == keys[::-1]


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after():
    for minutes in range(5):
        load(minutes)
    first = loads(size=2)
    assert (first.newer, bool(first.older)) == (None, True)
    last = forwards(2)[1]
    assert (bool(last.newer), last.older) == (True, None)
    assert loads(size=5).older is None


def test_going_back_shows_the_pages_that_were_left():
    for minutes in range(9):
        load(minutes)
    first = loads(size=3)
    second = loads(size=3, cursor=first.older)
    third = loads(size=3, cursor=second.older)
    assert loads(size=3, cursor=third.newer).rows == second.rows
    back = loads(size=3, cursor=second.newer)
    assert back.rows == first.rows
    assert back.newer is None


def test_rows_that_arrive_while_somebody_reads_shift_nothing():
    keys = [load(minutes) for minutes in range(1, 7)]
    first = loads(size=3)
    load(0)
    load(-1)
    second = loads(size=3, cursor=first.older)
    assert [row.pk for row in [*first, *second]] == keys


def test_rows_that_leave_while_somebody_reads_make_no_dead_end():
    keys = [load(minutes) for minutes in range(6)]
    first = loads(size=2)
    second = loads(size=2, cursor=first.older)
    ReferenceLoad.objects.filter(pk__in=keys[:1]).delete()
    assert [row.pk for row in loads(size=2, cursor=second.newer)] == keys[1:3]
    ReferenceLoad.objects.filter(pk__in=keys[2:]).delete()
    assert [row.pk for row in loads(size=2, cursor=first.older)] == keys[1:2]


def test_a_deep_page_reads_no_more_rows_than_the_first():
    ReferenceLoad.objects.bulk_create([ReferenceLoad(digest=str(number)) for number in range(300)])
    cursor, costs = "", set()
    while cursor is not None and len(costs) < 2:
        with CaptureQueriesContext(connection) as queries:
            current = page(ReferenceLoad.objects.all(), "loaded_at", cursor=cursor, size=50)
        assert "OFFSET" not in queries[0]["sql"]
        costs.add(len(queries))
        cursor = current.older
    assert costs == {1}


def test_texts_and_numbers_are_paged_too():
    for digest in ("b", "a", "ç", "a'--", "A"):
        load(1, digest)
    for field in ("digest", "id"):
        first = page(ReferenceLoad.objects.all(), field, size=3)
        second = page(ReferenceLoad.objects.all(), field, size=3, cursor=first.older)
        assert len({row.pk for row in [*first, *second]}) == 5


def cursor_of(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


MOMENT = "2026-11-23T12:00:00+00:00"
ODD = [
    "x", "====", "💥", "W10", "e30", "\x00", "A" * 299, "A" * 5000, "[" * 200, "AAAA AAAA", "%00",
    cursor_of(), cursor_of(">"), cursor_of(">", MOMENT), cursor_of("?", MOMENT, 1), cursor_of([], MOMENT, 1),
    cursor_of(">", None, 1), cursor_of(">", 5, 1), cursor_of(">", [], 1), cursor_of(">", "2026-01-01T00:00", 1),
    cursor_of(">", "2026-02-31T00:00Z", 1), cursor_of(">", "0001-01-01T00:00:00+23:00", 1),
    cursor_of(">", "9999-12-31T23:59:59-23:00", 1), cursor_of(">", MOMENT, "1"), cursor_of(">", MOMENT, True),
    cursor_of(">", MOMENT, -1), cursor_of(">", MOMENT, 2**63), cursor_of(">", MOMENT, 1.5),
    cursor_of(">", MOMENT, None),
]  # fmt: skip
ODD_TEXTS = [cursor_of(">", text, 1) for text in ("\x00", "a\x00b", "\ud800", None, [], {}, 5, 1e308)]
ODD_NUMBERS = [cursor_of(">", number, 1) for number in ("x", None, [], float("inf"), float("nan"), 10**40, -(10**40))]


@pytest.mark.parametrize(
    ("field", "cursor"),
    [("loaded_at", cursor) for cursor in ODD]
    + [("digest", cursor) for cursor in ODD + ODD_TEXTS]
    + [("id", cursor) for cursor in ODD + ODD_NUMBERS],
)
def test_a_cursor_that_nobody_made_leads_to_a_page(field, cursor):
    row = load(0)
    assert [found.pk for found in page(ReferenceLoad.objects.all(), field, cursor=cursor)] == [row]


class AnyCursor(TestCase):
    @given(st.text(max_size=60), st.sampled_from(["loaded_at", "digest", "id"]))
    def test_any_text_as_a_cursor_leads_to_a_page(self, text, field):
        assert page(ReferenceLoad.objects.all(), field, cursor=text).rows == []

    @given(st.sampled_from("<>"), st.datetimes(timezones=st.timezones()), st.integers())
    def test_any_moment_in_a_cursor_leads_to_a_page(self, direction, moment, key):
        cursor = cursor_of(direction, moment.isoformat(), key)
        assert page(ReferenceLoad.objects.all(), "loaded_at", cursor=cursor).rows == []
