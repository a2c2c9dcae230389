from django.contrib import admin

from coordination.common.admin import ReadOnlyAdmin
from coordination.requests.models import CoordinationRequest


@admin.register(CoordinationRequest)
class CoordinationRequestAdmin(ReadOnlyAdmin):
    """Read here; filed, changed and moved on the portal's pages, which keep rules and history."""

    list_display = ["number", "subject", "region", "state", "urgency", "handling_office", "due_at"]
    list_filter = ["state", "urgency"]
    search_fields = ["number", "subject", "region_name"]
    list_select_related = ["region", "filing_office", "handling_office"]
    exclude = ["search"]
    date_hierarchy = "created_at"
