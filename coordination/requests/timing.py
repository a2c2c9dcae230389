"""How long the stages of a request took: a StageTime for each clock that a step ends, written with the step.

Verification ends when the handling office has decided what to do with what was submitted, whatever it decided. The
answer is there once somebody is in charge, or with a result or a refusal before that. The end is a result or a refusal.
What takes a request away without an answer (withdrawal, forwarding, return) leaves the other clocks without a row.
"""

from coordination.requests.choices import Stage, State
from coordination.requests.deadlines import due_of, started
from coordination.requests.models import StageTime

VERIFIES = ("accept", "decline", "return", "forward")
ANSWERS = ("assign", "resolve", "decline")
ENDS = ("resolve", "decline")


def keep(found, left, verb, now, keeper):
    """Write down the clocks that the step `verb` ended at `now`.

    `found` is a copy of the request from before the step, `left` the request after it, its clocks moved; `keeper` is
    the Timekeeper of the step. Call in the step's transaction.
    """
    ended = []
    if verb in VERIFIES and found.state == State.SUBMITTED:
        ended.append((Stage.VERIFY, found))
    if verb in ANSWERS and found.person_in_charge_id is None:
        ended.append((Stage.ANSWER, found))
    if verb in ENDS:
        # What the step itself gave back of the time for which the clock stood still counts.
        ended.append((Stage.END, left))
    rows = [_row(clocks, stage, found.handling_office, now, keeper) for stage, clocks in ended]
    # The first time counts: after reopening somebody can come to be in charge whom an answer needs no more.
    StageTime.objects.bulk_create(rows, ignore_conflicts=True)


def _row(clocks, stage, office, now, keeper):
    calendar, start = keeper.calendars.of(clocks.region), started(clocks, stage)
    minutes = calendar.minutes_between(start, now)
    if stage == Stage.END:
        # A holiday that was added since can leave less working time than was counted as stopped.
        minutes = max(minutes - clocks.end_stopped_minutes, 0)
    return StageTime(
        request_id=clocks.pk,
        stage=stage,
        office=office,
        started_at=start,
        ended_at=now,
        minutes=minutes,
        due_at=due_of(clocks, stage, keeper.rules, calendar),
    )
