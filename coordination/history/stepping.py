"""How a step is taken on a row that several people may be working on: one at a time, on what they saw."""

from django.utils.translation import gettext as _

from coordination.common.errors import StaleVersion
from coordination.history.models import Event


def lock(row):
    """The row as it is now, locked until the transaction ends. Call inside a transaction.

    Its key stays free (no_key): a row that points here may be written meanwhile. Otherwise that writer, who holds the
    history's lock, and this one, who will wait for it, would each wait for the other.
    """
    return type(row).objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def last_event(row):
    return Event.objects.about(row).select_related("actor", "office").last()


def already_taken(row, verb, actor, version):
    """Whether this person's own last act on the row was this very step and nothing moved the row since.

    Comments do not move a row, so a repeat is recognised even when somebody commented meanwhile. Whoever sends the
    present `version` saw the row after the own step: taking it again is meant.
    """
    if version == row.version:
        return False
    last = Event.objects.about(row).filter(data__moves=True).last()
    return last is not None and last.verb == verb and last.actor_id == actor.pk and last.to_state == row.state


def came_before(row, verb, actor, sent_as):
    """Whether this very form, `sent_as` (common.idempotency.sending), has taken its step, whatever happened since."""
    return bool(sent_as) and Event.objects.about(row).filter(verb=verb, actor=actor, data__sent_as=sent_as).exists()


def refuse_stale(row, version):
    """Raise StaleVersion unless `version` is the row's present one; a missing version is refused too."""
    if version == row.version:
        return
    last = last_event(row)
    who = str(last.actor or last.office) if last else ""
    sentence = _("%(who)s changed this since you opened it. Your text is still here: compare, then send again.")
    raise StaleVersion(sentence % {"who": who or _("Somebody")}, current=row)
