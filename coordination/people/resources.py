"""Offices and officials as rows of a list. The names of the columns are fixed words, whatever the language."""

import re
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from coordination.common.errors import DomainError
from coordination.common.fields import plain
from coordination.offices.choices import Kind, Role
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office, Official
from coordination.people import registers
from coordination.people.powers import possible_superiors
from coordination.people.spreadsheets import UnreadableFile, as_typed
from coordination.people.validators import validate_free_email, validate_seat
from coordination.regions.models import Region

DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
OFFICE = re.compile(r"(?P<kind>[a-z]+)(?: (?P<code>[\d.]+))?(?: (?P<since>\d{4}-\d\d-\d\d))?$", re.IGNORECASE)
SHOWN = 60


class RegionWidget(widgets.Widget):
    """A region by its current or earlier code, within the jurisdiction; empty for a national office."""

    def __init__(self):
        super().__init__()
        self.actor, self.found = None, {}

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        if value not in self.found:
            self.found[value] = self._find(value)
        return self.found[value]

    def _find(self, value):
        try:
            region = Region.objects.resolve(value)
        except Region.DoesNotExist:
            region = None
        if region is None or not Jurisdiction.of(self.actor).covers(region):
            raise ValueError(_("No region in your jurisdiction has the code “%(code)s”.") % {"code": value[:SHOWN]})
        validate_seat(region)
        return region

    def render(self, value, obj=None, **kwargs):
        return value.code if value else ""


class OfficeWidget(widgets.Widget):
    """An office by kind and code of its region, such as kpu 32.73 (kpu alone: the national one), or by its name.

    An office that serves no longer is told from its successor by the day on which it began.
    """

    def __init__(self, offices_of):
        super().__init__()
        self.offices_of, self.actor = offices_of, None
        self.found = {}

    def clean(self, value, row=None, **kwargs):
        """Asks once for each office: a list names few of them, often."""
        if not value:
            return None
        if value not in self.found:
            self.found[value] = self._find(value)
        return self.found[value]

    def _find(self, value):
        offices = self.offices_of(self.actor).select_related("region")
        found = list((self._by_code(offices, value) or offices.filter(name__iexact=value))[:2])
        if len(found) == 1:
            return found[0]
        sentence = _("Several offices are called “%(office)s”. Write it as “kpu 32.73”.")
        if not found:
            sentence = _("No office “%(office)s” is within your jurisdiction. Write it as “kpu 32.73”.")
        raise ValueError(sentence % {"office": value[:SHOWN]})

    def _by_code(self, offices, value):
        parts = OFFICE.match(value)
        if parts is None or parts["kind"].lower() not in Kind.values:
            return None
        offices = offices.filter(kind=parts["kind"].lower())
        offices = offices.filter(valid_from=parts["since"]) if parts["since"] else offices.serving()
        if not parts["code"]:
            return offices.filter(region=None)
        try:
            return offices.filter(region=Region.objects.resolve(parts["code"]))
        except Region.DoesNotExist:
            return None

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return ""
        serves = value.valid_from <= timezone.localdate() and (value.valid_to or date.max) >= timezone.localdate()
        parts = (value.kind, value.region.code if value.region else "", "" if serves else value.valid_from.isoformat())
        return " ".join(part for part in parts if part)


class ChoiceWidget(widgets.Widget):
    """One of a set of words; the label in the reader's language is understood too."""

    def __init__(self, choices):
        super().__init__()
        self.choices = choices

    def clean(self, value, row=None, **kwargs):
        known = {str(label).casefold(): code for code, label in self.choices.choices} | {
            v: v for v in self.choices.values
        }
        try:
            return known[value.casefold()]
        except KeyError:
            names = ", ".join(self.choices.values)
            sentence = _("“%(value)s” is none of: %(known)s.") % {"value": value[:SHOWN], "known": names}
            raise ValueError(sentence) from None

    def render(self, value, obj=None, **kwargs):
        return str(value or "")


class DayWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        for form in DATES:
            try:
                return datetime.strptime(value, form).date()  # noqa: DTZ007 -- a day has no zone
            except ValueError:
                continue
        raise ValueError(_("“%(value)s” is not a day such as 2026-11-23 or 23/11/2026.") % {"value": value[:SHOWN]})

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""


class PlainDiff(resources.Diff):
    """Old and new beside each other; the library's own marks need inline styles, which the portal forbids."""

    def as_html(self):
        pairs = zip(self.left, self.right, strict=True)
        return [
            new if self.new or old == new else format_html("<del>{}</del> <ins>{}</ins>", old, new)
            for old, new in pairs
        ]


class ListResource(resources.ModelResource):
    """Rows that an admin imports go through `registers`, so that the rules are those of the admin's own form."""

    def __init__(self, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user, self.changes, self.seen = user, [], set()
        for field in self.fields.values():
            field.widget.actor = user

    @classmethod
    def get_diff_class(cls):
        return PlainDiff

    def get_queryset(self):
        return self._meta.model.objects.visible_to(self.user)

    def before_import(self, dataset, **kwargs):
        known = [field.column_name for field in self.fields.values()]
        wrong = sorted({name for name in dataset.headers if name not in known or dataset.headers.count(name) > 1})
        missing = [self.fields[name].column_name for name in self._meta.import_id_fields]
        missing = [name for name in missing if name not in dataset.headers]
        if wrong or missing:
            sentence = _(
                "The first row must name the columns: %(known)s. Unknown or twice: %(wrong)s. Missing: %(missing)s."
            )
            facts = {"known": known, "wrong": wrong, "missing": missing}
            raise UnreadableFile(sentence % {name: ", ".join(words)[:400] or "–" for name, words in facts.items()})

    def before_import_row(self, row, **kwargs):
        for name, cell in row.items():
            text = _as_text(name, cell)
            if "\x00" in text:
                raise ValidationError(_("The row has signs that no text can hold."))
            row[name] = plain(text)
        self._refuse_second(row)

    def _refuse_second(self, row):
        """Each row of a list is about another thing; of two about the same the later would win unseen."""
        key = tuple(row[self.fields[name].column_name].casefold() for name in self._meta.import_id_fields)
        if key in self.seen:
            raise ValidationError(_("This stands in the list twice; keep one of the rows."))
        self.seen.add(key)

    def get_instance(self, instance_loader, row):
        try:
            return super().get_instance(instance_loader, row)
        except (ValueError, ValidationError):
            return None  # what is wrong with the key is found again, and told, when its fields are read

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """As inherited, without what the database checks as the row is written, in a tenth of the time."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(exclude=errors.keys(), validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def do_instance_save(self, instance, is_create):
        version = None if is_create else instance.version
        try:
            with transaction.atomic():
                change = registers.write(instance, actor=self.user, version=version, verbs=("import", "import"))
        except DomainError as error:
            raise ValidationError(str(error)) from error
        except IntegrityError as error:
            instance.full_clean()  # names the fields and says what contradicts
            raise ValidationError(_("This row contradicts another one that exists already.")) from error
        if change:
            self.changes.append(change)

    def after_import(self, dataset, result, **kwargs):
        """Tell the history at the very end: its lock makes everybody else wait."""
        if kwargs.get("dry_run") or result.has_errors() or result.has_validation_errors():
            return
        for change in self.changes:
            registers.tell(change, actor=self.user)

    def import_row(self, row, instance_loader, **kwargs):
        """As inherited, with the errors told by the names of the columns."""
        result = super().import_row(row, instance_loader, **kwargs)
        error = result.validation_error
        if hasattr(error, "error_dict"):
            columns = {field.attribute: field.column_name for field in self.fields.values()}
            result.validation_error = ValidationError({columns.get(n, n): e for n, e in error.error_dict.items()})
        return result


def _as_text(name, cell):
    """The cell as the text that was meant: days as ISO, a region code that became a number with both digits (32.10)."""
    if isinstance(cell, date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float):
        return f"{cell:.2f}" if name == "kode_wilayah" and not cell.is_integer() else f"{cell:g}"
    return as_typed(cell)


class OfficeResource(ListResource):
    kind = fields.Field("kind", "jenis", ChoiceWidget(Kind))
    region = fields.Field("region", "kode_wilayah", RegionWidget())
    name = fields.Field("name", "nama")
    address = fields.Field("address", "alamat")
    email = fields.Field("email", "email")
    phone = fields.Field("phone", "telepon")
    superior = fields.Field("superior", "atasan", OfficeWidget(possible_superiors))
    valid_from = fields.Field("valid_from", "berlaku_dari", DayWidget())
    valid_to = fields.Field("valid_to", "berlaku_sampai", DayWidget())

    class Meta:
        model = Office
        fields = ("kind", "region", "name", "address", "email", "phone", "superior", "valid_from", "valid_to")
        import_id_fields = ("kind", "region", "valid_from")
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True

    def get_queryset(self):
        return super().get_queryset().select_related("region", "superior__region")


class OfficialResource(ListResource):
    """Imported people have no password: they ask for one by e-mail, or get a link from an admin."""

    username = fields.Field("username", "nama_pengguna")
    name = fields.Field("name", "nama")
    office = fields.Field("office", "kantor", OfficeWidget(Office.objects.visible_to))
    role = fields.Field("role", "peran", ChoiceWidget(Role))
    position = fields.Field("position", "jabatan")
    email = fields.Field("email", "email")
    phone = fields.Field("phone", "telepon")

    class Meta:
        model = Official
        fields = ("username", "name", "office", "role", "position", "email", "phone")
        import_id_fields = ("username",)
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True

    def get_queryset(self):
        return super().get_queryset().select_related("office__region")

    def init_instance(self, row=None):
        instance = super().init_instance(row)
        instance.set_unusable_password()
        return instance

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        errors = dict(import_validation_errors or {})
        if instance.office_id is None and not instance.is_superuser and "office" not in errors:
            errors["office"] = ValidationError(_("Name the office in which the person sits."))
        try:
            validate_free_email(instance.email, instance.pk)
        except ValidationError as error:
            errors["email"] = error
        super().validate_instance(instance, errors)
