"""How long each stage took: which step ends which clock, whose it was, and how many minutes ran."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from coordination.history.models import Event
from coordination.offices.tests.factories import lead, official
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest, StageTime
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.tests.walks import Minutes, walk
from coordination.requests.workflow import perform
from coordination.workdays.calendars import calendar_of
from coordination.workdays.models import DayOff

pytestmark = pytest.mark.django_db
# A Monday without a holiday in the weeks around it.
MONDAY = datetime(2026, 10, 5, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def submitted(at=MONDAY):
    item = coordination_request(State.DRAFT)
    return perform(item, "submit", actor=item.filed_by, version=item.version, at=at)


def step(item, verb, at, **values):
    office = item.filing_office if verb in ("submit", "reopen", "withdraw", "confirm") else item.handling_office
    actor = office.officials.filter(role="lead").first()
    if verb == "assign":
        values = {"person_in_charge": actor, "note": ""} | values
    return perform(item, verb, actor=actor, version=item.version, values=VALUES.get(verb, {}) | values, at=at)


def times(item):
    """[(stage, started, ended, minutes)] in the order in which they ended."""
    rows = item.stage_times.order_by("ended_at", "pk")
    return [(row.stage, row.started_at, row.ended_at, row.minutes) for row in rows]


def test_each_clock_ends_with_the_step_that_answers_it():
    item = submitted()
    item = step(item, "accept", MONDAY + HOUR)
    item = step(item, "assign", MONDAY + 2 * HOUR)
    item = step(item, "start", MONDAY + DAY)
    item = step(item, "resolve", MONDAY + 2 * DAY)
    step(item, "confirm", MONDAY + 3 * DAY)
    assert times(item) == [
        ("verify", MONDAY, MONDAY + HOUR, 60),
        ("answer", MONDAY, MONDAY + 2 * HOUR, 120),
        ("end", MONDAY, MONDAY + 2 * DAY, 2 * 450),
    ]


def test_a_refusal_ends_every_clock():
    item = step(submitted(), "decline", MONDAY + HOUR)
    assert times(item) == [(stage, MONDAY, MONDAY + HOUR, 60) for stage in ("verify", "answer", "end")]


def test_a_withdrawal_ends_no_clock():
    item = step(submitted(), "withdraw", MONDAY + HOUR)
    assert times(item) == []


def test_what_is_resolved_with_nobody_in_charge_is_answered_by_the_result():
    item = step(step(submitted(), "accept", MONDAY + HOUR), "start", MONDAY + 2 * HOUR)
    item = step(item, "resolve", MONDAY + 3 * HOUR)
    item = step(step(item, "reopen", MONDAY + DAY), "assign", MONDAY + 2 * DAY)
    assert [row for row in times(item) if row[0] == "answer"] == [("answer", MONDAY, MONDAY + 3 * HOUR, 180)]


def test_another_person_in_charge_is_no_second_answer():
    item = step(step(submitted(), "accept", MONDAY + HOUR), "assign", MONDAY + 2 * HOUR)
    step(item, "assign", MONDAY + DAY, person_in_charge=official("kominfo", "32.73"))
    assert [row[0] for row in times(item)] == ["verify", "answer"]


def test_a_return_ends_verification_and_the_next_submission_begins_another():
    item = step(submitted(), "return", MONDAY + HOUR)
    item = step(item, "submit", MONDAY + DAY)
    item = step(item, "accept", MONDAY + DAY + 2 * HOUR)
    assert times(item) == [
        ("verify", MONDAY, MONDAY + HOUR, 60),
        ("verify", MONDAY + DAY, MONDAY + DAY + 2 * HOUR, 120),
    ]


def test_forwarding_ends_the_verification_of_the_office_that_passes_it_on_alone():
    below, above = lead("kominfo", "32.73").office, lead("kominfo", "32").office
    item = step(submitted(), "forward", MONDAY + HOUR)
    item = step(item, "accept", MONDAY + DAY)
    lead("kominfo")
    step(item, "forward", MONDAY + 2 * DAY)
    rows = item.stage_times.order_by("ended_at").values_list("stage", "office", "started_at")
    assert list(rows) == [("verify", below.pk, MONDAY), ("verify", above.pk, MONDAY + HOUR)]


def test_time_for_which_the_clock_stood_still_does_not_count_for_the_end():
    item = step(step(submitted(), "accept", MONDAY + HOUR), "start", MONDAY + 2 * HOUR)
    item = step(item, "wait", MONDAY + DAY)
    item = step(item, "resume", MONDAY + 3 * DAY)
    item = step(item, "wait", MONDAY + 3 * DAY + HOUR)
    due = item.end_due_at
    item = step(item, "resolve", MONDAY + 4 * DAY)  # out of standing still
    row = item.stage_times.get(stage="end")
    assert row.minutes == 450 + 60
    assert row.due_at == item.end_due_at > due


def test_a_reopened_request_gets_another_time_to_its_end():
    item = step(step(submitted(), "accept", MONDAY + HOUR), "start", MONDAY + 2 * HOUR)
    item = step(item, "resolve", MONDAY + DAY)
    item = step(item, "reopen", MONDAY + 2 * DAY)
    item = step(item, "resolve", MONDAY + 3 * DAY)
    assert [row for row in times(item) if row[0] == "end"] == [
        ("end", MONDAY, MONDAY + DAY, 450),
        ("end", MONDAY + 2 * DAY, MONDAY + 3 * DAY, 450),
    ]


def test_the_last_moment_keeps_a_deadline_and_the_next_misses_it():
    for late, kept in ((timedelta(), True), (timedelta(seconds=1), False)):
        item = submitted()
        step(item, "accept", item.verify_due_at + late)
        row = item.stage_times.get()
        assert (row.was_kept, row.due_at) == (kept, item.verify_due_at)
        assert StageTime.objects.kept().contains(row) is kept
        assert StageTime.objects.missed().contains(row) is not kept


def test_what_was_verified_and_taken_charge_of_before_times_were_kept_gets_none_from_later_steps():
    item = step(step(submitted(), "accept", MONDAY + HOUR), "assign", MONDAY + 2 * HOUR)
    StageTime.objects.all().delete()
    item = step(item, "start", MONDAY + DAY)
    step(item, "resolve", MONDAY + 2 * DAY)
    assert [row[0] for row in times(item)] == ["end"]
    item = step(step(submitted(), "accept", MONDAY + HOUR), "assign", MONDAY + 2 * HOUR)
    StageTime.objects.all().delete()
    step(item, "decline", MONDAY + DAY)
    assert [row[0] for row in times(item)] == ["end"]


def test_a_holiday_that_was_added_over_time_that_stood_still_stops_no_step():
    item = step(step(submitted(), "accept", MONDAY + HOUR), "start", MONDAY + 2 * HOUR)
    item = step(step(item, "wait", MONDAY + DAY), "resume", MONDAY + 2 * DAY)
    for day in range(3):
        DayOff.objects.create(day=(MONDAY + day * DAY).date(), name="Libur", kind="public", is_off=True)
    step(item, "resolve", MONDAY + 2 * DAY + HOUR)
    assert item.stage_times.get(stage="end").minutes == 0


def test_a_step_that_fails_leaves_no_time_behind():
    item = step(step(submitted(), "accept", MONDAY + HOUR), "start", MONDAY + 2 * HOUR)
    before = times(item)
    with pytest.raises(IntegrityError):
        step(item, "resolve", MONDAY + DAY, outcome="unheard of")
    assert times(item) == before


def test_only_who_may_know_of_a_request_may_know_of_its_times():
    step(submitted(), "accept", MONDAY + HOUR)
    assert StageTime.objects.visible_to(official("bawaslu", "32")).count() == 1
    assert not StageTime.objects.visible_to(official("kominfo", "32.04")).exists()


@pytest.mark.parametrize("seed", range(3))
def test_the_times_are_those_that_the_history_tells(seed):
    dice = random.Random(seed)
    for code in ("32", None):
        lead("kominfo", code)
    for code in ("32.73.01.1001", "94.01.01.2001"):
        for _ in range(12):
            walk(dice, code, MONDAY + 30 * DAY)
    for item in CoordinationRequest.objects.all():
        minutes = Minutes(calendar_of(item.region))
        told = set(_told(item, minutes))
        found = {
            (row.stage, row.office_id, row.ended_at, row.minutes, None if row.stage == "end" else row.started_at)
            for row in item.stage_times.all()
        }
        assert found == told
    assert StageTime.objects.count() > 30


def _told(item, minutes):
    """What the events of a request say of its times."""
    handler = began = None
    answered, stops = False, []
    # From when the time to the end runs after a completion depends on the rules (test_deadlines).
    ends = dict(item.stage_times.filter(stage="end").values_list("ended_at", "started_at"))
    for event in Event.objects.about(item):
        at, verb = event.at, event.verb
        if event.from_state == State.SUBMITTED and verb in ("accept", "decline", "return", "forward"):
            yield "verify", handler, at, minutes.between(began, at), began
        if event.from_state in (State.RETURNED, State.WAITING) and event.to_state != event.from_state:
            stops[-1] = (stops[-1][0], at)
        if verb in ("resolve", "decline"):
            start = ends[at]
            stood = sum(minutes.between(*stop) for stop in stops if stop[0] >= start)
            yield "end", handler, at, minutes.between(start, at) - stood, None
        if verb in ("assign", "resolve", "decline") and not answered:
            answered = True
            yield "answer", handler, at, minutes.between(began, at), began
        if verb in ("submit", "forward"):
            began, handler, answered = at, event.data["handling_office"], False
        if verb in ("return", "wait"):
            stops.append((at, None))
