"""The pages on which an admin imports and exports a list: check first, then all rows or none."""

import hashlib
import re

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect  # noqa: TID251 -- pages of the admin, apart for their length
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.results import RowResult
from import_export.tmp_storages import CacheStorage

from coordination.people.spreadsheets import MOST_BYTES, ZIP, SafeCSV, SafeXLSX, UnreadableFile

FORMATS = [SafeCSV, SafeXLSX]
NAME = re.compile(r"[0-9a-f]{32}")


class CheckedFile(CacheStorage):
    """Keeps the checked file for an hour where every process finds it, and never on a disk beyond that."""

    CACHE_LIFETIME = 60 * 60
    CACHE_PREFIX = "import:"


class ListImportForm(ImportForm):
    """A file; whether it is CSV or XLSX is seen from its content."""

    import_file = forms.FileField(
        label=gettext_lazy("File to import"),
        help_text=gettext_lazy("CSV or XLSX, at most 2 MB and 600 rows. Checking 600 rows takes about ten seconds."),
    )
    media = forms.Media()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].required = False
        self.fields["format"].widget = forms.HiddenInput()

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB. Send it in several parts."))
        return file

    def clean(self):
        cleaned = super().clean()
        file = cleaned.get("import_file")
        if file:
            cleaned["format"] = str(FORMATS.index(SafeXLSX if file.read(len(ZIP)) == ZIP else SafeCSV))
            file.seek(0)
        return cleaned


class ListConfirmForm(ConfirmImportForm):
    def clean_format(self):
        known = {str(place) for place in range(len(FORMATS))}
        if self.cleaned_data["format"] not in known:
            raise forms.ValidationError("unknown format")
        return self.cleaned_data["format"]

    def clean_import_file_name(self):
        name = super().clean_import_file_name()
        # What cannot be a name of ours is not asked for: caches take no key of any length and sign.
        if not NAME.fullmatch(name) or cache.get(CheckedFile.CACHE_PREFIX + name) is None:
            raise forms.ValidationError("no longer kept")
        return name


class ListExportForm(ExportForm):
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=())


class ListAdmin(ImportExportMixin):
    """Import with a check before it, export of what is visible; both by the rules of the acting person."""

    formats = import_formats = export_formats = FORMATS
    import_form_class = ListImportForm
    confirm_form_class = ListConfirmForm
    export_form_class = ListExportForm
    tmp_storage_class = CheckedFile
    to_encoding = "utf-8-sig"  # without this mark Excel takes the file for another encoding
    skip_admin_log = True  # the history tells it
    import_export_change_list_template = "admin/lists/change_list.html"
    import_template_name = "admin/lists/import.html"
    export_template_name = "admin/lists/export.html"

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    def get_import_data_kwargs(self, **kwargs):
        return {"rollback_on_validation_errors": True}

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def add_data_read_fail_error_to_form(self, form, e):
        form.add_error("import_file", str(e) if isinstance(e, UnreadableFile) else _("The file cannot be read."))

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        """Import the checked file. Everything is checked again: the data may have changed since."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        name = request.POST.get("import_file_name", "")
        taken = f"{CheckedFile.CACHE_PREFIX}taken:{hashlib.sha256(name.encode(errors='replace')).hexdigest()}"
        if cache.get(taken):
            return self._taken_already(request)
        if not self.create_confirm_form(request).is_valid():
            return self._once_more(
                request, _("The checked file is no longer kept. Nothing was imported; send it again.")
            )
        # Asked again by adding: the other half of a double click may be here at the same time.
        if not cache.add(taken, 1, CheckedFile.CACHE_LIFETIME):
            return self._taken_already(request)
        return super().process_import(request, **kwargs)

    def _taken_already(self, request):
        sentence = _("This file was imported already, or is being imported just now. Look into the list.")
        return self._once_more(request, sentence, messages.WARNING)

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            sentence = _("Somebody changed the data since the check. Nothing was imported; send the file again.")
            return self._once_more(request, sentence)
        return super().process_result(result, request)

    def _once_more(self, request, sentence, level=messages.ERROR):
        self.message_user(request, sentence, level)
        return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))

    def add_success_message(self, result, request):
        totals = result.totals
        sentence = _("Imported: %(new)s new, %(changed)s changed, %(same)s unchanged.") % {
            "new": totals[RowResult.IMPORT_TYPE_NEW],
            "changed": totals[RowResult.IMPORT_TYPE_UPDATE],
            "same": totals[RowResult.IMPORT_TYPE_SKIP],
        }
        self.message_user(request, sentence, messages.SUCCESS)
