"""The words of the public pages: merged numbers, sources without persons, and what works."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from coordination.dashboards.public.pages import day_of, source_of
from coordination.forecast.choices import Risk
from coordination.networks.levels import PARAMETERS

register = template.Library()

VERDICTS = {
    Risk.LOW: ("closed", "●", pgettext_lazy("online", "Works")),
    Risk.MEDIUM: ("near", "△", pgettext_lazy("online", "Works with care")),
    Risk.HIGH: ("late", "▲", pgettext_lazy("online", "Better not")),
    Risk.UNKNOWN: ("draft", "?", Risk.UNKNOWN.label),
}


@register.simple_tag
def merged_number(number):
    """ "7" or "1–4" """
    return intcomma(number.least) if number.is_exact else f"{number.least}–{number.most}"


@register.simple_tag
def level_day(network, region):
    """The day of the level and its age: "20 November 2026, 9 hari yang lalu"; the newest of several days."""
    day = day_of(network, region)
    return f"{date_format(day)}, {_('%(age)s ago') % {'age': timesince(day, depth=1)}}"


@register.simple_tag
def level_source(network):
    """The name of a list, or that offices measured."""
    return source_of(network)


@register.simple_tag
def verdict_pill(risk):
    """Whether something works: sign and word."""
    tone, sign, words = VERDICTS[Risk(risk)]
    return format_html('<span class="pill pill-{}"><span aria-hidden="true">{}</span> {}</span>', tone, sign, words)


@register.simple_tag
def needed(requirement):
    """What something needs of the network: "Unduh ≥ 3,2 Mbps, Latensi ≤ 150 ms"."""
    if requirement is None:
        return "–"
    known = [(each, getattr(requirement, each.name)) for each in PARAMETERS]
    return ", ".join(
        f"{each.label} {'≥' if each.more_is_better else '≤'} {each.text(value)}" for each, value in known if value
    )
