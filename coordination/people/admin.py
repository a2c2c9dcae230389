"""Offices, officials and invitations in the admin; the rules are those of the pages."""

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

from coordination.common.admin import ReadOnlyAdmin, VersionedAdmin, VersionForm
from coordination.common.errors import DomainError
from coordination.history.recording import record
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Invitation, Office, Official
from coordination.people import accounts
from coordination.people.resources import OfficeResource, OfficialResource


class ListsMixin(ImportExportMixin):
    """Import with a dry run, export without formulas, both in the importing person's jurisdiction."""

    formats = import_formats = export_formats = [CSV, XLSX]

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    def get_import_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}

    def get_export_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}

    def has_import_permission(self, request):
        return self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)


class InJurisdiction:
    """Refuses a region or office outside the person's jurisdiction, also when it was forged."""

    def clean(self):
        cleaned = super().clean()
        jurisdiction, office = Jurisdiction.of(self.actor), cleaned.get("office")
        if office and not Office.objects.visible_to(self.actor).filter(pk=office.pk).exists():
            self.add_error("office", _("This office is outside your jurisdiction."))
        if "region" in cleaned and not jurisdiction.everywhere:
            region = cleaned["region"]
            if region is None or not jurisdiction.covers(region):
                self.add_error("region", _("This region is outside your jurisdiction."))
        return cleaned


class OfficeForm(InJurisdiction, VersionForm):
    class Meta:
        model = Office
        fields = ["kind", "region", "name", "address", "email", "phone", "superior", "valid_from", "valid_to"]


class OfficialForm(InJurisdiction, VersionForm):
    class Meta:
        model = Official
        fields = ["username", "name", "office", "role", "position", "email", "phone", "is_staff"]


class RecordedAdmin(VersionedAdmin):
    """Writes each change into the history, in its transaction."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        office = obj if isinstance(obj, Office) else obj.office
        data = {"moves": True, "changed": form.changed_data}
        record(obj, "change" if change else "create", actor=request.user, office=office, data=data)


@admin.register(Office)
class OfficeAdmin(ListsMixin, RecordedAdmin):
    form = OfficeForm
    resource_classes = [OfficeResource]
    list_display = ["name", "kind", "region", "superior", "valid_from", "valid_to"]
    list_filter = ["kind", "valid_to"]
    search_fields = ["name", "region__name", "region__code"]
    list_select_related = ["region", "superior"]
    raw_id_fields = ["region", "superior"]


@admin.register(Official)
class OfficialAdmin(ListsMixin, RecordedAdmin):
    form = OfficialForm
    resource_classes = [OfficialResource]
    list_display = ["username", "name", "office", "role", "is_active", "is_staff", "last_login"]
    list_filter = ["role", "is_active", "is_staff", "office__kind"]
    search_fields = ["username", "name", "office__name"]
    list_select_related = ["office"]
    raw_id_fields = ["office"]
    actions = ["deactivate", "reactivate"]

    def get_readonly_fields(self, request, obj=None):
        """Who administers is decided by superusers; nobody raises the own rights."""
        return [] if request.user.is_superuser else ["is_staff"]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(is_superuser=False)

    @admin.action(description=gettext_lazy("Deactivate and end all sessions"))
    def deactivate(self, request, rows):
        self._switch(request, rows, accounts.deactivate)

    @admin.action(description=gettext_lazy("Reactivate"))
    def reactivate(self, request, rows):
        self._switch(request, rows, accounts.reactivate)

    def _switch(self, request, rows, change):
        for row in rows:
            try:
                change(row, actor=request.user, version=row.version)
            except DomainError as error:
                messages.error(request, f"{row}: {error}")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Made and revoked on the page of the office, which shows the link once."""

    list_display = ["name", "office", "role", "invited_by", "expires_at", "used_at", "revoked_at"]
    list_select_related = ["office", "invited_by"]
    search_fields = ["name", "office__name"]
    exclude = ["token_sha256"]


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag"]
    list_select_related = ["user", "content_type"]
