"""The words and signs of network levels and planned outages, the same on every page."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.common.templatetags.portal_tags import state_pill
from coordination.networks.choices import NetworkLevel

register = template.Library()

# Bars that become fewer; signs that every phone has.
SIGNS = {
    NetworkLevel.STRONG: ("closed", "≡"),
    NetworkLevel.MEDIUM: ("near", "="),
    NetworkLevel.WEAK: ("critical", "−"),
    NetworkLevel.NO_SIGNAL: ("late", "×"),
}


@register.simple_tag
def level_pill(level):
    """A network level: sign and word; "not measured yet" for none."""
    if not level:
        return format_html('<span class="pill"><span aria-hidden="true">?</span> {}</span>', _("Not measured yet"))
    tone, sign = SIGNS[level]
    return format_html(
        '<span class="pill pill-{}"><span aria-hidden="true">{}</span> {}</span>',
        tone, sign, NetworkLevel(level).label,
    )  # fmt: skip


@register.simple_tag
def outage_pill(outage):
    """The state of a planned outage: sign and word; "over" once its time is past."""
    if not outage.is_over:
        return state_pill(outage)
    return format_html(
        '<span class="pill pill-cleared"><span aria-hidden="true">●</span> {}</span>', pgettext("outage", "Over")
    )
