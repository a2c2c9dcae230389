"""Conditions that are written so that the database finds its way."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, Q


class _EqualsAny(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def found_by(column, rows):
    """The condition that a column holds one of the keys of `rows`, or of their one value.

    The same as `column__in`, but by an array: of conditions joined by OR each is then looked up in an index of its own,
    where of subqueries the planner believes that half of the table fits.
    """
    keys = rows.order_by() if rows.query.values_select else rows.order_by().values("pk")
    return Q(_EqualsAny(column, ArraySubquery(keys)))


def first_of(rows, *order, number):
    """The first `number` of `rows` in this `order` of columns, "-" before one that falls.

    They are found by their keys alone and only then joined with what belongs to them: who joins all that fit before
    the first are chosen pays for each.
    """
    keys = rows.order_by(*order).values("pk")[:number]
    return rows.filter(Q(_EqualsAny("pk", ArraySubquery(keys)))).order_by(*order)
