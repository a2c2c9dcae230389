"""Pages by key: page 4,000 costs what page 1 costs, and rows that arrive meanwhile shift nothing."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Q
from django.utils.dateparse import parse_datetime

from coordination.common.lookups import first_of

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page:
    rows: list
    older: str | None  # the cursor of the next page, None on the last
    newer: str | None  # the cursor of the page before, None on the first

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page(queryset, field, *, descending=True, cursor="", size=PAGE_SIZE):
    """One Page of `queryset` ordered by a non-null `field` of the model or annotation, then by key.

    A cursor nobody made counts as none, and so does one beyond which nothing is left: the reader gets the first page.
    """
    annotation = queryset.query.annotations.get(field)
    position = _decode(cursor, annotation.output_field if annotation else queryset.model._meta.get_field(field))
    backwards = position is not None and position[0] == "<"
    falling = descending != backwards
    unpaged = queryset
    if position:
        queryset = queryset.filter(_beyond(field, position[1], position[2], falling))
    sign = "-" if falling else ""
    rows = list(first_of(queryset, f"{sign}{field}", f"{sign}pk", number=size + 1))
    more, rows = len(rows) > size, rows[:size]
    if position and (not rows or (backwards and not more)):
        return page(unpaged, field, descending=descending, size=size)
    if backwards:
        rows.reverse()
    return Page(
        rows,
        older=_encode(">", rows[-1], field) if more or backwards else None,
        newer=_encode("<", rows[0], field) if position else None,
    )


def _beyond(field, value, key, falling):
    compare = "lt" if falling else "gt"
    # The first condition alone would be enough for the truth; it is there so that the index is walked, not scanned.
    return Q(**{f"{field}__{compare}e": value}) & (
        Q(**{f"{field}__{compare}": value}) | Q(**{field: value, f"pk__{compare}": key})
    )


def _encode(direction, row, field):
    value = getattr(row, field)
    if isinstance(value, datetime):
        value = value.isoformat()
    return base64.urlsafe_b64encode(json.dumps([direction, value, row.pk]).encode()).decode().rstrip("=")


def _decode(cursor, field):
    """[direction, value, key], or None for anything that _encode did not make."""
    if not cursor or len(cursor) > 300:
        return None
    try:
        direction, value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = _moment(value) if isinstance(field, DateTimeField) else field.to_python(value)
        known = direction in ("<", ">") and value is not None and type(key) is int and 0 < key < 2**63
        return (direction, value, key) if known and "\x00" not in str(value).encode().decode() else None
    except (ValueError, TypeError, ArithmeticError, binascii.Error, RecursionError, ValidationError):
        return None


def _moment(text):
    """The moment in UTC, or None. Raises OverflowError at the ends of the calendar."""
    moment = parse_datetime(text)
    return moment and moment.astimezone(UTC)
