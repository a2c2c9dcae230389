"""The figures of requests: recounted row by row, added up over regions, and held against the lists behind them."""

import html
import math
import random
import re
from collections import Counter
from datetime import datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from coordination.common.days import months_until
from coordination.dashboards import keeping
from coordination.dashboards.figures import requests as counting
from coordination.dashboards.sections import requests as sections
from coordination.history.models import Event
from coordination.offices.tests.factories import lead, official
from coordination.requests.choices import State
from coordination.requests.filters import RequestFilter, StageTimeFilter
from coordination.requests.models import CoordinationRequest, StageTime
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.tests.pages import in_english
from coordination.requests.tests.walks import walk
from coordination.requests.workflow import perform

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
PLACES = ("32.73.01.1001", "32.73.02.1001", "32.04.01.2001", "94.01.01.2001")
PATHS = ("", "32.", "32.73.", "32.04.", "94.")
DAY = timedelta(days=1)


@pytest.fixture
def world():
    """Requests of three regencies in two provinces that random steps moved in 14 months, and two never filed."""
    dice = random.Random(20)
    for code in ("32", "94", None):
        lead("kominfo", code)
    for number in range(36):
        walk(dice, PLACES[number % len(PLACES)], NOW, days=60 if number % 2 else 420)
    coordination_request(State.DRAFT)
    never = coordination_request(State.DRAFT)
    perform(never, "withdraw", actor=never.filed_by, version=never.version, values=VALUES["withdraw"])


def recount(path):
    """The same figures, row by row, from the histories and the times of stages."""
    requests = [row for row in CoordinationRequest.objects.select_related("region") if row.region.path.startswith(path)]
    told = [history for history in map(told_of, requests) if history]
    times = [row for row in StageTime.objects.select_related("request__region", "office")
             if row.request.region.path.startswith(path) and in_period(row.ended_at)]  # fmt: skip
    states = {state.value: [0] * 4 for state in State if state != State.DRAFT}
    for _request, state, submitted, _result in told:
        age = (TODAY - timezone.localdate(submitted)).days
        states[state][(age > 7) + (age > 30) + (age > 90)] += 1
    running = [row for row, *_rest in told if row.state in ("submitted", "accepted", "in_progress")]
    results = [result for *_rest, result in told if result and in_period(result.at)]
    return {
        "day": TODAY.isoformat(),
        "first": first_day().isoformat(),
        "states": states,
        "late": sum(row.due_at < NOW for row in running),
        "near": sum(row.near_at <= NOW <= row.due_at for row in running),
        "alarms": sum(row.is_alarm for row in running),
        "times": by_stage(times),
        "months": grouped(times, lambda row: timezone.localdate(row.ended_at).replace(day=1).isoformat()),
        "parts": grouped(times, lambda row: row.office.pk if path else row.request.region.code[:2]),
        "done": {
            "n": len(results),
            "outcomes": Counter(result.data["outcome"] for result in results),
            "measures": Counter(measure for result in results for measure in result.data["measures"]),
        },
    }


def told_of(item):
    """(request, state, first submission, the event of its result or None) as its history tells; None of a draft."""
    state = submitted = result = None
    for event in Event.objects.about(item):
        state = event.to_state or state
        if event.verb == "submit":
            submitted = submitted or event.at
        if event.verb in ("resolve", "reopen"):
            result = event if event.verb == "resolve" else None
    return (item, state, submitted, result) if submitted else None


def first_day():
    return TODAY.replace(year=TODAY.year - (TODAY.month < 12), month=TODAY.month % 12 + 1, day=1)


def in_period(moment):
    return first_day() <= timezone.localdate(moment) <= TODAY


def grouped(times, key):
    return {of: by_stage([row for row in times if key(row) == of]) for of in {key(row) for row in times}}


def by_stage(times):
    found = {}
    for stage in {row.stage for row in times}:
        rows = [row for row in times if row.stage == stage]
        minutes = sorted(row.minutes for row in rows)
        at = {share: minutes[math.ceil(share * len(minutes) / 10) - 1] for share in (5, 9)}
        found[stage] = {
            "n": len(rows),
            "p50": at[5],
            "p90": at[9],
            "kept": sum(row.ended_at <= row.due_at for row in rows),
        }
    return found


def test_every_figure_is_that_of_a_count_row_by_row(world):
    found = {path: counting.figures(path, NOW) for path in PATHS}
    for path, figures in found.items():
        figures["parts"] = {part["key"]: part["times"] for part in figures["parts"]}
        assert figures == recount(path), path
    every = found[""]
    assert sum(every["done"]["outcomes"].values()) > 3 and len(every["months"]) > 6
    assert all(every["times"][stage]["n"] > 10 for stage in ("verify", "answer", "end"))
    assert 0 < every["times"]["verify"]["kept"] < every["times"]["verify"]["n"]
    # Regions add up to what lies above them.
    for parts, whole in ((("32.", "94."), ""), (("32.73.", "32.04."), "32.")):
        assert [*map(sum, zip(*(numbers(found[part]) for part in parts), strict=True))] == numbers(found[whole])


def numbers(figures):
    """Everything that adds up, in one order."""
    times = figures["times"]
    return [
        *(number for ages in figures["states"].values() for number in ages),
        *(figures[flag] for flag in ("late", "near", "alarms")),
        *(times.get(stage, {}).get(of, 0) for stage in ("verify", "answer", "end") for of in ("n", "kept")),
        figures["done"]["n"],
        *(figures["done"]["outcomes"].get(outcome, 0) for outcome in ("interim", "permanent", "passed_on")),
        *(figures["done"]["measures"].get(measure, 0) for measure in ("survey", "power", "other")),
    ]


def links_of(reader, code=None):
    """{address: number} of every figure of requests on the dashboard."""
    address = reverse("region_dashboard", args=[code]) if code else reverse("dashboard")
    page = html.unescape(in_english(reader).get(address).content.decode())
    links = re.findall(rf'<a href="({reverse("requests:list")}[^"]*)">(?:<b>)?([\d,]+)', page)
    return {link: int(number.replace(",", "")) for link, number in links}


def rows_behind(reader, address):
    """How many rows the list of this address has for the reader."""
    is_times = urlsplit(address).path == reverse("requests:times")
    of, rows = (StageTimeFilter, StageTime) if is_times else (RequestFilter, CoordinationRequest)
    filters = of(QueryDict(urlsplit(address).query), rows.objects.visible_to(reader), user=reader)
    assert filters.form.is_valid(), filters.form.errors
    return filters.qs.count()


def test_every_figure_is_that_of_the_list_behind_it(world):
    readers = [
        (lead("kpu"), None),
        (lead("kpu"), "32"),
        (official("kominfo", "32"), None),
        (official("kpu", "32.73"), None),  # which has a draft of its own
        (official("bawaslu", "94"), "94.01"),
    ]
    for reader, code in readers:
        links = links_of(reader, code)
        assert len(links) > 30
        assert {link: rows_behind(reader, link) for link in links} == links
    compare_pages_with_filters(official("kominfo", "94.01"))


def compare_pages_with_filters(reader):
    client, links = in_english(reader), links_of(reader)
    for link in random.Random(1).sample(sorted(links), 25):
        found, cursor = [], ""
        while cursor is not None:
            page = client.get(urlsplit(link).path, parse_qs(urlsplit(link).query) | {"dari": cursor}).context["page"]
            found += [row.pk for row in page]
            cursor = page.older
        assert len(found) == len(set(found)) == links[link], link


def test_the_months_are_those_of_wib():
    """What ends at 23.30 in Jakarta on the last day of a month belongs to it, and half an hour later to the next."""
    last = TODAY.replace(day=1) - DAY
    evening = timezone.make_aware(datetime.combine(last, time(23, 30)))
    item = coordination_request(State.DRAFT)
    for stage, ended_at in (("verify", evening), ("answer", evening + timedelta(minutes=30))):
        StageTime.objects.create(
            request=item, stage=stage, office=lead("kominfo", "32.73").office, minutes=7, started_at=evening - DAY,
            ended_at=ended_at, due_at=evening,
        )  # fmt: skip
    months = counting.figures("", NOW)["months"]
    assert list(months[last.replace(day=1).isoformat()]) == ["verify"]
    assert list(months[TODAY.replace(day=1).isoformat()]) == ["answer"]


@pytest.mark.parametrize(
    ("day", "first"), [("2026-11-30", "2025-12-01"), ("2026-01-01", "2025-02-01"), ("2025-12-31", "2025-01-01")]
)
def test_twelve_months_end_with_the_present_one(day, first):
    months = months_until(datetime.fromisoformat(day).date())
    assert (months[0].isoformat(), len(set(months))) == (first, 12)


def test_the_ages_meet_without_a_gap_and_without_an_overlap():
    spans = counting.spans_of_ages(TODAY)
    assert spans[0] == (TODAY - 7 * DAY, TODAY)
    assert [(first, last) for first, last in spans[1:3]] == [
        (TODAY - 30 * DAY, TODAY - 8 * DAY),
        (TODAY - 90 * DAY, TODAY - 31 * DAY),
    ]
    assert spans[3] == (None, TODAY - 91 * DAY)


def test_states_stand_in_the_order_of_the_workflow_whatever_order_the_database_keeps_them_in():
    keeping.figures_of("")
    shown = sections.section(None, keeping.figures_of("").figures["requests"])
    assert [words for _sign, words, *_rest in shown.states] == [state.label for state in State if state != State.DRAFT]


def test_a_measure_that_was_sent_twice_counts_once():
    item = coordination_request(State.IN_PROGRESS)
    values = VALUES["resolve"] | {"measures": ["survey", "survey", "power"]}
    perform(item, "resolve", actor=lead("kominfo", "32.73"), version=item.version, values=values)
    assert counting.figures("", timezone.now())["done"]["measures"] == {"survey": 1, "power": 1}


def test_a_region_without_requests_has_a_dashboard():
    assert in_english(official("kpu", "33.74")).get(reverse("dashboard")).status_code == 200


def test_a_median_is_a_time_that_a_request_took():
    """Of an even number the lower one of the middle, so that the list shows it."""
    item, office = coordination_request(State.DRAFT), lead("kominfo", "32.73").office
    for minutes in (10, 20, 30, 40):
        StageTime.objects.create(
            request=item, stage="verify", office=office, minutes=minutes, started_at=NOW - minutes * DAY,
            ended_at=NOW, due_at=NOW,
        )  # fmt: skip
    assert counting.figures("", NOW)["times"]["verify"] == {"n": 4, "p50": 20, "p90": 40, "kept": 4}
