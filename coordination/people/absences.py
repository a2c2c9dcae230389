"""Naming, changing and ending the absences of officials, and who stands in meanwhile."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import create_once
from coordination.history.recording import record
from coordination.history.stepping import lock, refuse_stale
from coordination.offices.models import Absence, Official
from coordination.people.powers import may_name_absence

EDITABLE = ("first_day", "last_day", "substitute")


def name(person, values, *, actor, client_id, body_sha256, at=None):
    """Write down that this person will be away. Returns (absence, was_created).

    `values` are those of EDITABLE; without a substitute what waits is the lead's. `at` is for demonstration data.
    Raises NotPermitted or DomainError.
    """

    def make():
        locked = _locked_for(person, actor)
        _refuse_unfit(locked, values)
        absence = Absence.objects.create(
            official=locked, named_by=actor, client_id=client_id, body_sha256=body_sha256, **values
        )
        _tell(absence, actor, at)
        return absence

    return create_once(Absence, client_id, body_sha256, owner={"named_by_id": actor.pk}, make=make)


@transaction.atomic
def change(absence, values, *, actor, version):
    """Save other days or another substitute on the version that was seen.

    Raises NotPermitted, StaleVersion, AlreadyDone when everything stands as typed, or another DomainError.
    """
    person, locked = _both_locked(absence, actor)
    if not changes(locked, values):
        raise AlreadyDone(_("Everything stands as you wrote it; there was nothing to change."))
    if locked.ended_at:
        raise TransitionNotAllowed(_("This absence was ended meanwhile; name a new one."))
    refuse_stale(locked, version)
    _refuse_unfit(person, values, besides=locked)
    before = locked.substitute_id
    for field in EDITABLE:
        setattr(locked, field, values[field])
    locked.version += 1
    locked.save()
    _tell(locked, actor, before=before)
    return locked


@transaction.atomic
def end(absence, *, actor, version):
    """The person is back before the last day, or does not go at all."""
    person, locked = _both_locked(absence, actor)
    if locked.ended_at:
        raise AlreadyDone(_("This has been done already."))
    refuse_stale(locked, version)
    locked.ended_at = timezone.now()
    locked.version += 1
    locked.save()
    record(person, "end_absence", actor=actor, office=person.office, data=_facts(locked))
    return locked


def changes(absence, values):
    """The names of the fields in which the values differ from the absence."""
    return [field for field in EDITABLE if getattr(absence, field) != values[field]]


def possible_substitutes(person):
    """Who can stand in: those who act for the same office."""
    return Official.objects.acting().filter(office=person.office_id).exclude(pk=person.pk)


def _locked_for(person, actor):
    """The person is locked first, so that of two absences named at once the second sees the first."""
    locked = lock(person)
    if not may_name_absence(actor, locked):
        raise NotPermitted(_("An absence is named by the person or by the lead of the office."))
    return locked


def _both_locked(absence, actor):
    return _locked_for(absence.official, actor), lock(absence)


def _refuse_unfit(person, values, besides=None):
    substitute = values["substitute"]
    if substitute and not possible_substitutes(person).filter(pk=substitute.pk).exists():
        raise DomainError(_("The substitute must be another active official of the same office."))
    others = person.absences.standing(values["first_day"]).filter(first_day__lte=values["last_day"])
    clash = others.exclude(pk=besides and besides.pk).first()
    if clash:
        days = {"first": date_format(clash.first_day), "last": date_format(clash.last_day)}
        raise DomainError(_("There is an absence from %(first)s to %(last)s already; change that one.") % days)


def _tell(absence, actor, at=None, **more):
    office = absence.official.office
    record(absence.official, "substitute", actor=actor, office=office, data=_facts(absence) | more, at=at)


def _facts(absence):
    return {
        "absence": absence.pk,
        "substitute": absence.substitute_id,
        "first_day": absence.first_day.isoformat(),
        "last_day": absence.last_day.isoformat(),
    }
