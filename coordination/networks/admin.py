from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from coordination.common.admin import ReadOnlyAdmin
from coordination.history.showing import EventsShown
from coordination.networks.models import Assessment, Operator, PlannedOutage, Screenshot, Threshold


@admin.register(Operator)
class OperatorAdmin(ReadOnlyAdmin):
    list_display = ["name", "valid_from", "valid_to", "successor"]
    search_fields = ["name"]
    list_select_related = ["successor"]


@admin.register(Threshold)
class ThresholdAdmin(ReadOnlyAdmin):
    """Read only for now: a change would judge new measurements otherwise than those on record."""

    list_display = [
        "level", "least_download_mbps", "least_upload_mbps", "most_latency_ms", "most_jitter_ms", "most_loss_percent",
    ]  # fmt: skip


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ["measured_at", "region", "level", "operator", "method", "office"]
    list_filter = ["level", "method", "technology"]
    search_fields = ["region__full_name", "place"]
    list_select_related = ["region", "operator", "office"]
    readonly_fields = ["level"]
    date_hierarchy = "measured_at"


@admin.register(Screenshot)
class ScreenshotAdmin(ReadOnlyAdmin):
    list_display = ["name", "assessment", "added_by", "size", "created_at"]
    search_fields = ["name", "assessment__place"]
    list_select_related = ["assessment__region", "added_by"]
    fields = ["name", "assessment", "added_by", "content_type", "size", "sha256", "opened"]
    readonly_fields = ["opened"]

    @admin.display(description="URL")
    def opened(self, row):
        """Where the portal serves the file after its own check of the rights."""
        address = reverse("networks:screenshot", args=[row.assessment.key, row.key])
        return format_html('<a href="{}">{}</a>', address, address)


@admin.register(PlannedOutage)
class PlannedOutageAdmin(EventsShown, ReadOnlyAdmin):
    list_display = ["number", "state", "kind", "provider", "starts_at", "ends_at", "office"]
    list_filter = ["state", "kind", "impact"]
    search_fields = ["number", "provider", "reference"]
    list_select_related = ["office"]
    readonly_fields = ["number", "created_at", "updated_at", "version"]
    date_hierarchy = "starts_at"
