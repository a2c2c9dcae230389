"""Charts without a library: bars and columns of a few bytes, drawn beside the numbers that they show.

A chart is hidden from screen readers: the table or the list that it stands in says the same in words.
"""

from django import template
from django.utils.html import format_html

register = template.Library()
WIDTH, HEIGHT = 100, 30


@register.simple_tag
def bar(value, most):
    """A bar as long as `value` is of `most`; nothing to draw of None or where all are 0."""
    length = WIDTH * value / most if value and most else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><path d="M0 3H{}"/></svg>',
        f"{length:.0f}",
    )


@register.simple_tag
def columns(values):
    """A column for each value, from 0 to the largest, on a ground line; none where a value is 0 or None."""
    most, step = max(filter(None, values), default=0), WIDTH / max(len(values), 1)
    path = "".join(
        f"M{step * (place + 0.5):.0f} {HEIGHT}V{HEIGHT - HEIGHT * value / most:.0f}"
        for place, value in enumerate(values)
        if value
    )
    return format_html(
        '<svg class="columns" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true"><path d="{}"/></svg>',
        path,
    )
