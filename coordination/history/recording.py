"""Writes the history. Every change of an obstacle, a request, an office or an official passes here."""

import hashlib
import hmac
import json
from functools import cache

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from coordination.history.models import Event

# Any constant will do, as long as nothing else in this database locks the same one.
_CHAIN_LOCK = 7_273_2020


@cache
def _subscribers():
    return [import_string(path) for path in settings.HISTORY_SUBSCRIBERS]


def record(
    subject, verb, *, actor, office=None, from_state="", to_state="", note="", data=None, only_for=None, at=None
):
    """Append one event about `subject` and tell the subscribers, all in the caller's transaction.

    Lock the rows of the change before calling: the chain's lock comes last and is held to the end of the
    transaction. `at` is for demonstration data and tests; it defaults to now. Returns the event.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("History is written only inside the transaction of the change.")
    last = _lock_head()
    event = Event(
        sequence=last.sequence + 1 if last else 1,
        at=at or timezone.now(),
        actor=actor,
        office=office or getattr(actor, "office", None),
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        verb=verb,
        from_state=from_state,
        to_state=to_state,
        note=note,
        data=data or {},
        only_for=only_for,
        previous_hash=last.hash if last else "",
    )
    event.subject = subject
    event.hash = digest(event)
    event.save(force_insert=True)
    for tell in _subscribers():
        tell(event)
    return event


# In the order in which `record_all` writes them.
_COLUMNS = (
    "sequence", "at", "actor_id", "office_id", "subject_type_id", "subject_id", "verb", "from_state", "to_state",
    "note", "data", "only_for_id", "previous_hash", "hash",
)  # fmt: skip


def record_all(model, rows, verb, *, actor, from_state="", to_state="", note="", data=None):
    """Append one event about each of `rows`, (key, key of the office for which it is) of `model`, and tell nobody.

    For imports, which are told of by one event of their own: thousands of notices would be read by nobody. Chained as
    `record` does it. All else stands still while the chain's lock is held, about 5 s for 100,000 rows, so that this
    comes last in its transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("History is written only inside the transaction of the change.")
    with connection.cursor() as cursor:
        # Or the keys of all rows written before would be checked at the end, under the lock.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    last = _lock_head()
    sequence, before = (last.sequence, last.hash) if last else (0, "")
    event = Event(
        at=timezone.now(), actor=actor, subject_type=ContentType.objects.get_for_model(model), verb=verb,
        from_state=from_state, to_state=to_state, note=note, data=data or {},
    )  # fmt: skip
    statement = f"COPY {Event._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for sequence, (key, office) in enumerate(rows, sequence + 1):  # noqa: B020 -- counts on from the last one
            event.sequence, event.subject_id, event.office_id, event.previous_hash = sequence, key, office, before
            event.hash = before = digest(event)
            values = [getattr(event, column) for column in _COLUMNS]
            values[_COLUMNS.index("data")] = json.dumps(event.data)
            copy.write_row(values)


def _lock_head():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    return Event.objects.order_by("-sequence").only("sequence", "hash").first()


def digest(event):
    """The event's HMAC-SHA256 over its facts, its place and the hash before it, as 64 hex digits.

    The note enters as its own digest, so that a court's or a person's right to erasure could one day empty a
    note without breaking the chain.
    """
    facts = {
        "sequence": event.sequence,
        "at": event.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(),
        "actor": event.actor_id,
        "office": event.office_id,
        "subject": [event.subject_type_id, event.subject_id],
        "verb": event.verb,
        "states": [event.from_state, event.to_state],
        "note_sha256": hashlib.sha256(event.note.encode()).hexdigest(),
        "data": event.data,
        "only_for": event.only_for_id,
        "previous": event.previous_hash,
    }
    message = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return hmac.new(settings.HISTORY_KEY.encode(), message, hashlib.sha256).hexdigest()


def faults():
    """Sentences about every place where the chain is broken: changed, missing or reordered events."""
    previous, expected = "", 1
    for event in Event.objects.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != expected:
            yield f"{expected} … {event.sequence - 1}: missing"
        if event.previous_hash != previous:
            yield f"{event.sequence}: does not follow the event before it"
        if not hmac.compare_digest(event.hash, digest(event)):
            yield f"{event.sequence}: changed after it was written"
        previous, expected = event.hash, event.sequence + 1
