"""Offices and officials as an admin keeps them, by hand or by import: every such change goes through here."""

from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _

from coordination.common.errors import NotPermitted
from coordination.history.recording import record
from coordination.history.stepping import lock, refuse_stale
from coordination.offices.models import Office, Official
from coordination.people.powers import may_manage_person

KEPT = {
    Office: ("kind", "region_id", "name", "address", "email", "phone", "superior_id", "valid_from", "valid_to"),
    Official: ("username", "name", "office_id", "role", "position", "email", "phone", "is_staff"),
}


@dataclass(frozen=True)
class Change:
    """What was written and is yet to be told to the history."""

    row: models.Model
    verb: str
    fields: list


@transaction.atomic
def keep(row, *, actor, version=None):
    """Write a new or changed row and record it. Raises what `write` raises; nothing is changed then."""
    change = write(row, actor=actor, version=version)
    if change:
        tell(change, actor=actor)


def write(row, *, actor, version=None, verbs=("create", "change")):
    """Write a new or changed row on the version that was seen. Returns the Change, or None if nothing differs.

    Call inside a transaction and `tell` at its end: a long import must not hold the history's lock from its first row.
    Raises NotPermitted for rows outside the jurisdiction, before or after the change, and for powers beyond the
    actor's own; StaleVersion if somebody else saved meanwhile.
    """
    before = lock(row) if row.pk else None
    _refuse_foreign(before, actor)
    changed = [name for name in KEPT[type(row)] if before is None or getattr(row, name) != getattr(before, name)]
    if before and not changed:
        return None  # it stands as typed: a double click, or nothing to write
    if before:
        refuse_stale(before, version)
    if isinstance(row, Official):
        _refuse_power(before, row, actor)
    _save(row, before, changed)
    _refuse_foreign(row, actor)
    return Change(row, verbs[bool(before)], changed)


def tell(change, *, actor):
    """Record the change in the history, for the office that it concerns."""
    row = change.row
    office = row if isinstance(row, Office) else row.office
    record(row, change.verb, actor=actor, office=office, data={"moves": True, "changed": change.fields})


def _save(row, before, changed):
    if before:
        row.version = before.version + 1
        stamp = ["updated_at"] if isinstance(row, Office) else []
        row.save(update_fields=[*changed, "version", *stamp])
        return
    if isinstance(row, Official) and not row.password:
        # The person gets a password by the link of a password reset; nobody else ever knows it.
        row.set_unusable_password()
    row.save(force_insert=True)


def _refuse_foreign(row, actor):
    if row is not None and not type(row).objects.visible_to(actor).filter(pk=row.pk).exists():
        raise NotPermitted(_("This lies outside your jurisdiction."))


def _refuse_power(before, after, actor):
    """Nobody gives more power than they have, takes it from those who have more, or changes the own."""
    if actor.is_superuser:
        return
    if after.is_superuser or after.is_staff != (before.is_staff if before else False):
        raise NotPermitted(_("Only a superuser decides who administers."))
    if before and not may_manage_person(actor, before):
        raise NotPermitted(_("This account administers more than you do."))
    if before and before.pk == actor.pk and (before.role, before.office_id) != (after.role, after.office_id):
        raise NotPermitted(_("Nobody changes the own role or office."))
