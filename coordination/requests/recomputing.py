"""Computes stored deadlines anew: all of them when the calendar or a rule changes, those of an activity that moves."""

from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity, ScheduleBatch
from coordination.history.recording import record
from coordination.history.stepping import lock
from coordination.requests import deadlines
from coordination.requests.choices import State
from coordination.requests.drafting import first_day
from coordination.requests.models import CoordinationRequest

# Few enough that nobody waits noticeably for the rows of one piece.
PIECE = 1000
HAVE_CLOCKS = (*State.CLOCK_RUNS, *State.CLOCK_STOPPED, State.RESOLVED)
MOST_ROUNDS = 100
TABLE = CoordinationRequest._meta.db_table
WRITTEN_BY = RawSQL(f"{TABLE}.xmin::text", ())
# What a Row takes from elsewhere than a column of the request.
NAMED = {"written_by": WRITTEN_BY, "path": F("region__path"), "zone": F("region__time_zone")}


class Row(NamedTuple):
    """What a deadline follows from, and what is stored of it."""

    pk: int
    written_by: str
    state: str
    urgency: str
    activity_on: object
    person_in_charge_id: int
    verify_started_at: object
    stage_started_at: object
    end_started_at: object
    end_urgency: str
    end_stopped_minutes: int
    missed: list
    path: str
    zone: str
    verify_due_at: object
    answer_due_at: object
    end_due_at: object
    due_at: object
    near_at: object
    ladder_due_at: object

    @property
    def stored(self):
        return deadlines.Times(*self[-len(deadlines.COMPUTED) :])


def recompute_all():
    """Compute the deadlines of all requests with a clock anew. Returns how many requests changed.

    Reads without a lock, and locks for a moment the few hundred at a time that differ: people go on filing and
    answering meanwhile. What somebody is at work on is left to the end. Safe to repeat after being killed.
    """
    changed, last, busy = 0, 0, set()
    while last is not None:
        written, left, last = _recompute(_rows().filter(pk__gt=last)[:PIECE], skip_locked=True)
        changed, busy = changed + written, busy | left
    for _round in range(MOST_ROUNDS):
        if not busy:
            return changed
        written, busy, _last = _recompute(_rows().filter(pk__in=busy), skip_locked=False)
        changed += written
    return changed


def tell():
    """Have whatever counts by deadlines count anew (DEADLINE_SUBSCRIBERS); no event of the history told of these."""
    for task in settings.DEADLINE_SUBSCRIBERS:
        with suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(task).defer()


def _rows():
    columns = [f"of_{field}" if field in NAMED else field for field in Row._fields]
    return (
        CoordinationRequest.objects.filter(state__in=HAVE_CLOCKS, verify_started_at__isnull=False)
        .annotate(**{f"of_{field}": expression for field, expression in NAMED.items()})
        .order_by("pk")
        .values_list(*columns)
    )


@transaction.atomic
def _recompute(rows, skip_locked):
    """Store what follows now where it differs. Returns (how many were written, keys of those on which somebody was at
    work, the last key looked at or None)."""
    keeper, last, differing = deadlines.Timekeeper(), None, {}
    for row in map(Row._make, rows):
        last, times = row.pk, _times(row, keeper)
        if times != row.stored:
            differing[row.pk, row.written_by] = times
    held = _hold([pk for pk, _written_by in differing], skip_locked)
    _store([(pk, *times) for (pk, written_by), times in differing.items() if (pk, written_by) in held])
    return len(differing.keys() & held), {pk for pk, _written_by in differing.keys() - held}, last


def _times(row, keeper):
    return deadlines.times_of(row, keeper.rules, keeper.calendars.at(row.path, row.zone))


def _hold(keys, skip_locked):
    """Lock these rows. Returns {(key, which transaction wrote the row as it is now)}: of a row that has changed since
    it was read, the second is another one."""
    rows = CoordinationRequest.objects.filter(pk__in=keys).annotate(of_written_by=WRITTEN_BY).order_by("pk")
    return set(rows.select_for_update(no_key=True, skip_locked=skip_locked).values_list("pk", "of_written_by"))


def _store(rows):
    """Write [(key, *Times)] in one statement."""
    if not rows:
        return
    columns = deadlines.COMPUTED
    sets = ", ".join(f"{column} = new.{column}" for column in columns)
    arrays = ", ".join(["%s::bigint[]", *["%s::timestamptz[]"] * len(columns)])
    statement = f"UPDATE {TABLE} SET {sets} FROM unnest({arrays}) AS new(id, {', '.join(columns)})"
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE {TABLE}.id = new.id", list(map(list, zip(*rows, strict=True))))


def mark(event):
    """Have the requests of an activity follow it once this transaction is done. Called for each event of history."""
    if isinstance(event.subject, CampaignActivity) and (event.verb == "cancel" or _moves(event)):
        old = event.data.get("changed", {}).get("starts_at", [event.subject.starts_at.isoformat()])[0]
        was = datetime.fromisoformat(old).astimezone(event.subject.starts_there.tzinfo).date()
        app.configure_task("requests.reschedule").defer(activity_id=event.subject_id, was=was.isoformat())
    if isinstance(event.subject, ScheduleBatch) and event.verb == "undo_schedule":
        app.configure_task("requests.reschedule_batch").defer(batch_id=event.subject_id)


def _moves(event):
    return event.verb == "edit" and not {"starts_at", "region"}.isdisjoint(event.data.get("changed", ()))


def reschedule_batch(batch_id):
    """The activities of an import were cancelled, thousands perhaps: the open requests that serve any of them follow.
    Returns how many did."""
    cancelled = CampaignActivity.objects.filter(batch=batch_id, state=ActivityState.CANCELLED, requests__isnull=False)
    rows = cancelled.select_related("region").distinct().order_by("pk")
    return sum(reschedule(activity, activity.starts_there.date()) for activity in rows)


def reschedule(activity, was):
    """The activity, which stood on the date `was`, has moved or was cancelled: its open requests follow. Returns how
    many did."""
    requests = CoordinationRequest.objects.filter(activities=activity).exclude(state__in=State.ENDED)
    return sum(_reschedule(request, was) for request in requests.order_by("pk"))


@transaction.atomic
def _reschedule(request, was):
    keeper = deadlines.Timekeeper()
    locked = lock(request)
    day = _day_served(locked, was)
    if locked.state in State.ENDED or day == locked.activity_on:
        return False
    locked.activity_on = day
    keeper.set(locked)
    locked.save(update_fields=["activity_on", *deadlines.COMPUTED])
    record(locked, "reschedule", actor=None, office=locked.filing_office, from_state=locked.state,
           to_state=locked.state, data={"activity_on": day and day.isoformat()}, at=timezone.now(),
           only_for=None if locked.number else locked.filing_office)  # fmt: skip
    return True


def _day_served(request, was):
    """The day of the earliest activity that the request serves now. A day that was typed and is earlier than any of
    theirs stays; one that was that of the moved activity goes with it."""
    planned = list(request.activities.filter(state=ActivityState.PLANNED).select_related("region"))
    first = first_day(planned) if planned else None
    if request.activity_on is None or request.activity_on == was:
        return first
    return min(filter(None, (request.activity_on, first)))
