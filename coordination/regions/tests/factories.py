"""Regions for tests: `region("32.73.01.1001")` makes the village and everything above it."""

from django.db.models import Func, Value

from coordination.regions.models import Level, Region, TimeZone
from coordination.regions.searching import lexemes

WIT_PROVINCES = {"81", "82", *map(str, range(91, 97))}
WITA_PROVINCES = {"51", "52", "53", "63", "64", "65", *map(str, range(71, 77))}


def _zone(province):
    if province in WIT_PROVINCES:
        return TimeZone.WIT
    return TimeZone.WITA if province in WITA_PROVINCES else TimeZone.WIB


def region(code, name=None, **fields):
    """The region of this code, with all regions above it; made when missing."""
    found = Region.objects.filter(code=code).first()
    if found:
        return found
    above, _dot, _last = code.rpartition(".")
    parent = region(above) if above else None
    name = name or f"{Level(code.count('.') + 1).label} {code}"
    full_name = f"{name}, {parent.full_name}" if parent else name
    made = Region.objects.create(
        code=code,
        name=name,
        full_name=full_name,
        level=code.count(".") + 1,
        parent=parent,
        path=f"{code}.",
        time_zone=_zone(code[:2]),
        **fields,
    )
    Region.objects.filter(pk=made.pk).update(search=Func(Value(lexemes(name, code)), function="array_to_tsvector"))
    return made
