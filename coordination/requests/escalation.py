"""Sends up what is late: each deadline that passes informs one more office above, once each time its clock runs."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from coordination.common.apart import each_apart
from coordination.requests import deadlines, ladder
from coordination.requests.models import CoordinationRequest


def escalate_due(now=None):
    """Send up every request of which a deadline has passed. Returns how many deadlines there were.

    Safe to run at any time and by several workers: the database keeps one missed deadline a stage and clock. A request
    on which somebody is at work just now is left to the next run.
    """
    now = now or timezone.now()
    late = CoordinationRequest.objects.to_be_raised(now).order_by("ladder_due_at", "pk").values_list("pk", flat=True)
    return each_apart(late, partial(_send_up, now=now))


def _send_up(pk, now):
    """Deal with all deadlines of one request that have passed, the earliest first. Returns how many."""
    sent = 0
    while missed := _send_up_once(pk, now):
        sent += missed
    return sent


@transaction.atomic
def _send_up_once(pk, now):
    """Deal with the deadlines that passed first. Returns how many those are: what passes at the same moment, as the
    day before an activity makes it, goes up together."""
    keeper = deadlines.Timekeeper()
    late = CoordinationRequest.objects.to_be_raised(now).filter(pk=pk).select_related("region")
    request = late.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if request is None:
        return 0
    stages, due = _earliest_missed(request, keeper, now)
    if not stages:  # a holiday was added, and what is stored is not computed anew yet
        keeper.set(request)
        request.save(update_fields=deadlines.COMPUTED)
        return 0
    ladder.go_up(request, stages, due, now, keeper)
    return len(stages)


def _earliest_missed(request, keeper, now):
    """(the stages whose deadline passed first, of those that did not send the request up yet; when that was)."""
    calendar = keeper.calendars.of(request.region)
    open_stages = [stage for stage in deadlines.stages_of(request) if stage not in request.missed]
    due = {stage: deadlines.due_of(request, stage, keeper.rules, calendar) for stage in open_stages}
    first = min((moment for moment in due.values() if moment < now), default=None)
    return [stage for stage in due if due[stage] == first], first
