"""Conditions that are written so that the database finds its way."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q
from django.db.models.functions import Coalesce


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


def first_of(rows, *order, number, few=False):
    """The first `number` of `rows` in this `order` of columns, "-" before one that falls.

    They are found by their keys alone and only then joined with what belongs to them: who joins all that fit before
    the first are chosen pays for each. `few`: they are few among many, so that all of them are gathered and sorted.
    The planner, who takes them for more, would walk through the newest of all until it has met enough of them.
    """
    sorting = map(_unindexed, order) if few else order
    keys = rows.order_by(*sorting).values("pk")[:number]
    return rows.filter(Q(_EqualsAny("pk", ArraySubquery(keys)))).order_by(*order)


def _unindexed(name):
    """The same order, by an expression that no index has."""
    column = F(name.removeprefix("-"))
    expression = Coalesce(column, column)
    return expression.desc() if name.startswith("-") else expression.asc()
