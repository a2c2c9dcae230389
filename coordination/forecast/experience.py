"""After an activity one question: did the network hold? The answer is a measurement of its own kind."""

from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.campaigns import planning
from coordination.campaigns.choices import ActivityState, Need
from coordination.common.errors import AlreadyDone, NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import create_once
from coordination.forecast.choices import Answer
from coordination.forecast.models import Experience
from coordination.history.recording import record
from coordination.history.stepping import lock
from coordination.networks.choices import NetworkLevel
from coordination.networks.recording import record_experience
from coordination.regions.models import Level

# What an answer says of the level. That joining or watching went well says only that it is not weak: no level then.
SENDING = (Need.HOST, Need.STREAM)


def level_after(activity, answer):
    """The level that an answer shows, None where it shows none: of one hall nothing follows for a whole city."""
    need = activity.need
    if activity.region.level != Level.VILLAGE:
        return None
    if answer == Answer.NO:
        return NetworkLevel.WEAK
    if answer == Answer.TROUBLE:
        return NetworkLevel.MEDIUM if need in SENDING else NetworkLevel.WEAK
    return NetworkLevel.STRONG if need in SENDING else None


def is_asked(activity):
    """Whether the question is to be asked of an activity at all: it is over, took place, and needed the network."""
    over = activity.ends_at <= timezone.now()
    return activity.need != Need.NONE and over and activity.state in ActivityState.TAKES_PLACE


def may_answer(actor, activity):
    """The office that registered the activity, once."""
    return is_asked(activity) and planning.is_own(actor, activity) and not hasattr(activity, "experience")


def answer(activity, values, *, actor, client_id, body_sha256, captured_at=None, at=None):
    """Record how the network did: `values` are `answer` and `trouble`. Returns (experience, is_new).

    A planned activity is marked as held with it. Raises NotPermitted for another office, TransitionNotAllowed before
    it is over or where nothing was asked of the network, AlreadyDone when it was answered already, and what
    create_once raises.
    """
    if not planning.is_own(actor, activity):
        raise NotPermitted(_("Only the office that registered an activity tells how the network did."))

    def make():
        locked = lock(activity)
        if Experience.objects.filter(activity=locked).exists():
            raise AlreadyDone(_("It is recorded already how the network did."))
        if not is_asked(locked):
            raise TransitionNotAllowed(_("This is asked once an activity that needs the network is over."))
        level = level_after(locked, values["answer"])
        assessment = record_experience(
            locked.region, level, actor=actor, place=locked.place, measured_at=locked.ends_at,
            source=locked.number, note=values["trouble"], at=at,
        )  # fmt: skip
        made = Experience.objects.create(
            activity=locked, assessment=assessment, official=actor, office=actor.office, client_id=client_id,
            body_sha256=body_sha256, captured_at=captured_at, **values,
        )  # fmt: skip
        if at:
            Experience.objects.filter(pk=made.pk).update(created_at=at)
        record(locked, "network_held", actor=actor, from_state=locked.state, to_state=locked.state,
               note=values["trouble"], data={"answer": values["answer"]}, at=at)  # fmt: skip
        if locked.state == ActivityState.PLANNED:
            planning.perform(locked, "hold", actor=actor, version=locked.version, note="", at=at)
        return made

    return create_once(Experience, client_id, body_sha256, owner={"official_id": actor.pk}, make=make)
