"""How people want their mails, by kind of news."""

from django.db import transaction
from django.utils.translation import gettext as _

from coordination.common.errors import AlreadyDone
from coordination.history.recording import record
from coordination.history.stepping import lock, refuse_stale
from coordination.notifications.choices import Kind, Timing
from coordination.notifications.models import MailSettings
from coordination.requests.choices import Urgency
from coordination.requests.models import CoordinationRequest


def is_pressing(subject):
    """Whether this is a very urgent request: its mails leave at once, whatever people chose and whatever the hour."""
    return isinstance(subject, CoordinationRequest) and subject.urgency == Urgency.CRITICAL


def settings_of(person):
    """The person's settings; those of one who never chose are not stored yet."""
    return MailSettings.objects.filter(person=person).first() or MailSettings(person=person)


def settings_of_all(people):
    """{key of a person: MailSettings}, in one query."""
    stored = {row.person_id: row for row in MailSettings.objects.filter(person__in=people)}
    return {person.pk: stored.get(person.pk) or MailSettings(person=person) for person in people}


@transaction.atomic
def choose(person, values, *, version):
    """Save {kind: timing} on the version that was seen. Raises StaleVersion, or AlreadyDone when all stands so."""
    settings = _locked(person)
    changed = changes(settings, values)
    if not changed:
        raise AlreadyDone(_("Everything stands as you wrote it; there was nothing to change."))
    refuse_stale(settings, version)
    _save(settings, changed, "set_mail", actor=person)


def changes(settings, values):
    """{kind: timing} of those values that differ from the settings."""
    return {kind: values[kind] for kind in Kind.values if kind in values and settings.timing(kind) != values[kind]}


@transaction.atomic
def turn_off(person, kinds):
    """Send no more mails of these kinds, as the link in a mail asks for. Safe to repeat."""
    settings = _locked(person)
    changed = changes(settings, dict.fromkeys(kinds, Timing.OFF))
    if changed:
        _save(settings, changed, "unsubscribe", actor=None)


def _locked(person):
    return lock(MailSettings.objects.get_or_create(person=person)[0])


def _save(settings, changed, verb, actor):
    before = {kind: settings.timing(kind) for kind in changed}
    for kind, timing in changed.items():
        setattr(settings, kind, timing)
    settings.version += 1
    settings.save()
    facts = {kind: [before[kind], str(timing)] for kind, timing in changed.items()}
    record(settings, verb, actor=actor, office=settings.person.office, data={"moves": True, "changed": facts})
