"""The report of lateness: whom it counts, that each figure is that of the list behind it, and who sees what."""

import csv
import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from coordination.offices.models import Office
from coordination.offices.tests.factories import lead, official
from coordination.requests import escalation
from coordination.requests.choices import State
from coordination.requests.lateness import ANY, Period, by_office, fell_due, missed
from coordination.requests.models import CoordinationRequest, MissedDeadline
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.tests.pages import in_english, signed_in
from coordination.requests.workflow import perform
from tests.bad_input import wrong_pages

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONTHS = Period.recent()


def submitted(days_ago, code="32.73.01.1001", **values):
    item = coordination_request(State.DRAFT, code, **values)
    return perform(item, "submit", actor=item.filed_by, version=item.version, at=NOW - DAY * days_ago)


def step(item, verb, at, actor=None):
    """The step, taken by the office whose turn it is."""
    actor = actor or item.handling_office.officials.first()
    return perform(item, verb, actor=actor, version=item.version, values=VALUES[verb], at=at)


def pages(person, **query):
    """Every request that the list behind a link shows, over all its pages."""
    client, found, cursor = signed_in(person), [], ""
    while cursor is not None:
        page = client.get(reverse("requests:list"), query | {"dari": cursor}).context["page"]
        found += [item.pk for item in page]
        cursor = page.older
    return found


def report(person, **query):
    return in_english(person).get(reverse("requests:lateness"), query)


@pytest.fixture
def story():
    """A few months of three offices: late, in time, passed on, taken back, ended and still late."""
    for code in ("32.73", "32.04", "32"):
        lead("kominfo", code)
    lead("kominfo")
    in_time = submitted(30)
    step(in_time, "accept", in_time.verify_due_at - MINUTE)
    late = submitted(40)
    neighbour = submitted(20, "32.04.01.1001")
    passed_on = submitted(50)
    for item in (passed_on, neighbour):
        escalation.escalate_due(item.verify_due_at + MINUTE)
    passed_on.refresh_from_db()
    passed_on = step(passed_on, "forward", passed_on.verify_due_at + DAY)
    escalation.escalate_due(passed_on.verify_due_at + MINUTE)
    passed_on.refresh_from_db()
    step(passed_on, "accept", passed_on.verify_due_at + 2 * DAY)
    long_ago = submitted(400)
    escalation.escalate_due(long_ago.answer_due_at + MINUTE)
    long_ago.refresh_from_db()
    perform(long_ago, "withdraw", actor=long_ago.filed_by, version=long_ago.version, values=VALUES["withdraw"])
    escalation.escalate_due(NOW)
    coordination_request(State.DRAFT)
    coordination_request(State.SUBMITTED)
    return {"in_time": in_time, "late": late, "passed_on": passed_on, "neighbour": neighbour, "long_ago": long_ago}


def test_each_office_answers_for_what_it_handles_and_for_what_it_missed_before_it_passed_it_on(story):
    rows = {row.office.region and row.office.region.code: row for row in by_office(lead("kpu"), MONTHS)}
    assert (rows["32.73"].fell_due, rows["32.73"].missed) == (3, 3)  # nobody came to be in charge of "in_time" either
    assert (rows["32"].fell_due, rows["32"].missed) == (1, 1)
    assert (rows["32.04"].fell_due, rows["32.04"].missed) == (1, 1)
    assert dict(rows["32.73"].stages)["verify"] == 2


def test_what_was_done_in_time_fell_due_and_was_not_missed(story):
    office = story["in_time"].handling_office
    assert story["in_time"] in fell_due(CoordinationRequest.objects, MONTHS, office)
    assert story["in_time"] not in missed(CoordinationRequest.objects, MONTHS, "verify", office)


def test_what_is_still_to_come_has_not_fallen_due(story):
    newest = CoordinationRequest.objects.filter(state=State.SUBMITTED).latest("pk")
    span = Period(timezone.localdate(), timezone.localdate() + 30 * DAY)
    assert newest not in fell_due(CoordinationRequest.objects, span)


def test_an_end_whose_clock_stands_still_has_not_fallen_due():
    item = submitted(60)
    item = step(item, "return", item.verify_due_at - MINUTE)
    span = Period(timezone.localdate(item.end_due_at), timezone.localdate(item.end_due_at))
    assert item.end_due_at < NOW
    assert not fell_due(CoordinationRequest.objects, span).exists()


@pytest.mark.parametrize("who", ["nation", "province", "regency", "filer", "bawaslu"])
def test_every_figure_is_that_of_the_list_behind_its_link(story, who):
    reader = {
        "nation": lambda: lead("kpu"),
        "province": lambda: official("kominfo", "32"),
        "regency": lambda: official("kominfo", "32.73"),
        "filer": lambda: official("kpu", "32.04"),
        "bawaslu": lambda: official("bawaslu", "32"),
    }[who]()
    page = html.unescape(report(reader).content.decode())
    links = re.findall(rf'<a href="({reverse("requests:list")}\?[^"]+)">(?:<b>)?(\d+)', page)
    assert len(links) >= 6
    for address, shown in links:
        found = pages(reader, **parse_qs(urlsplit(address).query))
        assert len(found) == len(set(found)) == int(shown), address


def test_the_figures_of_the_offices_are_of_what_the_reader_may_see(story):
    codes = {row.office.region.code for row in by_office(official("kpu", "32.04"), MONTHS)}
    assert codes == {"32.04"}
    assert by_office(official("kpu", "33.74"), MONTHS) == []


def test_what_was_missed_before_the_period_is_not_in_it(story):
    year = Period.recent(500)
    assert story["long_ago"] not in missed(CoordinationRequest.objects, MONTHS)
    assert story["long_ago"] in missed(CoordinationRequest.objects, year)


def test_the_first_and_the_last_day_belong_to_the_period(story):
    row = MissedDeadline.objects.filter(request=story["late"]).earliest("due_at")
    day = timezone.localdate(row.due_at)
    for period, there in (
        (Period(day, day), True),
        (Period(day - DAY, day - DAY), False),
        (Period(day + DAY, day + DAY), False),
    ):
        assert missed(CoordinationRequest.objects, period, row.stage).filter(pk=row.request_id).exists() is there


def test_lateness_lasts_from_the_deadline_to_the_next_step():
    item = submitted(60)
    escalation.escalate_due(item.verify_due_at + MINUTE)
    item.refresh_from_db()
    step(item, "accept", item.verify_due_at + timedelta(hours=5))
    [row] = by_office(lead("kpu"), MONTHS)
    assert row.median == timedelta(hours=5)


def test_a_step_before_the_deadline_does_not_end_the_lateness():
    item = submitted(60)
    item = step(item, "accept", item.verify_due_at - MINUTE)
    escalation.escalate_due(item.answer_due_at + MINUTE)
    item.refresh_from_db()
    person = {"person_in_charge": item.handling_office.officials.first()}
    perform(item, "assign", actor=person["person_in_charge"], version=item.version, values=person,
            at=item.answer_due_at + timedelta(hours=3))  # fmt: skip
    [row] = by_office(lead("kpu"), MONTHS)
    assert row.median == timedelta(hours=3)


def test_whoever_is_late_now_is_counted_whenever_it_fell_due(story):
    assert sum(row.open_late for row in by_office(lead("kpu"), Period.recent(1))) == len(
        pages(lead("kpu"), deadline="lewat")
    )


def test_the_download_holds_the_same_figures_and_no_formula(story):
    Office.objects.filter(region__code="32.73", kind="kominfo").update(name='=HYPERLINK("http://x")')
    answer = in_english(lead("kpu")).get(reverse("requests:lateness_list"))
    assert answer["Content-Type"].startswith("text/csv")
    table = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert table[0][:4] == ["Office", "From the day", "To the day", "Fell due"]
    rows = by_office(lead("kpu"), MONTHS)
    assert [(line[0].lstrip("'"), int(line[3]), int(line[4])) for line in table[1:]] == [
        (row.office.name, row.fell_due, row.missed) for row in rows
    ]
    assert any(line[0].startswith("'=HYPERLINK") for line in table)


def test_the_page_says_what_it_counts_and_whose_rules_these_are(story):
    page = report(lead("kpu")).content.decode()
    assert "Base: the requests that you may see" in page
    assert "the portal's own rules" in page.replace("&#x27;", "'")


@pytest.mark.parametrize(
    "query",
    [{"first": value} for value in ("x", "\x00", "9" * 5000, "2026-02-31", "0001-01-01", "9999-12-31", "💥",
                                    "<script>alert(1)</script>", "' OR 1=1 --")]
    + [{"last": "1999-01-01"}, {"first": "2026-05-02", "last": "2026-05-01"}],
)  # fmt: skip
def test_bad_days_are_a_sentence_at_their_field(query):
    answer = report(official("kpu", "32.73"), **query)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    page = answer.content.decode()
    assert "invalid-feedback" in page
    assert "<script>alert(1)" not in page
    download = signed_in(official("kpu", "32.73")).get(reverse("requests:lateness_list"), query)
    assert download.url == reverse("requests:lateness")


@pytest.mark.parametrize("field", ["first", "last"])
def test_bad_input(field):
    client, days = signed_in(official("kpu", "32.73")), {"first": "2026-09-01", "last": "2026-11-30"}
    assert wrong_pages(client, reverse("requests:lateness"), field, days) == []


@pytest.mark.parametrize("name", ["office", "due_from", "due_to", "missed"])
@pytest.mark.parametrize("value", ["x", "\x00", "9" * 5000, "-1", "💥", "<script>alert(1)</script>", "9999-12-31"])
def test_an_odd_link_to_the_list_is_answered_with_a_page_that_says_so(name, value):
    answer = in_english(official("kpu", "32.73")).get(reverse("requests:list"), {name: value})
    assert answer.status_code == 200
    assert "invalid-feedback" in answer.content.decode()
    assert "<script>alert(1)" not in answer.content.decode()


def test_an_empty_report_says_so():
    assert "No deadline fell due in these days" in report(official("kpu", "32.73")).content.decode()


def test_the_report_costs_the_same_for_one_office_and_for_many(django_assert_max_num_queries):
    for number in range(1, 31):
        submitted(30, f"32.{number:02}.01.1001")
    escalation.escalate_due(NOW)
    client = in_english(lead("kpu"))
    with django_assert_max_num_queries(12):
        answer = client.get(reverse("requests:lateness"))
    assert len(answer.context["rows"]) == 25
    assert "5 more offices are in the download" in answer.content.decode()
    assert len(client.get(reverse("requests:lateness_list")).content.decode().splitlines()) == 31
    assert ANY in answer.content.decode()
