"""Deadlines while several are at work on them: workers, people and the calendar; each with the control."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.history.models import Event
from coordination.history.recording import faults
from coordination.history.stepping import lock
from coordination.offices.tests.factories import lead
from coordination.requests import deadlines, escalation, recomputing
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest, MissedDeadline
from coordination.requests.models.requests import CoordinationRequestQuerySet
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform
from coordination.workdays import calendars
from coordination.workdays.choices import DayKind
from coordination.workdays.models import DayOff
from tests.races import at_once, control

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WORKERS = 4
MINUTE = timedelta(minutes=1)
# So long somebody holds what the others want.
A_WHILE = 1


@pytest.fixture
def without_row_locks(monkeypatch):
    monkeypatch.setattr(CoordinationRequestQuerySet, "select_for_update", lambda rows, **options: rows, raising=False)


def escalate_at_once():
    """(what the workers answered, missed deadlines, events) of one request that is late."""
    lead("kominfo", "32")
    item = coordination_request(State.SUBMITTED)
    after = item.verify_due_at + MINUTE
    results = at_once([lambda: escalation.escalate_due(after)] * WORKERS)
    events = Event.objects.about(item).filter(verb="escalate").count()
    return results, MissedDeadline.objects.filter(request=item).count(), events


def test_workers_that_look_at_once_send_a_request_up_once():
    results, missed, events = escalate_at_once()
    assert not [result for result in results if isinstance(result, Exception)], results
    assert (sum(results), missed, events) == (1, 1, 1)
    assert list(faults()) == []


@control
def test_control_without_the_row_lock_they_get_in_each_others_way(without_row_locks):
    results, missed, _events = escalate_at_once()
    assert [result for result in results if isinstance(result, IntegrityError)]
    assert missed == 1  # the database keeps it at one, at the price of a broken run


def test_a_request_that_somebody_holds_does_not_keep_the_others_from_going_up():
    lead("kominfo", "32")
    held, other = coordination_request(State.SUBMITTED), coordination_request(State.SUBMITTED)
    begun, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            lock(held)
            begun.set()
            done.wait(timeout=10)

    def run():
        begun.wait(timeout=10)
        try:
            return escalation.escalate_due(held.verify_due_at + MINUTE)
        finally:
            done.set()

    assert at_once([hold, run])[1] == 1
    assert list(MissedDeadline.objects.values_list("request", flat=True)) == [other.pk]


def holiday():
    """The next working day becomes a day off, which moves what is due on it."""
    day = timezone.localdate() + timedelta(days=1)
    while not calendars.calendar_of(None).is_working_day(day):
        day += timedelta(days=1)
    calendars.change(lambda: DayOff.objects.create(day=day, kind=DayKind.LOCAL, name="Libur", source="Uji"))


def is_up_to_date(item):
    """Whether what is stored of the request is what follows from its clocks now."""
    row = CoordinationRequest.objects.select_related("region").get(pk=item.pk)
    stored = deadlines.Times(*(getattr(row, name) for name in deadlines.COMPUTED))
    return stored == deadlines.times_of(row, deadlines.Rules(), calendars.calendar_of(row.region))


def step_during_recomputation():
    """A step is taken, and not yet committed, while all deadlines are computed anew."""
    item = coordination_request(State.SUBMITTED)
    handler = item.handling_office.officials.first()
    holiday()
    begun = threading.Event()

    def take_a_step():
        with transaction.atomic():
            moved = perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"])
            begun.set()
            time.sleep(A_WHILE)
        return moved

    def recompute():
        begun.wait(timeout=10)
        return recomputing.recompute_all()

    results = at_once([take_a_step, recompute])
    assert not [result for result in results if isinstance(result, Exception)], results
    return item


def test_a_step_that_is_taken_while_deadlines_are_computed_anew_is_not_undone():
    assert is_up_to_date(step_during_recomputation())


@control
def test_control_without_the_row_lock_the_deadlines_of_before_come_back(without_row_locks):
    assert not is_up_to_date(step_during_recomputation())


def test_what_somebody_holds_meanwhile_is_computed_anew_in_the_end():
    item = coordination_request(State.SUBMITTED)
    holiday()
    begun = threading.Event()

    def hold():
        with transaction.atomic():
            lock(item)
            begun.set()
            time.sleep(A_WHILE)

    def recompute():
        begun.wait(timeout=10)
        return recomputing.recompute_all()

    assert at_once([hold, recompute])[1] == 1
    assert is_up_to_date(item)


def step_during_a_change_of_the_calendar(state, verb):
    """A request gets new clocks by the old calendar, and is not yet committed, while a holiday is added."""
    item, begun = coordination_request(state), threading.Event()

    def take_a_step():
        with transaction.atomic():
            perform(item, verb, actor=item.filed_by, version=item.version, values=VALUES[verb])
            begun.set()
            time.sleep(A_WHILE)

    def change():
        begun.wait(timeout=10)
        holiday()
        return recomputing.recompute_all()

    results = at_once([take_a_step, change])
    assert not [result for result in results if isinstance(result, Exception)], results
    return item


# Both come out of a state whose deadlines are not computed anew.
NEW_CLOCKS = pytest.mark.parametrize(("state", "verb"), [(State.DRAFT, "submit"), (State.CLOSED, "reopen")])


@NEW_CLOCKS
def test_what_gets_new_clocks_while_a_holiday_is_added_is_computed_anew_too(state, verb):
    assert is_up_to_date(step_during_a_change_of_the_calendar(state, verb))


@NEW_CLOCKS
@control
def test_control_without_the_lock_of_the_calendar_it_keeps_the_old_deadline(state, verb, monkeypatch):
    monkeypatch.setattr(calendars, "_lock", lambda function: None)
    assert not is_up_to_date(step_during_a_change_of_the_calendar(state, verb))
