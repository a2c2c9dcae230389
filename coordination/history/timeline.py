"""The history of one thing as its readers see it."""

from datetime import date
from functools import cache

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from coordination.history.models import Event


@cache
def _readers():
    return [import_string(path) for path in settings.HISTORY_READERS]


def timeline(subject, user):
    """The events about `subject` that `user` may read, oldest first, and the note that they were read.

    Each carries `states`, (before, after) where the state changed, and `facts`, (label, value) of what was set.
    """
    events = list(Event.objects.about(subject).readable_by(user).select_related("actor", "office"))
    named = _named(subject, events)
    states = dict(subject._meta.get_field("state").flatchoices)
    for event in events:
        moved = event.from_state and event.from_state != event.to_state
        event.states = (states.get(event.from_state), states.get(event.to_state)) if moved else None
        event.facts = list(_facts(subject, event, named))
    if events:
        for tell in _readers():
            tell(subject, user, events[-1])
    return events


def _facts(subject, event, named):
    for name, value in event.data.items():
        field = _field(subject, name)
        words = _in_words(field, value, named) if field is not None and value else None
        if words:
            yield field.verbose_name, words
    if added := event.data.get("files") or event.data.get("photos"):
        yield _("Files added"), added
    labels = [str(field.verbose_name) for name in event.data.get("changed", ()) if (field := _field(subject, name))]
    if labels:
        yield _("Changed"), ", ".join(labels)


def _in_words(field, value, named):
    """The value as the readers know it; None for a row that is no longer there."""
    if field.is_relation:
        return named.get((field.related_model, value))
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(value))
    choices = dict(getattr(field, "base_field", field).flatchoices)
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(one, one)) for one in values)


def _named(subject, events):
    """{(model, key): row} of the rows to which the facts of these events point.

    Most are known already, as who acted or as what the subject points to; for others there is one query a model.
    """
    known = _known(subject, events)
    wanted = {}
    for event in events:
        for name, value in event.data.items():
            field = _field(subject, name)
            if field is not None and field.is_relation and value and (field.related_model, value) not in known:
                wanted.setdefault(field.related_model, set()).add(value)
    found = {(model, key): row for model, keys in wanted.items() for key, row in model.objects.in_bulk(keys).items()}
    return known | found


def _known(subject, events):
    """The rows that are loaded with the events and with their subject, as `_named` gives them."""
    pointers = [field for field in subject._meta.concrete_fields if field.is_relation and field.is_cached(subject)]
    rows = [getattr(subject, field.name) for field in pointers]
    rows += [row for event in events for row in (event.actor, event.office)]
    return {(type(row), row.pk): row for row in rows if row is not None}


def _field(subject, name):
    """The column of that name, or None when the event's fact is of another kind."""
    try:
        field = subject._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if field.concrete and not isinstance(field, models.DateTimeField) else None
