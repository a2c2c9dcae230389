from django.contrib import admin

from coordination.common.admin import ReadOnlyAdmin
from coordination.regions.models import EarlierCode, OtherName, Region


class EarlierCodeInline(admin.TabularInline):
    model = EarlierCode
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


class OtherNameInline(EarlierCodeInline):
    model = OtherName


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    """Regions come from the reference (manage.py load_regions), so they are only read here."""

    list_display = ["code", "name", "level", "time_zone", "population", "valid_to"]
    list_filter = ["level", "time_zone"]
    search_fields = ["code", "name"]
    list_select_related = ["parent"]
    raw_id_fields = ["parent"]
    exclude = ["search"]
    inlines = [EarlierCodeInline, OtherNameInline]
    ordering = ["path"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(pk__in=Region.objects.search(search_term).values("pk")), False

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    def has_module_permission(self, request):
        return request.user.is_staff

    def get_queryset(self, request):
        return Region.objects.all()
