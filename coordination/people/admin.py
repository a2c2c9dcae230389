"""Offices, officials and invitations in the admin; what is written here goes through the rules of the pages."""

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.common import parking
from coordination.common.admin import ReadOnlyAdmin, ScopedAdmin
from coordination.common.errors import DomainError
from coordination.history.showing import EventsShown
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Absence, Invitation, Office, Official
from coordination.people import accounts, registers
from coordination.people.admin_forms import OfficeForm, OfficialForm
from coordination.people.importing import ListAdmin
from coordination.people.powers import may_manage_person, possible_superiors
from coordination.people.resources import OfficeResource, OfficialResource
from coordination.regions.models import Level, Region


class TierFilter(admin.SimpleListFilter):
    """The provinces of the country, or the regencies of one's own province."""

    title = gettext_lazy("region")
    parameter_name = "wilayah"
    path = "region__path"

    def lookups(self, request, model_admin):
        jurisdiction = Jurisdiction.of(request.user)
        level = Level.PROVINCE if jurisdiction.everywhere else Level.REGENCY
        below = jurisdiction.regions(Region.objects.current()).filter(level=level)
        return list(below.order_by("name").values_list("code", "name"))

    def queryset(self, request, queryset):
        return queryset.filter(**{f"{self.path}__startswith": f"{self.value()}."}) if self.value() else queryset


class OfficeTierFilter(TierFilter):
    path = "office__region__path"


class StaffedFilter(admin.SimpleListFilter):
    """The red list: offices in which nobody active can act."""

    title = gettext_lazy("people")
    parameter_name = "petugas"

    def lookups(self, request, model_admin):
        return [("tidak", _("Nobody active")), ("ada", _("Somebody active"))]

    def queryset(self, request, queryset):
        if self.value() == "tidak":
            return queryset.unstaffed()
        return queryset.staffed() if self.value() == "ada" else queryset


class RegisterAdmin(EventsShown, ListAdmin, ScopedAdmin):
    """Rows with a version, kept through `registers`; a refusal is told in a sentence and nothing is changed."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        known = {"actor": request.user, "refusal": getattr(request, "refusal", None), "kept": parking.parked(request)}
        return type(form.__name__, (form,), known)

    def get_fields(self, request, obj=None):
        shown = [*self.form.Meta.fields, "seen_version"]
        return [*shown, "recent_events"] if obj else shown

    def save_model(self, request, obj, form, change):
        registers.keep(obj, actor=request.user, version=form.cleaned_data["seen_version"])

    def changeform_view(self, request, *args, **kwargs):
        """As inherited; a refusal while saving is told by the same form, with everything that was typed."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            request.refusal = str(error)
        except IntegrityError:
            request.refusal = _(
                "Somebody saved something that contradicts this at the same moment. Nothing was changed."
            )
        return super().changeform_view(request, *args, **kwargs)


@admin.register(Office)
class OfficeAdmin(RegisterAdmin):
    form = OfficeForm
    resource_classes = [OfficeResource]
    list_display = ["name", "kind", "region", "superior", "valid_from", "valid_to"]
    list_filter = ["kind", StaffedFilter, TierFilter]
    search_fields = ["name", "region__name", "region__code"]
    list_select_related = ["region", "superior"]
    autocomplete_fields = ["superior"]

    def get_queryset(self, request):
        """Those of the jurisdiction; the field for the superior office offers those above it as well."""
        if request.path == reverse("admin:autocomplete") and request.GET.get("field_name") == "superior":
            return possible_superiors(request.user)
        return super().get_queryset(request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "superior":
            kwargs["queryset"] = possible_superiors(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Official)
class OfficialAdmin(RegisterAdmin):
    """People are invited on the page of their office. Who is added here has no password until asking for one."""

    form = OfficialForm
    resource_classes = [OfficialResource]
    list_display = ["username", "name", "office", "role", "is_active", "is_staff", "last_login"]
    list_filter = ["role", "is_active", "is_staff", "office__kind", OfficeTierFilter]
    search_fields = ["username", "name", "office__name"]
    list_select_related = ["office"]
    autocomplete_fields = ["office"]
    actions = ["deactivate", "reactivate", "make_password_links"]

    def get_readonly_fields(self, request, obj=None):
        """Who administers is decided by superusers; nobody raises the own rights."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else [*fixed, "is_staff"]

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_manage_person(request.user, obj))

    @admin.action(description=gettext_lazy("Deactivate and end all sessions"))
    def deactivate(self, request, rows):
        self._switch(request, rows, accounts.deactivate)

    @admin.action(description=gettext_lazy("Reactivate"))
    def reactivate(self, request, rows):
        self._switch(request, rows, accounts.reactivate)

    @admin.action(description=gettext_lazy("Make links for a new password"))
    def make_password_links(self, request, rows):
        """A page with the links, which is the only place where they ever stand."""
        links = []
        for row in rows.select_related("office"):
            try:
                address = accounts.password_link(row, actor=request.user)
                links.append((row, request.build_absolute_uri(address)))
            except DomainError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
        context = self.admin_site.each_context(request)
        context |= {"title": _("Links for a new password"), "opts": self.opts, "links": links}
        return TemplateResponse(request, "admin/lists/links.html", context) if links else None

    def _switch(self, request, rows, change):
        done = 0
        for row in rows:
            try:
                change(row, actor=request.user, version=row.version)
                done += 1
            except DomainError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
        self.message_user(request, _("Accounts changed: %(done)s.") % {"done": done})


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Made and revoked on the page of the office, which shows the link once."""

    list_display = ["name", "office", "role", "invited_by", "expires_at", "used_at", "revoked_at"]
    list_filter = ["role", OfficeTierFilter]
    list_select_related = ["office", "invited_by"]
    search_fields = ["name", "office__name"]
    exclude = ["token_sha256"]


@admin.register(Absence)
class AbsenceAdmin(ReadOnlyAdmin):
    """Named, changed and ended on the page of the person; the history stands with the official."""

    list_display = ["official", "first_day", "last_day", "substitute", "named_by", "ended_at"]
    list_select_related = ["official", "substitute", "named_by"]
    search_fields = ["official__name", "official__office__name"]
    date_hierarchy = "first_day"


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag", "words"]
    list_filter = ["action_flag", ("content_type", admin.RelatedOnlyFieldListFilter)]
    fields = ["action_time", "user", "content_type", "object_id", "object_repr", "action_flag", "words"]
    readonly_fields = ["words"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "user__username"]
    date_hierarchy = "action_time"

    @admin.display(description=gettext_lazy("what"))
    def words(self, entry):
        return entry.get_change_message()
