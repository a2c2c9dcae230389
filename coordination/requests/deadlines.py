"""When a request must be verified, answered, followed up and ended (product rule 5, the portal's own defaults).

A request keeps from when each of its clocks runs; steps of the workflow move that and nothing else does. What is due
when follows from it by the rules (rows of DeadlineRule) and the calendar of the region, and is computed by `times_of`
alone: at a step, when an activity moves, when a holiday is added.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from coordination.requests.choices import Stage, State, Unit
from coordination.requests.models import DeadlineRule
from coordination.workdays import calendars

REOPEN_WITHIN = timedelta(days=30)
NEAR = 0.25
WAITED_FOR = {
    State.SUBMITTED: (Stage.VERIFY, Stage.ANSWER, Stage.END),
    State.ACCEPTED: (Stage.FOLLOW_UP, Stage.END),
    State.IN_PROGRESS: (Stage.END,),
    State.RESOLVED: (Stage.CONFIRM,),
}
# Whose passing sends a request to the superior office.
LADDER = (Stage.VERIFY, Stage.ANSWER, Stage.FOLLOW_UP, Stage.END)
# What a new time to end writes, and whatever goes on with the old one must leave as it was.
OF_THE_END = ("end_started_at", "end_urgency", "end_stopped_minutes", "missed")
COMPUTED = ("verify_due_at", "answer_due_at", "end_due_at", "due_at", "near_at", "ladder_due_at")


class Times(NamedTuple):
    """What is computed of a request, in the order of COMPUTED. Empty are those that do not run."""

    verify_due_at: object = None
    answer_due_at: object = None
    end_due_at: object = None
    due_at: object = None
    near_at: object = None
    ladder_due_at: object = None


class Rules:
    """The allowances by urgency and stage, as they stand in the table."""

    def __init__(self):
        self._rules = {(rule.urgency, rule.stage): rule for rule in DeadlineRule.objects.all()}

    def of(self, urgency, stage):
        return self._rules[urgency, stage]


def after(start, rule, calendar):
    """When the time that a rule allows is over, whatever the request serves."""
    if rule.unit == Unit.WORKING_HOURS:
        return calendar.add_minutes(start, rule.amount * 60)
    if rule.unit == Unit.CALENDAR_DAYS:
        return calendar.add_calendar_days(start, rule.amount)
    return calendar.add_days(start, rule.amount)


class Timekeeper:
    """Rules and calendars, read once for any number of requests. Call inside the transaction that stores what it
    computes."""

    def __init__(self):
        calendars.hold()
        self.rules, self.calendars = Rules(), calendars.Calendars()

    def set(self, request):
        """Write what follows from the request's clocks into its columns, and end an alarm of what is late no more;
        saving is the caller's."""
        times = times_of(request, self.rules, self.calendars.of(request.region))
        for name, value in zip(COMPUTED, times, strict=True):
            setattr(request, name, value)
        if stages := stages_of(request):  # while the clock stands still it stays as it is
            request.is_alarm = request.is_alarm and not set(stages).isdisjoint(request.missed)


def times_of(clocks, rules, calendar):
    """The Times of a request, or of a row with its columns. Pure: the same clocks give the same times."""
    if clocks.verify_started_at is None:
        return Times()
    due = {stage: due_of(clocks, stage, rules, calendar) for stage in (Stage.VERIFY, Stage.ANSWER, Stage.END)}
    stored, waited_for = tuple(due.values()), stages_of(clocks)
    due |= {stage: due_of(clocks, stage, rules, calendar) for stage in waited_for if stage not in due}
    if not waited_for:
        return Times(*stored)
    first = min(due[stage] for stage in waited_for)
    near = first - max(first - clocks.stage_started_at, timedelta()) * NEAR
    up = [due[stage] for stage in waited_for if stage in LADDER and stage not in clocks.missed]
    return Times(*stored, first, near, min(up, default=None))


def stages_of(clocks):
    """The stages whose deadlines the present state waits for; none where no clock runs.

    With nobody in charge it is not answered yet who will do it: that counts as late like anything else.
    """
    stages = WAITED_FOR.get(clocks.state, ())
    if clocks.state in (State.ACCEPTED, State.IN_PROGRESS) and clocks.person_in_charge_id is None:
        return (*stages, Stage.ANSWER)
    return stages


def started(clocks, stage):
    """From when the clock of a stage runs."""
    if stage in (Stage.VERIFY, Stage.ANSWER):
        return clocks.verify_started_at
    return clocks.end_started_at if stage == Stage.END else clocks.stage_started_at


class Reckoning(NamedTuple):
    """How a deadline comes about, one after the other: this is what is computed, and what is explained of it."""

    start: datetime
    rule: object
    allowed: datetime  # the time that the rule allows is over
    prolonged: datetime  # and that for which the clock stood still
    latest: datetime | None  # what the activity allows; None if it allows any
    due: datetime


def reckon(clocks, stage, rules, calendar):
    """The Reckoning of the deadline of one stage."""
    start = started(clocks, stage)
    rule = rules.of(clocks.end_urgency if stage == Stage.END else clocks.urgency, stage)
    allowed = prolonged = after(start, rule, calendar)
    if stage == Stage.END and clocks.end_stopped_minutes:
        prolonged = calendar.add_minutes(allowed, clocks.end_stopped_minutes)
    latest = None if stage == Stage.CONFIRM else cap(clocks.activity_on, start, calendar)
    return Reckoning(start, rule, allowed, prolonged, latest, min(prolonged, latest or prolonged))


def due_of(clocks, stage, rules, calendar):
    """The deadline of one stage."""
    return reckon(clocks, stage, rules, calendar).due


def uncapped(clocks, stage, rules, calendar):
    """The deadline of one stage if the request served no activity."""
    return reckon(clocks, stage, rules, calendar).prolonged


def cap(day, begin, calendar):
    """The latest moment that an activity on `day` allows a clock that began at `begin`; None if it allows any.

    The close of the day before; on the day itself that day's; afterwards there is nothing left to be in time for.
    """
    if day is None:
        return None
    closings = (calendar.closing(day - timedelta(days=1)), calendar.closing(day))
    return next((close for close in closings if close > begin), None)


def is_short(request, keeper):
    """Whether the activity leaves the request less time than the rules allow it."""
    calendar = keeper.calendars.of(request.region)
    return due_of(request, Stage.END, keeper.rules, calendar) < uncapped(request, Stage.END, keeper.rules, calendar)


# What the steps do to the clocks; `set` of a Timekeeper computes the rest.


def start_clocks(request, now):
    """All clocks run anew: at submission, and when the request comes to another office."""
    _start_verification(request, now)
    _start_end(request, now)


def go_on(request, now, keeper):
    """After completion verification begins anew, and the end stays where it was; but no later than a request of the
    present urgency that is submitted now would end."""
    resume_clock(request, now, keeper)
    _start_verification(request, now)
    before = [getattr(request, name) for name in OF_THE_END]
    calendar = keeper.calendars.of(request.region)
    due = uncapped(request, Stage.END, keeper.rules, calendar)
    _start_end(request, now)
    if due < uncapped(request, Stage.END, keeper.rules, calendar):
        for name, value in zip(OF_THE_END, before, strict=True):
            setattr(request, name, value)


def _start_verification(request, now):
    request.verify_started_at = request.stage_started_at = now
    _forget(request, Stage.VERIFY, Stage.ANSWER, Stage.FOLLOW_UP)


def _start_end(request, now):
    request.end_started_at, request.end_urgency, request.end_stopped_minutes = now, request.urgency, 0
    _forget(request, Stage.END)


def begin_stage(request, now):
    """The request has entered another state."""
    request.stage_started_at = now
    _forget(request, Stage.FOLLOW_UP)


def reopen(request, now):
    """A reopened request gets a new time to end, as if it had just been submitted."""
    begin_stage(request, now)
    _start_end(request, now)


def stop_clock(request, now):
    request.stopped_at = now


def resume_clock(request, now, keeper):
    """Give back the working time for which the clock stood still; never beyond the day before the activity."""
    stopped = keeper.calendars.of(request.region).minutes_between(request.stopped_at, now)
    request.stopped_minutes += stopped
    request.end_stopped_minutes += stopped
    request.stopped_at = None


def _forget(request, *stages):
    request.missed = [stage for stage in request.missed if stage not in stages]


def may_still_reopen(request, now=None):
    """A closed request can be reopened for 30 days."""
    return request.closed_at is None or (now or timezone.now()) <= request.closed_at + REOPEN_WITHIN
