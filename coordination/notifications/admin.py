from django.contrib import admin

from coordination.common.admin import ReadOnlyAdmin
from coordination.notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["addressee", "event", "created_at", "read_at", "mailed_at"]
    list_select_related = ["addressee", "event"]
    search_fields = ["addressee__username"]
