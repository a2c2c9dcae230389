"""The history of a row in the admin: its newest events on its page, all of them behind the button."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from coordination.common.templatetags.portal_tags import local_time
from coordination.history.models import Event

SHOWN_EVENTS = 10
EVENTS_A_PAGE = 100


class EventsShown:
    """For admin classes of models whose changes are recorded. Django's own log stays empty for most of them.

    What one office notes for itself alone is shown to nobody else, here as on the pages.
    """

    object_history_template = "admin/history/events.html"

    def get_object(self, request, object_id, from_field=None):
        """As inherited; the row knows who reads it, which the columns of its page are not told."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.reader = request.user
        return row

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "recent_events"]

    @admin.display(description=_("history"))
    def recent_events(self, row):
        lines = ((local_time(event.at), event.actor or "", event.words) for event in _events(row)[:SHOWN_EVENTS])
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {} {}</li>", lines))

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        pages = Paginator(_events(row) if row is not None else Event.objects.none(), EVENTS_A_PAGE)
        shown = {"events": pages.get_page(request.GET.get("p"))}
        return super().history_view(request, object_id, (extra_context or {}) | shown)


def _events(row):
    """The events about the row that its reader may know of, the newest first."""
    events = Event.objects.about(row).readable_by(row.reader)
    return events.select_related("actor", "office").order_by("-sequence")
