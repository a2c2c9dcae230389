from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from coordination.common.admin import ReadOnlyAdmin
from coordination.history.choices import VERBS
from coordination.history.models import Event, NumberSeries


class VerbFilter(admin.SimpleListFilter):
    """What was done, in the words of the history."""

    title = _("what")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return list(VERBS.items())

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The history of everything, for superusers; officials read it on the pages of what it is about."""

    list_display = ["sequence", "at", "actor", "office", "words"]
    ordering = ["-sequence"]
    list_filter = [VerbFilter, "subject_type"]
    search_fields = ["=sequence", "actor__username", "actor__name", "office__name"]
    list_select_related = ["actor", "office", "subject_type"]
    date_hierarchy = "at"

    @admin.display(description=_("what"), ordering="verb")
    def words(self, event):
        return event.words


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    list_display = ["series", "region", "year", "last"]
    list_filter = ["series", "year"]
    list_select_related = ["region"]
