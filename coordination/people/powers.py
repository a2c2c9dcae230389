"""Who manages the people of an office."""

from coordination.offices.models import Office


def may_manage(actor, office):
    """The office's own lead; an admin for the offices within the own jurisdiction; a superuser for all."""
    if not actor.is_active:
        return False
    if actor.is_superuser or (actor.leads and actor.office_id == office.pk):
        return True
    return actor.is_staff and Office.objects.visible_to(actor).filter(pk=office.pk).exists()
