"""The calendar as superusers keep it. A change has all deadlines that depend on it computed anew."""

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin

from coordination.common.admin import ScopedAdmin
from coordination.people.admin_forms import VersionForm
from coordination.regions.forms import RegionField
from coordination.regions.models import Region
from coordination.workdays import calendars
from coordination.workdays.models import CalendarYear, DayOff, Ramadan


class DayOffForm(VersionForm):
    region = RegionField(required=False)

    class Meta:
        model = DayOff
        fields = ["day", "region", "kind", "name", "is_off", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].regions = Region.objects.all()
        self.fields["region"].help_text = DayOff._meta.get_field("region").help_text
        self.initial["region"] = self.instance.region


class CalendarAdmin(ScopedAdmin):
    """For superusers, since the calendar is the country's. The admin's own log tells who changed what."""

    form = VersionForm

    def save_model(self, request, obj, form, change):
        obj.version += change
        calendars.change(lambda: ModelAdmin.save_model(self, request, obj, form, change))


@admin.register(DayOff)
class DayOffAdmin(CalendarAdmin):
    form = DayOffForm
    list_display = ["day", "name", "kind", "region", "is_off", "source"]
    list_filter = ["kind", "is_off", ("region", admin.EmptyFieldListFilter)]
    list_select_related = ["region"]
    search_fields = ["name", "region__full_name"]
    date_hierarchy = "day"


@admin.register(CalendarYear)
class CalendarYearAdmin(CalendarAdmin):
    list_display = ["year", "is_complete", "source"]


@admin.register(Ramadan)
class RamadanAdmin(CalendarAdmin):
    list_display = ["first_day", "last_day", "is_observed", "source"]
