from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q
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
    search_help_text = _("Number of an event, of a request or of an obstacle, or the name of a person or an office.")
    date_hierarchy = "at"

    def get_search_results(self, request, queryset, search_term):
        """Those found as inherited, and those about the thing of this number."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return (found | queryset.filter(_about_number(search_term)) if search_term else found), may_repeat

    @admin.display(description=_("what"), ordering="verb")
    def words(self, event):
        return event.words


def _about_number(text):
    """A condition on events: their subject, of whatever kind, has this number."""
    about = Q(pk__in=[])
    for model in apps.get_models():
        if any(field.name == "number" and isinstance(field, CharField) for field in model._meta.concrete_fields):
            keys = model._default_manager.filter(number=text.strip().upper()).values("pk")
            about |= Q(subject_type=ContentType.objects.get_for_model(model), subject_id__in=keys)
    return about


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    list_display = ["series", "region", "year", "last"]
    list_filter = ["series", "year"]
    list_select_related = ["region"]
