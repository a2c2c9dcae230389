"""Charts without a library: bars and lines of a few bytes, drawn beside the numbers that they show.

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
def line(values):
    """A line through the values from the oldest to the newest, from 0 to the largest; a gap where one is None."""
    most = max((value for value in values if value is not None), default=0) or 1
    step = WIDTH / max(len(values) - 1, 1)
    path, pen_is_up = "", True
    for place, value in enumerate(values):
        if value is None:
            pen_is_up = True
            continue
        path += f"{'M' if pen_is_up else 'L'}{step * place:.0f} {HEIGHT - HEIGHT * value / most:.0f}"
        pen_is_up = False
    return format_html(
        '<svg class="line" viewBox="-2 -2 104 34" preserveAspectRatio="none" aria-hidden="true"><path d="{}"/></svg>',
        path,
    )
