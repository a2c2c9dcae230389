"""Who manages the people of an office, and which offices an admin may name."""

from django.db.models import Q

from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office


def may_manage(actor, office):
    """The office's own lead; an admin for the offices within the own jurisdiction; a superuser for all."""
    if not actor.is_active:
        return False
    if actor.is_superuser or (actor.leads and actor.office_id == office.pk):
        return True
    return actor.is_staff and Office.objects.visible_to(actor).filter(pk=office.pk).exists()


def may_manage_person(actor, person):
    """As for the office, but whoever administers is managed only by those with the same power.

    Otherwise a lead could give a colleague who administers another e-mail address, ask for a new password there,
    and have the colleague's power.
    """
    if person.is_superuser or person.office is None:
        return actor.is_active and actor.is_superuser
    if person.is_staff and not actor.is_staff and person.pk != actor.pk:
        return False
    return may_manage(actor, person.office)


def may_name_absence(actor, person):
    """Everybody who acts, for themselves; whoever manages the office, for all in it: nobody gains a power by it."""
    if person.office is None:
        return False
    return (actor.pk == person.pk and actor.acts) or may_manage(actor, person.office)


def possible_superiors(actor):
    """The offices that this admin may name as superior: those within the jurisdiction, and those above it."""
    jurisdiction = Jurisdiction.of(actor)
    if jurisdiction.path is None:
        return Office.objects.none()
    codes = jurisdiction.path.rstrip(".").split(".")
    paths = [".".join(codes[:tier]) + "." for tier in range(1, len(codes))]
    return Office.objects.filter(jurisdiction.q("region") | Q(region=None) | Q(region__path__in=paths))
