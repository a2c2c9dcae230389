"""Imports in the admin: read here, sent and decided on the portal's pages. Each kind registers its own."""

from coordination.common.admin import ReadOnlyAdmin
from coordination.history.showing import EventsShown


class BatchAdmin(EventsShown, ReadOnlyAdmin):
    """The file itself stays behind the portal's own check of the rights."""

    list_display = ["created_at", "name", "state", "rows", "faulty", "new", "changed", "same", "official", "office"]
    list_filter = ["state"]
    search_fields = ["name", "office__name"]
    list_select_related = ["official", "office"]
    exclude = ["file"]
    readonly_fields = ["created_at"]
    date_hierarchy = "created_at"
