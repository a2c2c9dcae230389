"""What every page of the admin keeps to: the jurisdiction, no deletion, no questions beside the filters."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest

# PostgreSQL's largest key has 19 digits; Python refuses to read a number of more than 4,300.
MOST_DIGITS = 19


def _can_be_key(text):
    """Whether the text can be read as a key; whether a row has it is another question."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


class ForgivingAutocomplete(AutocompleteSelect):
    """Shows its error beside a value that cannot be a key, where Django's own fails over it."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if not key or _can_be_key(str(key))], attr)


class ScopedAdmin(admin.ModelAdmin):
    """Rows within the jurisdiction, for every member of staff; nothing is ever deleted here.

    The rights follow from the person's office, not from permission rows. A model whose queryset has no `visible_to`
    is for superusers only.
    """

    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if hasattr(rows, "visible_to"):
            return rows.visible_to(request.user)
        return rows if request.user.is_superuser else rows.none()

    def _is_open_to(self, request):
        scoped = hasattr(self.model._default_manager.all(), "visible_to")
        return request.user.is_active and (request.user.is_superuser or request.user.is_staff and scoped)

    def has_module_permission(self, request):
        return self._is_open_to(request)

    def has_view_permission(self, request, obj=None):
        return self._is_open_to(request)

    def has_add_permission(self, request, obj=None):
        return self._is_open_to(request)

    def has_change_permission(self, request, obj=None):
        return self._is_open_to(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        rows = db_field.remote_field.model._default_manager.all()
        if "queryset" not in kwargs and hasattr(rows, "visible_to"):
            kwargs["queryset"] = rows.visible_to(request.user)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ForgivingAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changelist_instance(self, request):
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:  # a year that no calendar has
            raise IncorrectLookupParameters from error

    def response_action(self, request, queryset):
        if not all(map(_can_be_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest("a chosen row that cannot be")
        return super().response_action(request, queryset)

    def lookup_allowed(self, lookup, value, request):
        """Only the filters that the page offers: ?password__startswith=… would spell out a hash sign by sign."""
        filters = [*self.get_list_filter(request), *filter(None, [self.date_hierarchy])]
        names = [_name(entry) for entry in filters]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in names)


def _name(entry):
    """The parameter of an entry of list_filter: a field, a pair of field and class, or a filter class."""
    field = entry[0] if isinstance(entry, tuple) else entry
    return field if isinstance(field, str) else field.parameter_name


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that only the portal's own functions write."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
