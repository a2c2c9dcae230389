"""How a request moves. One table says which step leads where and who may take it; `perform` is the only door."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.common.apart import each_apart
from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, TransitionNotAllowed
from coordination.history.numbering import hold, next_number, year_of
from coordination.history.recording import record
from coordination.history.stepping import already_taken, came_before, last_event, lock, refuse_stale
from coordination.offices.models import Office, Official
from coordination.offices.routing import handling_office, may_have_one_above, next_above
from coordination.regions.models import Region
from coordination.requests import attaching, deadlines, ladder, timing
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest, Watch
from coordination.workdays import calendars

FILER, HANDLER = "filer", "handler"
DRAFT, SUBMITTED, RETURNED, ACCEPTED = State.DRAFT, State.SUBMITTED, State.RETURNED, State.ACCEPTED
IN_PROGRESS, WAITING, RESOLVED, CLOSED = State.IN_PROGRESS, State.WAITING, State.RESOLVED, State.CLOSED


@dataclass(frozen=True)
class Step:
    """One row of product rule 4.

    `needs` are the values without which it is refused, `apply` sets the rest, `tells` are the words for the history.
    """

    verb: str
    label: str
    sources: frozenset
    target: str | None  # None: the state stays
    side: str
    apply: Callable
    lead_only: bool = False
    needs: tuple = ()
    tells: tuple = ("note",)
    consequence: str = ""

    @property
    def ends_it(self):
        """Whether the request ends here without a result."""
        return self.target in (State.DECLINED, State.WITHDRAWN)


def _submit(request, values, actor, now, keeper):
    obstacles = hold_for_submission(request, now)
    if not obstacles and not request.activities.exists():
        raise DomainError(_("Name at least one obstacle or activity: the ICT office must know what to look at."))
    if not all(obstacle.is_of_the_network for obstacle in obstacles):
        raise DomainError(_("Quota, devices, skill and interest are recorded, but an ICT office cannot repair them."))
    if request.number is None:
        regency = Region.objects.get(path=request.region.regency_path)
        request.handling_office, _passed = handling_office(request.region)
        request.number = next_number("PK", regency, year_of(regency, now))
        request.submitted_at = now
        deadlines.start_clocks(request, now)
        return
    deadlines.go_on(request, now, keeper)


def hold_for_submission(request, now):
    """Hold the calendar, the obstacles of this request, which must stay of the network, and the series of its number.

    All of them come before the history's lock, in every submission. Returns the obstacles.
    """
    calendars.hold()
    obstacles = list(request.obstacles.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if request.number is None:
        regency = Region.objects.get(path=request.region.regency_path)
        hold("PK", regency, year_of(regency, now))
    return obstacles


def _return(request, values, actor, now, keeper):
    deadlines.stop_clock(request, now)


def _begin_stage(request, values, actor, now, keeper):
    deadlines.begin_stage(request, now)


def _decline(request, values, actor, now, keeper):
    request.decline_reason = values["reason"]
    request.closed_at = now
    deadlines.begin_stage(request, now)


def _assign(request, values, actor, now, keeper):
    person = values["person_in_charge"]
    if not Official.objects.acting().filter(pk=person.pk, office=request.handling_office.in_service).exists():
        raise DomainError(_("The person in charge must be an active official of the handling office."))
    request.person_in_charge = person


def _start(request, values, actor, now, keeper):
    request.planned_measure = values["planned_measure"]
    request.target_date = values["target_date"]
    deadlines.begin_stage(request, now)


def _wait(request, values, actor, now, keeper):
    request.waiting_for = values["waiting_for"]
    request.waiting_reference = values["waiting_reference"]
    request.waiting_until = values["waiting_until"]
    deadlines.stop_clock(request, now)


def _resume(request, values, actor, now, keeper):
    deadlines.resume_clock(request, now, keeper)
    deadlines.begin_stage(request, now)


def _forward(request, values, actor, now, keeper):
    takes_over = not actor.acts_for(request.handling_office)
    above = actor.office if takes_over else next_above(request.handling_office.in_service)
    if above is None:
        raise DomainError(_("There is no office above yours to which this request could go."))
    Watch.objects.begin(request, request.handling_office, now)
    request.handling_office = above
    request.person_in_charge = None
    ladder.come_down(request)
    if request.stopped_at:
        deadlines.resume_clock(request, now, keeper)
    deadlines.start_clocks(request, now)


def _resolve(request, values, actor, now, keeper):
    request.outcome = values["outcome"]
    # Each once: a form can send one twice, and figures count every one that is there.
    request.measures = list(dict.fromkeys(values["measures"]))
    request.result = values["note"]
    request.resolved_at = now
    if request.stopped_at:
        deadlines.resume_clock(request, now, keeper)
    deadlines.begin_stage(request, now)


def _close(request, values, actor, now, keeper):
    if request.stopped_at:
        deadlines.resume_clock(request, now, keeper)
    request.closed_at = now
    deadlines.begin_stage(request, now)


def _reopen(request, values, actor, now, keeper):
    if not deadlines.may_still_reopen(request, now):
        raise TransitionNotAllowed(_("It was closed more than 30 days ago; please file a new request."))
    request.closed_at = request.resolved_at = None
    ladder.come_down(request)
    deadlines.reopen(request, now)


def _step(verb, label, sources, target, side, apply, **more):
    return Step(verb, label, frozenset(sources), target, side, apply, **more)


STEPS = {
    step.verb: step
    for step in (
        _step("submit", gettext_lazy("Submit"), {DRAFT, RETURNED}, SUBMITTED, FILER, _submit,
              consequence=gettext_lazy("The ICT office is told and its time to verify begins.")),
        _step("accept", gettext_lazy("Verify"), {SUBMITTED}, ACCEPTED, HANDLER, _begin_stage, needs=("note",),
              consequence=gettext_lazy("The request counts as verified; your first answer goes to the applicant.")),
        _step("start", gettext_lazy("Follow up"), {ACCEPTED}, IN_PROGRESS, HANDLER, _start,
              needs=("planned_measure", "target_date"), tells=("planned_measure",),
              consequence=gettext_lazy("The applicant sees the planned measure and its date.")),
        _step("resolve", gettext_lazy("Mark as done"), {IN_PROGRESS, WAITING}, RESOLVED, HANDLER, _resolve,
              needs=("outcome", "measures", "note"),
              consequence=gettext_lazy("The applicant is asked to confirm the result.")),
        _step("confirm", gettext_lazy("Confirm the result"), {RESOLVED}, CLOSED, FILER, _close,
              consequence=gettext_lazy("The request is closed.")),
        _step("assign", gettext_lazy("Assign"), {ACCEPTED, IN_PROGRESS, WAITING}, None, HANDLER, _assign,
              lead_only=True, needs=("person_in_charge",),
              consequence=gettext_lazy("The person in charge is told.")),
        _step("wait", gettext_lazy("Wait for a third party"), {IN_PROGRESS}, WAITING, HANDLER, _wait,
              needs=("waiting_for", "waiting_reference", "waiting_until"),
              tells=("waiting_for", "waiting_reference", "note"),
              consequence=gettext_lazy("The clock stops; the stopped time is shown.")),
        _step("resume", gettext_lazy("Resume"), {WAITING}, IN_PROGRESS, HANDLER, _resume,
              consequence=gettext_lazy("The clock runs again.")),
        _step("return", gettext_lazy("Return"), {SUBMITTED}, RETURNED, HANDLER, _return, needs=("note",),
              consequence=gettext_lazy("The applicant is asked to complete it; the clock stops until then.")),
        _step("forward", gettext_lazy("Forward"), {SUBMITTED, ACCEPTED, IN_PROGRESS, WAITING}, SUBMITTED, HANDLER,
              _forward, lead_only=True, needs=("note",),
              consequence=gettext_lazy("The superior office takes over; your office goes on seeing the request.")),
        _step("decline", gettext_lazy("Decline"), {SUBMITTED, ACCEPTED}, State.DECLINED, HANDLER, _decline,
              lead_only=True, needs=("reason", "note"),
              consequence=gettext_lazy("The request ends here.")),
        _step("reopen", pgettext_lazy("request", "Reopen"), {RESOLVED, CLOSED}, IN_PROGRESS, FILER, _reopen,
              needs=("note",), consequence=gettext_lazy("The handling office continues its work.")),
        _step("withdraw", gettext_lazy("Withdraw"),
              {DRAFT, SUBMITTED, RETURNED, ACCEPTED, IN_PROGRESS, WAITING}, State.WITHDRAWN, FILER, _close,
              lead_only=True, needs=("note",), consequence=gettext_lazy("The request ends here.")),
    )
}  # fmt: skip


def may(actor, step, request):
    """Whether this person, by office and role, may ever take this step on this request."""
    office = request.filing_office if step.side == FILER else request.handling_office
    # Reopening is open to the filing office's officers; only what ends or redirects a request is the lead's.
    if actor.acts_for(office):
        return actor.leads or not step.lead_only
    return step.verb == "forward" and _may_take_over(actor, request)


def _may_take_over(actor, request):
    """Whether the lead of an office above takes it up: it has come up to there, or nobody active sits below."""
    if not actor.leads or request.handling_office is None or actor.office.kind != request.handling_office.kind:
        return False
    # A page has loaded the few offices that watch: no query of its own.
    if any(watch.may_take_over and actor.acts_for(watch.office) for watch in request.watching.all()):
        return True
    office = request.handling_office.in_service
    if Office.objects.serving().staffed().filter(pk=office.pk).exists():
        return False
    return next_above(office) == actor.office


def available_steps(request, actor, now=None):
    """The steps this person may take now: the same tests as `perform`."""
    return [
        as_taken_by(actor, step, request)
        for step in STEPS.values()
        if request.state in step.sources
        and may(actor, step, request)
        and (step.verb != "reopen" or deadlines.may_still_reopen(request, now))
        and (step.verb != "forward" or may_have_one_above(request.handling_office))
    ]


def as_taken_by(actor, step, request):
    """The step in the words of whoever takes it: what goes up from below is taken over by the office above."""
    if step.verb != "forward" or actor.acts_for(request.handling_office):
        return step
    return replace(
        step,
        label=_("Take over"),
        consequence=_("Your office handles it from now on; the office below goes on seeing it."),
    )


@transaction.atomic
def perform(request, verb, *, actor, version, values=None, sent_as="", at=None):
    """Take one step: lock, check rights, repeat, state and version, write, record; all or nothing.

    `values` are the step's own (see `needs`), `files` and those `announced` (uploads.resuming.expect) with it if its
    form asks for evidence; `sent_as` is what its form is known by when it comes again, `at` is
    for demonstration data and tests. Returns the request as it is now. Raises NotPermitted, AlreadyDone,
    TransitionNotAllowed, StaleVersion or another DomainError.
    """
    step, values, now = STEPS[verb], values or {}, at or timezone.now()
    keeper = deadlines.Timekeeper()
    locked = lock(request)
    # Asked first: whoever forwarded a request has no step on it any more.
    if came_before(locked, verb, actor, sent_as) or _is_repeated(locked, step, actor, values, version):
        raise AlreadyDone(_("You have already done this; the request is “%(state)s”.") % _state(locked))
    if not may(actor, step, locked):
        raise NotPermitted(_refusal(step, locked))
    if locked.state not in step.sources:
        raise TransitionNotAllowed(
            _("The request is now “%(state)s”, so this step is no longer possible. Nothing was changed.")
            % _state(locked)
        )
    refuse_stale(locked, version)
    _refuse_missing(step, values)
    found, before = copy(locked), locked.state
    locked.state = step.target or before
    step.apply(locked, values, actor, now, keeper)
    keeper.set(locked)
    timing.keep(found, locked, verb, now, keeper)
    data = {"moves": True, "sent_as": sent_as} | _facts(locked, step)
    added = attaching.keep(locked, values.get("files", ()), values.get("announced", ()), actor=actor)
    if added:
        data["files"] = added
    _save(locked, step, before, values, actor, data, at)
    if locked.number and before == DRAFT and deadlines.is_short(locked, keeper):
        ladder.start_higher(locked, now, keeper)
    return locked


def _is_repeated(request, step, actor, values, version):
    """Whether this person's last act was this step already.

    Assigning leaves the state as it is, so that person and instruction tell a repeat from another decision.
    """
    if not already_taken(request, step.verb, actor, version):
        return False
    if step.target:
        return True
    last = last_event(request)
    return values.get("person_in_charge") == request.person_in_charge and values.get("note", "") == last.note


def _save(request, step, before, values, actor, data, at):
    request.version += 1
    request.save()
    if at:
        CoordinationRequest.objects.filter(pk=request.pk).update(updated_at=at)
    note = "\n".join(filter(None, (values.get(name) for name in step.tells)))
    record(
        request, step.verb, actor=actor, from_state=before, to_state=request.state, note=note,
        data=data, at=at, only_for=None if request.number else request.filing_office,
    )  # fmt: skip


def _facts(request, step):
    """What the event keeps besides the note: ids and codes, never personal text."""
    keep = {
        "submit": {"handling_office": request.handling_office_id, "number": request.number},
        "forward": {"handling_office": request.handling_office_id},
        "assign": {"person_in_charge": request.person_in_charge_id},
        "start": {"target_date": request.target_date},
        "wait": {"waiting_until": request.waiting_until},
        "resolve": {"outcome": request.outcome, "measures": request.measures},
        "decline": {"decline_reason": request.decline_reason},
    }.get(step.verb, {})
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in keep.items()}


def _state(request):
    return {"state": request.get_state_display()}


def _refusal(step, request):
    office = request.filing_office if step.side == FILER else request.handling_office
    office = office and office.in_service
    if step.lead_only:
        return _("This step is for the lead of %(office)s.") % {"office": office}
    return _("This step is for the officers of %(office)s.") % {"office": office}


def _refuse_missing(step, values):
    if any(not values.get(name) for name in step.needs):
        raise DomainError(_("Something that this step needs is missing. Please fill in the form."))


def close_unconfirmed(now=None):
    """Close what was resolved and not answered within 10 working days. Returns how many; safe to run twice.

    A request on which somebody is at work just now is left to the next run.
    """
    now = now or timezone.now()
    due = CoordinationRequest.objects.filter(state=RESOLVED, due_at__lt=now)
    return each_apart(due.values_list("pk", flat=True), partial(_close_unconfirmed, now=now))


@transaction.atomic
def _close_unconfirmed(pk, now):
    keeper = deadlines.Timekeeper()
    due = CoordinationRequest.objects.filter(pk=pk, state=RESOLVED, due_at__lt=now)
    request = due.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if request is None:
        return False
    keeper.set(request)
    if request.due_at >= now:  # a holiday was added, and what is stored is not computed anew yet
        request.save(update_fields=deadlines.COMPUTED)
        return False
    request.state = CLOSED
    _close(request, {}, None, now, keeper)
    keeper.set(request)
    request.version += 1
    request.save()
    record(request, "close_unconfirmed", actor=None, office=request.filing_office,
           from_state=RESOLVED, to_state=CLOSED, data={"moves": True}, at=now)  # fmt: skip
    return True
