"""The dots of the map: a shape for each level, a mark for each thing to do."""

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.networks.choices import NetworkLevel
from coordination.obstacles.filters import Origin
from coordination.requests.filters import Deadline

register = template.Library()


@register.filter
def level_words(level):
    """A level in words; a pill in each of 600 rows would weigh more than all else on the page."""
    return NetworkLevel(level).label if level else _("Not measured yet")


def dot_title(dot):
    """What a dot tells: "Kota Bandung: Lemah, 3 hambatan, 1 kegiatan berisiko"."""
    return f"{dot.name}: {', '.join([str(level_words(dot.level)), *counted(dot.counts)])}"


@register.filter
def counted(counts):
    """The words of what there is, such as ["3 hambatan"]."""
    obstacles, at_risk, late = counts
    words = []
    if obstacles:
        words.append(ngettext("%(n)s obstacle", "%(n)s obstacles", obstacles) % {"n": obstacles})
    if at_risk:
        words.append(ngettext("%(n)s activity at risk", "%(n)s activities at risk", at_risk) % {"n": at_risk})
    if late:
        words.append(ngettext("%(n)s late request", "%(n)s late requests", late) % {"n": late})
    return words


@register.simple_tag
def links_of(dot):
    """The same words, each as a link to the list behind it."""
    lists = (
        f"{reverse('obstacles:list')}?region={dot.code}&origin={Origin.STANDING.value}",
        f"{reverse('forecast:list')}?region={dot.code}",
        f"{reverse('requests:list')}?region={dot.code}&deadline={Deadline.PAST.value}",
    )
    there_is = [address for address, number in zip(lists, dot.counts, strict=True) if number]
    return format_html_join(", ", '<a href="{}">{}</a>', zip(there_is, counted(dot.counts), strict=True))


@register.simple_tag
def map_dots(shown):
    """The dots as links, each with its title; the shapes are those of dashboards/_shapes.html."""
    return format_html_join(
        "\n",
        '<a href="{}"><title>{}</title>{}</a>',
        ((_address(dot), dot_title(dot), _shapes(dot)) for dot in shown.placed),
    )


def _address(dot):
    return reverse("region", args=[dot.code])


def _shapes(dot):
    marks = [mark for mark, number in zip("ort", dot.counts, strict=True) if number]
    return format_html_join(
        "", '<use href="#{}" x="{}" y="{}"/>', ((name, dot.x, dot.y) for name in [dot.level or "u", *marks])
    )
