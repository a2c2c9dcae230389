"""When a request must be verified, answered, followed up and ended (product rule 5, the portal's own defaults)."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from coordination.common import working_time
from coordination.requests.choices import State, Urgency

CONFIRM_WITHIN_DAYS = 10
REOPEN_WITHIN = timedelta(days=30)
NEAR = 0.25


class Allowance(NamedTuple):
    """Working days, or working minutes where it is less than a day."""

    days: int = 0
    minutes: int = 0

    def after(self, start, zone):
        if self.minutes:
            return working_time.add_minutes(start, self.minutes, zone)
        return working_time.add_days(start, self.days, zone)


class Allowances(NamedTuple):
    verify: Allowance
    answer: Allowance
    follow_up: Allowance
    end: Allowance


ALLOWANCES = {
    Urgency.NORMAL: Allowances(Allowance(1), Allowance(2), Allowance(5), Allowance(14)),
    Urgency.URGENT: Allowances(Allowance(1), Allowance(1), Allowance(3), Allowance(7)),
    Urgency.CRITICAL: Allowances(Allowance(minutes=4 * 60), Allowance(1), Allowance(1), Allowance(3)),
}


def start_clocks(request, now, end=None):
    """Set all clocks at submission or when the request comes to a new office.

    `end` keeps an end already set, unless the request has become so urgent that it must end sooner.
    """
    times, zone = ALLOWANCES[request.urgency], request.region.time_zone
    request.verify_due_at = _capped(request, times.verify.after(now, zone), now)
    request.answer_due_at = _capped(request, times.answer.after(now, zone), now)
    allowed = _capped(request, times.end.after(now, zone), now)
    request.end_due_at = min(end or allowed, allowed)
    request.stopped_at = None
    _set_due(request, now, min(request.verify_due_at, request.end_due_at))


def begin_stage(request, now):
    """Set the deadline of the stage that the request has just entered."""
    zone = request.region.time_zone
    if request.state == State.ACCEPTED:
        follow_up = ALLOWANCES[request.urgency].follow_up.after(now, zone)
        _set_due(request, now, min(_capped(request, follow_up, now), request.end_due_at))
    elif request.state == State.IN_PROGRESS:
        _set_due(request, now, request.end_due_at)
    elif request.state == State.RESOLVED:
        _set_due(request, now, working_time.add_days(now, CONFIRM_WITHIN_DAYS, zone))
    else:
        request.due_at = request.near_at = None


def stop_clock(request, now):
    request.stopped_at = now
    request.due_at = request.near_at = None


def resume_clock(request, now):
    """Give back the working time for which the clock stood still; never beyond the day before the activity."""
    zone = request.region.time_zone
    stopped = working_time.minutes_between(request.stopped_at, now, zone)
    request.stopped_minutes += stopped
    request.end_due_at = _capped(request, working_time.add_minutes(request.end_due_at, stopped, zone), now)
    request.stopped_at = None


def restart_end(request, now):
    """A reopened request gets a new time to end, as if it had just been submitted."""
    zone = request.region.time_zone
    request.end_due_at = _capped(request, ALLOWANCES[request.urgency].end.after(now, zone), now)


def _set_due(request, now, due):
    request.due_at = due
    request.near_at = due - max(due - now, timedelta()) * NEAR


def _capped(request, due, now):
    """Never later than the close of the day before the activity that the request serves.

    On the day of the activity itself it is that day's; afterwards there is nothing left to be in time for.
    """
    if request.activity_on is None:
        return due
    for day in (request.activity_on - timedelta(days=1), request.activity_on):
        close = working_time.closing(day, request.region.time_zone)
        if close > now:
            return min(due, close)
    return due


def may_still_reopen(request, now=None):
    """A closed request can be reopened for 30 days."""
    return request.closed_at is None or (now or timezone.now()) <= request.closed_at + REOPEN_WITHIN
