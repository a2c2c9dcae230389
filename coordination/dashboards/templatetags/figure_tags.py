"""Numbers that lead to the list behind them."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def behind_it(address, number, query):
    """A number as a link to the list at `address` that shows as many rows; there is nothing behind 0."""
    return format_html('<a href="{}{}">{}</a>', address, query, intcomma(number)) if number else "0"


@register.simple_tag
def figure(shown):
    """The same of something that has a number and the whole address of its list."""
    return behind_it(shown.address, shown.number, "")


@register.filter
def percent_of(number, whole):
    """How many in a hundred; None of nothing."""
    return 100 * number / whole if whole else None
