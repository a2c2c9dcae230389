from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from coordination.batches.admin import BatchAdmin
from coordination.common.admin import ReadOnlyAdmin
from coordination.history.showing import EventsShown
from coordination.networks.models import (
    Assessment,
    ImportBatch,
    Operator,
    OutageBatch,
    PlannedOutage,
    RegionLevel,
    Screenshot,
    StatedLevel,
    Threshold,
)


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


@admin.register(ImportBatch)
class ImportBatchAdmin(BatchAdmin):
    list_filter = ["kind", *BatchAdmin.list_filter]
    search_fields = ["source", *BatchAdmin.search_fields]


@admin.register(OutageBatch)
class OutageBatchAdmin(BatchAdmin):
    pass


@admin.register(StatedLevel)
class StatedLevelAdmin(ReadOnlyAdmin):
    """What lists state; a superseded row counts no longer."""

    list_display = ["region", "level", "source", "stated_on", "operator", "superseded_by"]
    list_filter = ["level"]
    search_fields = ["region__code", "source"]
    list_select_related = ["region", "operator", "superseded_by"]


@admin.register(RegionLevel)
class RegionLevelAdmin(ReadOnlyAdmin):
    """What each region shows, and from what it follows."""

    list_display = ["region", "level", "is_derived", "newest_at", "strong", "medium", "weak", "no_signal"]
    list_filter = ["level", "is_derived"]
    search_fields = ["region__code", "region__name"]
    list_select_related = ["region"]
