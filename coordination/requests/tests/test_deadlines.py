"""Deadlines by urgency, in working time of the region's own zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from coordination.requests.choices import State, Urgency
from coordination.requests.filing import edit
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform
from coordination.workdays.calendars import calendar_of

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


def at(day, hour, minute=0, zone="Asia/Jakarta"):
    return datetime(2026, day[1], day[0], hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("urgency", "verify", "answer", "end"),
    [
        (Urgency.NORMAL, at((24, 11), 16), at((25, 11), 16), at((11, 12), 16, 30)),
        (Urgency.URGENT, at((24, 11), 16), at((24, 11), 16), at((2, 12), 16)),
        (Urgency.CRITICAL, at((23, 11), 14), at((24, 11), 16), at((26, 11), 16)),
    ],
)
def test_the_clocks_of_a_request_submitted_on_a_monday_at_nine(urgency, verify, answer, end):
    item = coordination_request(State.DRAFT, urgency=urgency)
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)
    assert (item.verify_due_at, item.answer_due_at, item.end_due_at) == (verify, answer, end)
    assert item.due_at == verify


def test_the_same_request_in_papua_is_due_by_papuas_clock():
    item = coordination_request(State.DRAFT, "91.11.01.2001")
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)
    assert item.verify_due_at == at((24, 11), 16, zone="Asia/Jayapura")


def test_an_activity_pulls_every_deadline_to_the_day_before():
    item = coordination_request(State.DRAFT, activity_on=date(2026, 11, 26))
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)
    assert item.end_due_at == at((25, 11), 16)


def test_waiting_stops_the_clock_and_resuming_gives_the_working_time_back():
    item = coordination_request(State.DRAFT)
    filer = item.filed_by
    item = perform(item, "submit", actor=filer, version=item.version, at=MONDAY)
    handler = item.handling_office.officials.first()
    for verb in ("accept", "start"):
        item = perform(item, verb, actor=handler, version=item.version, values=VALUES[verb], at=MONDAY)
    end = item.end_due_at
    item = perform(item, "wait", actor=handler, version=item.version, values=VALUES["wait"], at=MONDAY)
    assert item.due_at is None
    item = perform(item, "resume", actor=handler, version=item.version, at=at((24, 11), 9))
    assert item.stopped_minutes == 450  # one working day has seven and a half hours
    assert item.end_due_at == calendar_of(item.region).add_minutes(end, 450)


def test_resolving_out_of_a_wait_counts_the_time_that_stood_still():
    item = coordination_request(State.DRAFT)
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)
    handler = item.handling_office.officials.first()
    for verb in ("accept", "start", "wait"):
        item = perform(item, verb, actor=handler, version=item.version, values=VALUES[verb], at=MONDAY)
    values = VALUES["resolve"]
    item = perform(item, "resolve", actor=handler, version=item.version, values=values, at=at((24, 11), 9))
    assert (item.stopped_minutes, item.stopped_at) == (450, None)


def test_a_request_that_was_returned_goes_on_with_the_time_it_had_left():
    item = coordination_request(State.DRAFT)
    filer = item.filed_by
    item = perform(item, "submit", actor=filer, version=item.version, at=MONDAY)
    handler, end = item.handling_office.officials.first(), item.end_due_at
    item = perform(item, "return", actor=handler, version=item.version, values=VALUES["return"], at=at((25, 11), 9))
    item = perform(item, "submit", actor=filer, version=item.version, at=at((26, 11), 9))
    assert item.stopped_minutes == 450
    assert item.end_due_at == calendar_of(item.region).add_minutes(end, 450)


def test_a_request_that_became_critical_while_it_was_returned_ends_as_soon_as_a_critical_one():
    item = coordination_request(State.DRAFT)
    filer = item.filed_by
    item = perform(item, "submit", actor=filer, version=item.version, at=MONDAY)
    handler = item.handling_office.officials.first()
    item = perform(item, "return", actor=handler, version=item.version, values=VALUES["return"], at=MONDAY)
    names = ("region", "subject", "text", "activity_on")
    values = {name: getattr(item, name) for name in names} | {"obstacles": list(item.obstacles.all())}
    item = edit(item, values | {"urgency": Urgency.CRITICAL}, actor=filer, version=item.version)
    item = perform(item, "submit", actor=filer, version=item.version, at=MONDAY)
    assert item.end_due_at == at((26, 11), 16)


@pytest.mark.parametrize(
    ("day", "close"), [(date(2026, 11, 23), at((23, 11), 16)), (date(2026, 11, 20), at((24, 11), 16))]
)
def test_a_request_on_the_day_of_the_activity_is_due_that_day_and_one_afterwards_as_usual(day, close):
    item = coordination_request(State.DRAFT, activity_on=day)
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)
    assert item.due_at == close


def test_the_confirmation_of_a_result_has_its_ten_days_whatever_was_served_and_goes_up_to_nobody():
    item = coordination_request(State.DRAFT, activity_on=date(2026, 11, 26))
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)
    handler = item.handling_office.officials.first()
    for verb in ("accept", "start", "resolve"):
        item = perform(item, verb, actor=handler, version=item.version, values=VALUES[verb], at=MONDAY)
    assert (item.due_at, item.ladder_due_at) == (at((7, 12), 16), None)
