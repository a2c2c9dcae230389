"""Registering an activity, changing one, cancelling it, and recording that it was held."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, islice

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CalendarAddress, CampaignActivity, CandidatePair
from coordination.campaigns.notices import findings_against, people_there
from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import Same, create_once
from coordination.history.numbering import next_number, next_numbers, year_of
from coordination.history.recording import record, record_all
from coordination.history.stepping import already_taken, came_before, lock, refuse_stale
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.models import Region

PLANNED, CANCELLED, HELD = ActivityState.PLANNED, ActivityState.CANCELLED, ActivityState.HELD
# What was cancelled may be planned again, in the same words.
SAME_ACTIVITY = Same(unless={"state": CANCELLED})
EDITABLE = (
    "election", "region", "place", "latitude", "longitude", "candidate_pair", "method", "platform", "need",
    "starts_at", "ends_at", "participants", "sttp_number",
)  # fmt: skip
# Of these the history says that they changed, but not from what to what: they may name people.
FREE_TEXT = ("place",)
# Of these it says nothing at all: the history is read by those who must not know for whom an activity is.
UNTOLD = ("candidate_pair",)
PIECE = 2000


def may_register(actor):
    """Election offices register activities; the others read."""
    return actor.acts and actor.office.kind == Kind.KPU


def is_own(actor, activity):
    """Whether the actor works in the office that registered the activity."""
    return actor.acts_for(activity.office)


def may_edit(actor, activity):
    return is_own(actor, activity) and activity.state == PLANNED


def register(values, *, actor, client_id, body_sha256, captured_at=None, at=None):
    """Register one activity with its number. Returns (activity, is_new). `values` are EDITABLE fields.

    A form that comes again finds its activity. Raises NotPermitted outside the actor's jurisdiction or kind of office,
    TransitionNotAllowed with the rule's source where the election's rules forbid it, and what create_once raises.
    """
    if not may_register(actor):
        raise NotPermitted(_("Your office reads activities but does not register them."))

    def make():
        now = at or timezone.now()
        region = values["region"]
        regency = _regency(region)
        activity = CampaignActivity(
            **{field: values[field] for field in EDITABLE if field in values},
            client_id=client_id,
            body_sha256=body_sha256,
            captured_at=captured_at,
            region_name=region.full_name,
            registered_by=actor,
            office=actor.office,
            number=next_number("KG", regency, year_of(regency, now)),
        )
        _refuse_against_the_rules(activity)
        activity.save(force_insert=True)
        _refuse_foreign(activity, actor)
        if at:
            CampaignActivity.objects.filter(pk=activity.pk).update(created_at=at, updated_at=at)
        record(activity, "plan", actor=actor, to_state=activity.state, data={"moves": True}, at=at)
        return activity

    return create_once(
        CampaignActivity, client_id, body_sha256, owner={"registered_by_id": actor.pk}, make=make, same=SAME_ACTIVITY
    )


def _regency(region):
    return region if region.path == region.regency_path else Region.objects.get(path=region.regency_path)


def _refuse_foreign(activity, actor):
    """Roll back when a forged region or pair took the row out of the actor's own sight."""
    if not CampaignActivity.objects.visible_to(actor).filter(pk=activity.pk).exists():
        raise NotPermitted(_("This region is outside your jurisdiction."))
    pair = activity.candidate_pair_id
    here = CandidatePair.objects.visible_to(actor).standing_in(activity.region)
    if pair and not here.filter(pk=pair, contest__election=activity.election_id).exists():
        raise NotPermitted(_("These candidates do not stand in the region of the activity."))


def _refuse_against_the_rules(activity):
    """The form says so by its fields; an import or a shell comes through this door alone."""
    refusal = Rulebook().refusal(activity)
    if refusal:
        raise TransitionNotAllowed(refusal.sentence)


class Rulebook:
    """The refusals for any number of activities: of those alike in days, method and meeting one is asked about."""

    def __init__(self):
        self._known = {}

    def refusal(self, activity):
        """The first Finding that blocks this activity, or None."""
        days = activity.starts_there.date(), activity.ends_there.date()
        # How many meet only warns, whatever the number.
        meets = people_there(activity.platform, activity.participants) is not None
        alike = (activity.election_id, activity.method_id, *days, meets)
        if alike not in self._known:
            self._known[alike] = next((found for found in findings_against(activity) if found.blocks), None)
        return self._known[alike]


def register_all(activities, *, actor, batch):
    """Register what an approved schedule holds, unsaved activities in the order of their regencies, with numbers by
    blocks and without a word to anybody. Returns how many.

    The rules are those of `register`. Raises NotPermitted and TransitionNotAllowed; the caller's transaction is then
    given up. Lock the series of the numbers before (history.numbering.hold) when it matters what is there already.
    """
    if not (may_register(actor) or actor.is_superuser):
        raise NotPermitted(_("Your office reads activities but does not register them."))
    now, rules, own, made = timezone.now(), Rulebook(), Jurisdiction.of(actor), []
    known = CandidatePair.objects.visible_to(actor).values_list("pk", "contest__election", "contest__region__path")
    pairs = {key: (election, path) for key, election, path in known}
    for path, here in groupby(activities, key=lambda activity: activity.region.regency_path):
        regency = Region.objects.get(path=path)
        while piece := list(islice(here, PIECE)):
            numbers = next_numbers("KG", regency, year_of(regency, now), len(piece))
            for activity, number in zip(piece, numbers, strict=True):
                activity.number, activity.registered_by, activity.batch = number, actor, batch
                activity.region_name = activity.region.full_name
                _refuse_row(activity, rules, own, pairs)
            saved = CampaignActivity.objects.bulk_create(piece)
            made += [(activity.pk, activity.office_id) for activity in saved]
    record_all(CampaignActivity, made, "plan", actor=actor, to_state=PLANNED, data={"moves": True, "import": batch.pk})
    return len(made)


def _refuse_row(activity, rules, own, pairs):
    refusal = rules.refusal(activity)
    if refusal:
        raise TransitionNotAllowed(refusal.sentence)
    if not own.covers(activity.region):
        raise NotPermitted(_("This region is outside your jurisdiction."))
    if activity.candidate_pair_id is None:
        return
    election, path = pairs.get(activity.candidate_pair_id, (None, ""))
    if election != activity.election_id or not activity.region.path.startswith(path):
        raise NotPermitted(_("These candidates do not stand in the region of the activity."))


def cancel_all(activities, *, actor, note):
    """Cancel those of `activities` (a queryset) that are planned and as they were registered. Returns how many."""
    untouched = activities.filter(state=PLANNED, version=1)
    rows = list(untouched.select_for_update(no_key=True).order_by("pk").values_list("pk", "office_id"))
    untouched.update(state=CANCELLED, version=F("version") + 1, updated_at=timezone.now())
    record_all(CampaignActivity, rows, "cancel", actor=actor, from_state=PLANNED, to_state=CANCELLED, note=note,
               data={"moves": True})  # fmt: skip
    return len(rows)


@transaction.atomic
def edit(activity, values, *, actor, version):
    """Save the changed fields on the version that was seen. Returns the activity as saved.

    Raises NotPermitted, TransitionNotAllowed, StaleVersion, or AlreadyDone when everything stands as typed (as it
    does when the form was sent twice); nothing is saved then.
    """
    locked = lock(activity)
    if not is_own(actor, locked):
        raise NotPermitted(_("Only the office that registered an activity changes it."))
    if locked.state != PLANNED:
        raise TransitionNotAllowed(_("Only a planned activity is changed."))
    changed = changes(locked, values)
    if not changed:
        raise AlreadyDone(_("%(number)s stands as you wrote it; there was nothing to change.") % {"number": locked})
    refuse_stale(locked, version)
    _put(locked, values)
    _refuse_against_the_rules(locked)
    _refuse_foreign(locked, actor)
    record(locked, "edit", actor=actor, from_state=locked.state, to_state=locked.state,
           data={"moves": True, "changed": _told(changed)})  # fmt: skip
    return locked


def _put(activity, values):
    """Write the values into the row. Its number is that of the regency, so that stays."""
    regency = activity.region.regency_path
    for field in EDITABLE:
        if field in values:
            setattr(activity, field, values[field])
    if activity.region.regency_path != regency:
        raise NotPermitted(_("An activity stays in its regency or city. Register a new one for another."))
    activity.region_name = activity.region.full_name
    activity.version += 1
    activity.save()


def changes(activity, values):
    """{field: (present value, new value)} of what differs between the row and the values."""
    present = {field: getattr(activity, field) for field in EDITABLE if field in values}
    return {field: (value, values[field]) for field, value in present.items() if value != values[field]}


def _told(changed):
    """The changes as the history keeps them."""
    return {
        field: [] if field in FREE_TEXT else [str(value) for value in pair]
        for field, pair in changed.items()
        if field not in UNTOLD
    }


@dataclass(frozen=True)
class Step:
    verb: str
    label: str
    target: str
    may: Callable  # at this time, whoever does it
    note_label: str
    needs_note: bool = True


STEPS = {
    step.verb: step
    for step in (
        Step("hold", gettext_lazy("Mark as held"), HELD, lambda activity: activity.has_begun,
             pgettext_lazy("activity", "Note"), needs_note=False),
        Step("cancel", gettext_lazy("Cancel the activity"), CANCELLED, lambda activity: True,
             gettext_lazy("Why it is cancelled")),
    )
}  # fmt: skip


def available_steps(activity, actor):
    """The steps this person may take now: the same tests as `perform`."""
    if not may_edit(actor, activity):
        return []
    return [step for step in STEPS.values() if step.may(activity)]


@transaction.atomic
def perform(activity, verb, *, actor, version, note, sent_as="", at=None):
    """Take one step. Returns the activity.

    Raises NotPermitted, AlreadyDone, TransitionNotAllowed, StaleVersion or DomainError; nothing is changed then.
    """
    step = STEPS[verb]
    locked = lock(activity)
    refuse(locked, step, actor, version, sent_as)
    refuse_stale(locked, version)
    if step.needs_note and not note.strip():
        raise DomainError(_("Say in a sentence why."))
    before, locked.state = locked.state, step.target
    locked.version += 1
    locked.save()
    record(locked, verb, actor=actor, from_state=before, to_state=locked.state, note=note,
           data={"moves": True, "sent_as": sent_as}, at=at)  # fmt: skip
    return locked


def refuse(activity, step, actor, version=None, sent_as=""):
    """Raise NotPermitted, AlreadyDone or TransitionNotAllowed, unless `actor`, who saw `version`, may take it now."""
    if not is_own(actor, activity):
        raise NotPermitted(_("Only the office that registered an activity changes it."))
    if came_before(activity, step.verb, actor, sent_as) or already_taken(activity, step.verb, actor, version):
        raise AlreadyDone(_("You have already done this."))
    if activity.state != PLANNED:
        raise TransitionNotAllowed(
            _("%(number)s is now “%(state)s”, so this step is no longer possible.")
            % {"number": activity.number, "state": activity.get_state_display()}
        )
    if not step.may(activity):
        raise TransitionNotAllowed(_("This activity has not begun yet."))


def renew_calendar_address(official):
    """Give the official a new private address; the one before no longer opens anything."""
    new = {"secret": uuid.uuid4(), "made_at": timezone.now()}
    address, _made = CalendarAddress.objects.update_or_create(official=official, defaults=new)
    return address
