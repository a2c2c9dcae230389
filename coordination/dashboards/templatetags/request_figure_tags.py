"""The figures of requests in a page."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html

from coordination.dashboards import showing_requests

register = template.Library()


@register.simple_tag
def requests_shown(figures, region):
    """RequestsShown of the kept figures of a region, or of the country for None."""
    return showing_requests.show(figures, region)


@register.simple_tag
def figure(shown):
    """A number as a link to the list behind it; there is none behind 0."""
    return format_html('<a href="{}">{}</a>', shown.address, intcomma(shown.number)) if shown.number else "0"
