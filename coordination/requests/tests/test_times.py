"""The list of how long stages took: whose rows it shows, in which order, and what odd addresses are answered."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.offices.tests.factories import official
from coordination.requests.choices import State
from coordination.requests.filters import StageTimeFilter
from coordination.requests.models import StageTime
from coordination.requests.tests.factories import coordination_request
from coordination.requests.tests.pages import in_english, signed_in
from tests.bad_input import wrong_pages

pytestmark = pytest.mark.django_db
NOW, DAY = timezone.now(), timedelta(days=1)


def took(minutes, *, code="32.73.01.1001", stage="verify", days_ago=1, late=False):
    """A stage of a request of its own that ended so many days ago."""
    item, ended_at = coordination_request(State.SUBMITTED, code), NOW - days_ago * DAY
    return StageTime.objects.create(
        request=item, stage=stage, office=item.handling_office, minutes=minutes, started_at=ended_at - DAY,
        ended_at=ended_at, due_at=ended_at - late * DAY,
    )  # fmt: skip


def listed(person, **query):
    return list(signed_in(person).get(reverse("requests:times"), query).context["page"])


@pytest.fixture
def rows():
    return [took(5), took(900, days_ago=3, late=True), took(60, stage="answer", days_ago=40)]


@pytest.mark.parametrize("who", ["kpu", "kominfo", "bawaslu"])
def test_the_list_shows_what_the_reader_may_know_of(rows, who):
    elsewhere = took(70, code="32.04.01.2001", days_ago=50)
    assert listed(official(who, "32.73")) == rows
    assert listed(official(who, "32")) == [*rows, elsewhere]
    assert listed(official(who, "94.01")) == []


def test_the_list_narrows_by_stage_deadline_days_region_and_office_and_falls_by_time(rows):
    reader, (short, long, answer) = official("kpu", "32"), rows
    took(70, code="32.04.01.2001", days_ago=50)
    day = timezone.localdate(long.ended_at).isoformat()
    assert listed(reader, stage="answer") == [answer]
    assert listed(reader, kept="tidak") == [long]
    assert long not in listed(reader, kept="ya")
    assert listed(reader, first=day, last=day) == [long]
    assert listed(reader, region="32.73", order="terlama") == [long, answer, short]
    assert listed(reader, office=short.office.pk) == rows


def test_a_row_says_how_long_it_took_and_whether_the_deadline_was_kept(rows):
    page = in_english(official("kpu", "32.73")).get(reverse("requests:times")).content.decode()
    for text in (rows[0].request.number, "2 working days", "✓ kept", "▲ missed"):
        assert text in page


def test_a_page_costs_the_same_with_1_and_with_many_rows(rows):
    client = signed_in(official("kpu", "32.73"))

    def cost(**query):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("requests:times"), query)
        return len(queries)

    cost()
    assert cost(stage="answer") == cost() <= 12


@pytest.mark.parametrize("field", [*StageTimeFilter.base_filters, "dari"])
def test_an_odd_address_of_times_is_answered_with_a_page(field):
    client = signed_in(official("kpu", "32.73"))
    assert wrong_pages(client, reverse("requests:times"), field) == []


@pytest.mark.parametrize(
    "field", ["submitted_from", "submitted_to", "resolved_from", "resolved_to", "outcome", "measure"]
)
def test_an_odd_address_of_requests_is_answered_with_a_page(field):
    client = signed_in(official("kpu", "32.73"))
    assert wrong_pages(client, reverse("requests:list"), field) == []


def test_what_figures_lead_to_is_said_above_the_list():
    answer = in_english(official("kpu", "32.73")).get(
        reverse("requests:list"), {"measure": "vsat", "outcome": "interim"}
    )
    page = answer.content.decode()
    assert "<b>Measure</b>" in page and "<b>Outcome</b>" in page
