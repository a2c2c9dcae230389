"""How a request goes up: the superior office is informed, sees it among its own work, and its lead may take it over.

It stays with the handling office until somebody takes it: those on the spot are the ones who can help. No office above
is an alarm and never a skip.
"""

from coordination.history.recording import record
from coordination.offices.routing import next_above
from coordination.requests import deadlines
from coordination.requests.models import MissedDeadline, Watch

COLUMNS = ["raised_to", "missed", "is_alarm", "started_short", *deadlines.COMPUTED]


def start_higher(request, now, keeper):
    """A request whose activity leaves it less time than the rules allow says so, and is known above from the start."""
    request.started_short = True
    above = next_above(request.handling_office.in_service)
    if above:
        _inform(request, above, now)
        _save(request, "start_higher", {"raised_to": above.pk}, now, keeper)
    else:
        request.save(update_fields=["started_short"])


def go_up(request, stages, due, now, keeper):
    """The deadlines of these stages passed at the moment `due`: one office further up learns of it. Call with the row
    locked."""
    above = next_above((request.raised_to or request.handling_office).in_service)
    for stage in stages:
        MissedDeadline.objects.create(
            request=request, stage=stage, started_at=deadlines.started(request, stage), due_at=due, noticed_at=now,
            office=request.handling_office, raised_to=above,
        )  # fmt: skip
    request.missed = [*request.missed, *stages]
    facts = {"missed": [stage.value for stage in stages]}
    if above:
        _inform(request, above, now)
        _save(request, "escalate", facts | {"raised_to": above.pk}, now, keeper)
    else:
        request.is_alarm = True
        _save(request, "alarm", facts, now, keeper)


def _inform(request, office, now):
    watch = Watch.objects.begin(request, office, now)
    watch.may_take_over = True
    watch.save(update_fields=["may_take_over"])
    request.raised_to = office


def come_down(request):
    """The clocks run anew: nobody above has been told of them yet."""
    request.raised_to = None
    request.watching.filter(may_take_over=True).update(may_take_over=False)


def _save(request, verb, data, now, keeper):
    """Whoever has the request open loses nothing by this, so that its version stays."""
    keeper.set(request)
    request.save(update_fields=COLUMNS)
    record(request, verb, actor=None, office=request.handling_office, from_state=request.state,
           to_state=request.state, data=data, at=now)  # fmt: skip
