from django.contrib import admin

from coordination.common.admin import ReadOnlyAdmin
from coordination.uploads.models import Upload


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """Files on their way, for superusers; what is whole stands with its obstacle or request."""

    list_display = ["name", "owner", "received", "size", "created_at", "finished_at", "ended_at"]
    list_filter = [("finished_at", admin.EmptyFieldListFilter), ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__username"]
    date_hierarchy = "created_at"
