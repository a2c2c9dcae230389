"""How an obstacle moves: open → confirmed → mitigated → cleared, or merged into another."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, TransitionNotAllowed
from coordination.history.recording import record
from coordination.history.stepping import already_taken, came_before, lock, refuse_stale
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.models import Obstacle
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction

OPEN, CONFIRMED, MITIGATED = ObstacleState.OPEN, ObstacleState.CONFIRMED, ObstacleState.MITIGATED


def _answers_for(actor, obstacle):
    """An ICT office whose jurisdiction covers the region."""
    return actor.acts and actor.office.kind == Kind.KOMINFO and Jurisdiction.of(actor).covers(obstacle.region)


def _answers_or_reported(actor, obstacle):
    """The office that reported it stands in the field and sees first that the network is back."""
    return _answers_for(actor, obstacle) or actor.acts_for(obstacle.office)


@dataclass(frozen=True)
class Step:
    verb: str
    label: str
    sources: frozenset
    target: str
    may: Callable
    note_label: str


STEPS = {
    step.verb: step
    for step in (
        Step("confirm", gettext_lazy("Confirm"), frozenset({OPEN}), CONFIRMED, _answers_for,
             gettext_lazy("What was checked")),
        Step("mitigate", gettext_lazy("Mitigate"), frozenset({OPEN, CONFIRMED}), MITIGATED, _answers_for,
             gettext_lazy("Interim measure")),
        Step("clear", gettext_lazy("Clear"), frozenset({OPEN, CONFIRMED, MITIGATED}), ObstacleState.CLEARED,
             _answers_or_reported, gettext_lazy("How it ended")),
        Step("merge", gettext_lazy("Merge a duplicate"), frozenset({OPEN, CONFIRMED, MITIGATED}), ObstacleState.MERGED,
             _answers_for, gettext_lazy("Why it is the same")),
    )
}  # fmt: skip


def available_steps(obstacle, actor):
    """The steps this person may take now: the same two tests as `perform`."""
    return [step for step in STEPS.values() if obstacle.state in step.sources and step.may(actor, obstacle)]


@transaction.atomic
def perform(obstacle, verb, *, actor, version, note, into=None, sent_as="", at=None):
    """Take one step. `into` is the standing obstacle that a merged one joins. Returns the obstacle.

    Raises NotPermitted, AlreadyDone, TransitionNotAllowed or StaleVersion; nothing is changed then.
    """
    step = STEPS[verb]
    locked = _locked_pair(obstacle, into)
    refuse(locked, step, actor, version, sent_as)
    refuse_stale(locked, version)
    if not note.strip():
        raise DomainError(_("Say in a sentence what was found or done."))
    before, locked.state = locked.state, step.target
    if verb == "mitigate":
        locked.measure = note
    if verb == "merge":
        locked.merged_into = _merge_target(locked, into, actor)
    locked.version += 1
    locked.save()
    data = {"moves": True, "sent_as": sent_as} | ({"merged_into": into.pk} if into else {})
    record(locked, verb, actor=actor, from_state=before, to_state=locked.state, note=note, data=data, at=at)
    if verb == "merge":
        record(into, "absorb", actor=actor, from_state=into.state, to_state=into.state,
               note=note, data={"from": locked.number}, at=at)  # fmt: skip
    return locked


def refuse(obstacle, step, actor, version=None, sent_as=""):
    """Raise NotPermitted, AlreadyDone or TransitionNotAllowed, unless `actor`, who saw `version`, may take it now."""
    if not step.may(actor, obstacle):
        raise NotPermitted(_("This step is for the ICT office that answers for the region."))
    if came_before(obstacle, step.verb, actor, sent_as) or already_taken(obstacle, step.verb, actor, version):
        raise AlreadyDone(_("You have already done this."))
    if obstacle.state not in step.sources:
        raise TransitionNotAllowed(
            _("%(number)s is now “%(state)s”, so this step is no longer possible.")
            % {"number": obstacle.number, "state": obstacle.get_state_display()}
        )


def _locked_pair(obstacle, into):
    """The obstacle, and the one it joins, locked in the order of their keys so that two merges cannot deadlock."""
    rows = sorted({row.pk: row for row in (obstacle, into) if row}.values(), key=lambda row: row.pk)
    locked = {row.pk: lock(row) for row in rows}
    if into:
        into.state = locked[into.pk].state
    return locked[obstacle.pk]


def _merge_target(obstacle, into, actor):
    if into is None or into.pk == obstacle.pk:
        raise DomainError(_("Name the other obstacle that this one is a duplicate of."))
    if into.state not in ObstacleState.STANDING or not Obstacle.objects.visible_to(actor).filter(pk=into.pk).exists():
        raise DomainError(_("The other obstacle is not among those that stand in your region."))
    if into.region.regency_path != obstacle.region.regency_path:
        # Whoever sees the one must be able to see the other that it points to.
        raise DomainError(_("Both obstacles must lie in the same regency or city."))
    return into
