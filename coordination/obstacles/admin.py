from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from coordination.common.admin import ReadOnlyAdmin
from coordination.history.showing import EventsShown
from coordination.obstacles.models import Obstacle, Participation, Photo


@admin.register(Obstacle)
class ObstacleAdmin(EventsShown, ReadOnlyAdmin):
    """Read here; reported, changed and moved on the portal's pages, which keep the history."""

    list_display = ["number", "kind", "region", "state", "office", "created_at"]
    list_filter = ["state", "kind", "form"]
    search_fields = ["number", "region_name", "description"]
    list_select_related = ["region", "office"]
    exclude = ["search"]
    readonly_fields = ["number", "state", "measure", "merged_into", "created_at", "updated_at", "version"]
    date_hierarchy = "created_at"


@admin.register(Participation)
class ParticipationAdmin(ReadOnlyAdmin):
    list_display = ["obstacle", "office", "official", "created_at"]
    search_fields = ["obstacle__number", "office__name"]
    list_select_related = ["obstacle", "office", "official"]


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    list_display = ["name", "obstacle", "added_by", "size", "created_at"]
    search_fields = ["name", "obstacle__number"]
    list_select_related = ["obstacle", "added_by"]
    fields = ["name", "obstacle", "added_by", "content_type", "size", "sha256", "opened"]
    readonly_fields = ["opened"]

    @admin.display(description="URL")
    def opened(self, row):
        """Where the portal serves the file after its own check of the rights."""
        address = reverse("obstacles:photo", args=[row.obstacle.number, row.key])
        return format_html('<a href="{}">{}</a>', address, address)
