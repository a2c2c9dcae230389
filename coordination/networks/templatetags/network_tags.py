"""The words and signs of network levels, the same on every page."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

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
