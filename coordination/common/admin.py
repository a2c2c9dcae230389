"""What every page of the admin keeps to: the jurisdiction, no deletion, versions."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _


class ScopedAdmin(admin.ModelAdmin):
    """Rows within the jurisdiction, for every member of staff; nothing is ever deleted here.

    A model whose queryset has no `visible_to` is for superusers only.
    """

    list_per_page = 50
    show_full_result_count = False

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
        if hasattr(rows, "visible_to"):
            kwargs["queryset"] = rows.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that only the portal's own functions write."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class VersionForm(forms.ModelForm):
    """Carries the version that was seen; a change of another person in between is refused by the field."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            present = type(self.instance)._default_manager.select_for_update(of=("self",)).get(pk=self.instance.pk)
            if cleaned.get("seen_version") != present.version:
                raise ValidationError(
                    _("Somebody else changed this since you opened it. Open it anew in another window and compare.")
                )
        self.instance.version = (self.instance.version or 0) + (1 if self.instance.pk else 0)
        return cleaned


class VersionedAdmin(ScopedAdmin):
    """Rows with a version: two people never overwrite each other."""

    form = VersionForm

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [*fields, "seen_version"] if "seen_version" not in fields else fields

    @transaction.atomic
    def changeform_view(self, request, *args, **kwargs):
        return super().changeform_view(request, *args, **kwargs)
