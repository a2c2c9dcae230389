from django.contrib import admin

from coordination.common.admin import ReadOnlyAdmin
from coordination.obstacles.models import Obstacle


@admin.register(Obstacle)
class ObstacleAdmin(ReadOnlyAdmin):
    """Read here; reported, changed and moved on the portal's pages, which keep the history."""

    list_display = ["number", "kind", "region", "state", "office", "created_at"]
    list_filter = ["state", "kind", "form"]
    search_fields = ["number", "region_name", "description"]
    list_select_related = ["region", "office"]
    exclude = ["search"]
    date_hierarchy = "created_at"
