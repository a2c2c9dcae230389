from django.contrib import admin

from coordination.common.admin import ReadOnlyAdmin
from coordination.notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Who was told what and when; for superusers, since an inbox is its owner's."""

    list_display = ["addressee", "event", "created_at", "read_at", "mailed_at", "withheld_at"]
    list_filter = [("read_at", admin.EmptyFieldListFilter), ("mailed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["addressee", "event"]
    search_fields = ["addressee__username", "addressee__name"]
    date_hierarchy = "created_at"
