"""The dots of the map: a shape for each level, a mark for each thing to do."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coordination.networks.choices import NetworkLevel
from coordination.obstacles.filters import Origin
from coordination.requests.filters import Deadline

register = template.Library()


@register.filter
def level_words(level):
    """A level in words; a pill in each of 600 rows would weigh more than all else on the page."""
    return _level_words(get_language(), level)


# A page says the same words hundreds of times, and each of them twice.
@lru_cache
def _level_words(_language, level):
    return str(NetworkLevel(level).label) if level else _("Not measured yet")


def dot_title(dot):
    """What a dot tells: "Kota Bandung: Lemah, 3 hambatan, 1 kegiatan berisiko"."""
    return f"{dot.name}: {', '.join([level_words(dot.level), *counted(dot.counts)])}"


@register.filter
def counted(counts):
    """The words of what there is, such as ["3 hambatan"]."""
    return _counted(get_language(), counts)


@lru_cache(maxsize=2048)
def _counted(_language, counts):
    obstacles, at_risk, late = counts
    words = []
    if obstacles:
        words.append(ngettext("%(n)s obstacle", "%(n)s obstacles", obstacles) % {"n": obstacles})
    if at_risk:
        words.append(ngettext("%(n)s activity at risk", "%(n)s activities at risk", at_risk) % {"n": at_risk})
    if late:
        words.append(ngettext("%(n)s late request", "%(n)s late requests", late) % {"n": late})
    return words


# Written out, since format_html takes 80 ms for the thousands of parts; names alone are typed by anybody. Ends of cells
# and rows are left out, as HTML allows: they would be a tenth of the page.
@register.simple_tag
def map_rows(shown):
    """The same as rows of a table: each region, its level, and what there is to do as numbers linked to the lists."""
    regions, lists = reverse("regions"), _lists()
    return mark_safe(  # escaped part by part
        "\n".join(
            f'<tr><th scope="row"><a href="{regions}{dot.code}/">{escape(dot.name)}</a>'
            f"<td>{level_words(dot.level)}{_numbers(dot, lists)}"
            for dot in shown.dots
        )
    )


def _lists():
    """The beginning and the end of the address of each list, around the code of a region; looked up once a page."""
    return (
        (f"{reverse('obstacles:list')}?region=", f"&amp;origin={Origin.STANDING.value}"),
        (f"{reverse('forecast:list')}?region=", ""),
        (f"{reverse('requests:list')}?region=", f"&amp;deadline={Deadline.PAST.value}"),
    )


def _numbers(dot, lists):
    return "".join(
        f'<td><a href="{begin}{dot.code}{end}">{number}</a>' if number else "<td>"
        for (begin, end), number in zip(lists, dot.counts, strict=True)
    )


@register.simple_tag
def map_dots(shown):
    """The dots as links, each with its title, drawn with the shapes of dashboards/_shapes.html."""
    regions = reverse("regions")
    return mark_safe(  # escaped part by part
        "\n".join(
            f'<a href="{regions}{dot.code}/"><title>{escape(dot_title(dot))}</title>'
            f'<use href="#{_shape(dot)}" x="{dot.x}" y="{dot.y}"/></a>'
            for dot in shown.placed
        )
    )


@register.simple_tag
def map_shapes(shown):
    """Each level with the marks beside it as one shape: with one for each part the page would be 3 % larger."""
    return mark_safe("".join(map(_combined, sorted({_shape(dot) for dot in shown.placed}))))  # levels and signs of ours


def _shape(dot):
    """Such as "weak" or "weak-OT", in which map.js finds the level and the signs."""
    marks = "".join(mark for mark, number in zip("ORT", dot.counts, strict=True) if number)
    return "-".join(filter(None, (dot.level or "U", marks)))


def _combined(shape):
    level, _dash, marks = shape.partition("-")
    parts = "".join(f'<use href="#{part}"/>' for part in (level, *marks))
    return f'<g id="{shape}">{parts}</g>' if marks else ""
