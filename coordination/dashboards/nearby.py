"""Reads whose time does not grow with what lies elsewhere: the first rows of a region, and the regions around one.

Asked for "the newest five in here", a database either walks all rows from the newest on, which takes seconds where a
region has few, or sorts all that the region has. Here each region at or below is asked for its own first five by an
index that begins with the region, and only these are sorted.
"""

from typing import NamedTuple

from django.db.models import BooleanField, IntegerField, OuterRef, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from coordination.dashboards.figures import EDITION
from coordination.dashboards.keeping import COUNTRY
from coordination.networks.models import RegionLevel
from coordination.obstacles.models import Obstacle
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.distances import distance_km
from coordination.regions.models import Level, Region

NEIGHBOURS = 6
# Nearest in degrees are nearest in kilometres but for 2 % in the far south, so that a few more are looked at.
LOOKED_AT = 4 * NEIGHBOURS
# Of the newest rows of the country, in which most provinces find their own.
WALKED = 2000
# Of the map of the country; null before anybody counted.
KEPT = """
    SELECT (SELECT COALESCE(sum((numbers->>0)::int), 0) FROM jsonb_each(figures->'below') AS part(below, numbers)
        WHERE starts_with(below, regions_region.path))
    FROM dashboards_regionfigures WHERE path = %s AND edition = %s
"""


class Number(Subquery):
    """How many rows a queryset has, read along with other rows instead of in a query of its own."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def first_of(region, *parts, most):
    """A condition: the row is among the first `most` at or below the region.

    Each part is (rows, order): a queryset of the same model with a region, and the two columns it is ordered by, such
    as ("-created_at", "-id"). Each part gives its own first rows.
    """
    made = [_first_keys(region, rows, order, most) for rows, order in parts]
    keys = " UNION ALL ".join(f"({sql})" for sql, _values in made)
    # An array, so that the rows are looked up by their keys whatever the planner believes of their number.
    key = f"{parts[0][0].model._meta.db_table}.id = ANY(ARRAY({keys}))"
    return RawSQL(key, [value for _sql, values in made for value in values], BooleanField())


def _first_keys(region, rows, order, most):
    """(SQL, values) of the keys of the first rows."""
    inner = rows.order_by(*order).values_list(*(name.removeprefix("-") for name in order))
    by = ", ".join(f"{name.removeprefix('-')}{' DESC' * name.startswith('-')}" for name in order)
    found, values = _of_each_region(inner, region.path, most)
    if region.level > Level.PROVINCE:
        return f"SELECT found.id {found} ORDER BY {by} LIMIT {most}", values
    # A province has up to 9,000 regions below and as a rule something new: they are asked only where it has not.
    walked, walked_values = _walked(inner, by, region.path, most)
    sql = f"""
        WITH newest AS MATERIALIZED ({walked})
        SELECT id FROM newest
        UNION ALL (SELECT found.id {found} AND (SELECT COUNT(*) FROM newest) < {most} ORDER BY {by} LIMIT {most})
    """
    return sql, [*walked_values, *values]


def _walked(rows, by, path, most):
    """(SQL, values) of the first rows of a path among the first WALKED rows of the whole table."""
    table = rows.model._meta.db_table
    sql, values = rows.filter(region__path__startswith=path)[:most].query.sql_with_params()
    some = f"(SELECT * FROM {table} ORDER BY {by} LIMIT {WALKED}) AS {table}"
    walked = sql.replace(f'FROM "{table}"', f"FROM {some}")
    return f"SELECT id FROM ({walked}) AS found", values


def number_in(region, rows, most):
    """How many of `rows` lie at or below the region, as an expression; counting stops at `most`."""
    found, values = _of_each_region(rows.order_by().values_list("id"), region.path, most)
    return RawSQL(f"SELECT COUNT(*) FROM (SELECT 1 {found} LIMIT {most}) AS counted", values, IntegerField())


def _of_each_region(rows, path, most):
    """("FROM …", values): the first `most` of the rows of each region at or below the path, as `found`."""
    sql, values = rows.filter(region=RawSQL("place.id", ()))[:most].query.sql_with_params()
    sql = f"FROM regions_region AS place CROSS JOIN LATERAL ({sql}) AS found WHERE place.path LIKE %s"
    return sql, [*values, f"{path}%"]


class Neighbour(NamedTuple):
    """A region of the same level. Of one that is not open, outside the jurisdiction, only the name may be shown."""

    region: Region
    km: float
    is_open: bool
    level: str  # a NetworkLevel; "" for not measured
    obstacles: int | None  # standing ones of the network; None where nobody has counted yet


def neighbours_of(user, region):
    """The nearest regions of the same level, the nearest first; none where the place of this one is unknown."""
    if region.latitude is None or region.longitude is None:
        return []
    rows = Region.objects.current().filter(level=region.level, latitude__isnull=False, longitude__isnull=False)
    away = RawSQL("point(longitude, latitude) <-> point(%s, %s)", (region.longitude, region.latitude))
    rows = _with_facts(rows.exclude(pk=region.pk).order_by(away), region.level)[:LOOKED_AT]
    here, jurisdiction = (region.latitude, region.longitude), Jurisdiction.of(user)
    found = [
        Neighbour(row, distance_km(*here, row.latitude, row.longitude), jurisdiction.covers(row), row.shown, row.number)
        for row in rows
    ]
    return sorted(found, key=lambda neighbour: (neighbour.km, neighbour.region.path))[:NEIGHBOURS]


def _with_facts(regions, level):
    """These regions of one level with the level of their network (`shown`) and their standing obstacles of the
    network (`number`): counted below regencies, and else as they are kept of the country."""
    network = RegionLevel.objects.filter(region=OuterRef("pk")).values("level")
    regions = regions.annotate(shown=Coalesce(Subquery(network), Value("")))
    if level <= Level.REGENCY:
        return regions.annotate(number=RawSQL(KEPT, (COUNTRY, EDITION), IntegerField()))
    standing = Obstacle.objects.standing().of_the_network().order_by()
    places = ("region", "region__parent")
    return regions.annotate(
        number=sum((Number(standing.filter(**{at: OuterRef("pk")}).values("pk")) for at in places), Value(0))
    )
