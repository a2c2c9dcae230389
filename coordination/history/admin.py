from django.contrib import admin

from coordination.common.admin import ReadOnlyAdmin
from coordination.history.models import Event, NumberSeries


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The history of everything, for superusers; officials read it on the pages of what it is about."""

    list_display = ["sequence", "at", "actor", "office", "verb", "from_state", "to_state"]
    list_filter = ["verb", "subject_type", "at"]
    search_fields = ["=sequence", "actor__username", "actor__name", "office__name"]
    list_select_related = ["actor", "office", "subject_type"]
    date_hierarchy = "at"


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    list_display = ["series", "region", "year", "last"]
    list_filter = ["series", "year"]
    list_select_related = ["region"]
