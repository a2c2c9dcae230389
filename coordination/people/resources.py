"""Offices and officials as CSV and XLSX: dry run, errors row by row, nothing half imported."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from coordination.history.recording import record
from coordination.offices.choices import Kind, Role
from coordination.offices.models import Office, Official
from coordination.people.powers import may_manage
from coordination.regions.models import Region

DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


class RegionWidget(widgets.Widget):
    """A region by its current or earlier code; empty for a national office."""

    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        try:
            return Region.objects.resolve(str(value).strip())
        except Region.DoesNotExist:
            raise ValueError(_("No region has the code “%(code)s”.") % {"code": str(value)[:40]}) from None

    def render(self, value, obj=None, **kwargs):
        return value.code if value else ""


class OfficeWidget(widgets.Widget):
    """An office by kind and code of its region, such as kpu 32.73; kpu alone for the national one."""

    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        kind, _space, code = str(value).strip().partition(" ")
        offices = Office.objects.serving().filter(kind=kind.lower())
        office = (
            offices.filter(region__code=code.strip() or None).first() if code else offices.filter(region=None).first()
        )
        if office is None:
            raise ValueError(_("There is no office “%(office)s”.") % {"office": str(value)[:60]})
        return office

    def render(self, value, obj=None, **kwargs):
        return f"{value.kind} {value.region.code if value.region else ''}".strip() if value else ""


class ChoiceWidget(widgets.CharWidget):
    def __init__(self, choices):
        super().__init__()
        self.choices = choices

    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip().lower()
        if text not in self.choices.values:
            raise ValueError(
                _("“%(value)s” is none of: %(known)s.") % {"value": text[:40], "known": ", ".join(self.choices.values)}
            )
        return text


class DateWidget(widgets.DateWidget):
    def clean(self, value, row=None, **kwargs):
        try:
            return super().clean(value, row, **kwargs)
        except ValueError:
            raise ValueError(
                _("“%(value)s” is not a date such as 2026-11-23 or 23/11/2026.") % {"value": str(value)[:40]}
            ) from None


class ScopedResource(resources.ModelResource):
    """Rows within the importing person's jurisdiction; what an import writes is recorded in the history."""

    def __init__(self, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user

    def before_import_row(self, row, **kwargs):
        if any("\x00" in str(value) for value in row.values()):
            raise ValidationError(_("The row has signs that no text can hold."))

    def after_save_instance(self, instance, row, **kwargs):
        if self.user is None:
            return
        if not type(instance).objects.visible_to(self.user).filter(pk=instance.pk).exists():
            raise ValidationError(_("This row lies outside your jurisdiction."))
        record(instance, "import", actor=self.user, office=self._office_of(instance), data={"moves": True})

    def before_save_instance(self, instance, row, **kwargs):
        if instance.pk:
            instance.version += 1


class OfficeResource(ScopedResource):
    kind = fields.Field("kind", "kind", ChoiceWidget(Kind))
    region = fields.Field("region", "region", RegionWidget())
    superior = fields.Field("superior", "superior", OfficeWidget())
    valid_from = fields.Field("valid_from", "valid_from", DateWidget(DATES[0]))
    valid_to = fields.Field("valid_to", "valid_to", DateWidget(DATES[0]))

    class Meta:
        model = Office
        fields = ("kind", "region", "name", "address", "email", "phone", "superior", "valid_from", "valid_to")
        import_id_fields = ("kind", "region", "valid_from")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        for name in ("valid_from", "valid_to"):
            self.fields[name].widget.formats = tuple(DATES)

    def _office_of(self, instance):
        return instance


class OfficialResource(ScopedResource):
    """Imported people have no password: they get one by the link of a password reset or an invitation."""

    office = fields.Field("office", "office", OfficeWidget())
    role = fields.Field("role", "role", ChoiceWidget(Role))

    class Meta:
        model = Official
        fields = ("username", "name", "office", "role", "position", "email", "phone")
        import_id_fields = ("username",)
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    def init_instance(self, row=None):
        instance = super().init_instance(row)
        instance.set_unusable_password()
        return instance

    def before_save_instance(self, instance, row, **kwargs):
        super().before_save_instance(instance, row, **kwargs)
        if instance.office is None or self.user and not may_manage(self.user, instance.office):
            raise ValidationError(_("This row lies outside your jurisdiction."))

    def _office_of(self, instance):
        return instance.office
