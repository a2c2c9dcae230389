"""What every form that sends a list has."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.common import tables
from coordination.common.forms import ClientIdField, PlainForm


class BatchForm(PlainForm):
    """A file. Its form says at once what the worker could not read either."""

    client_id = ClientIdField()
    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX, at most 50 MB. The first sheet counts."))

    def refuse_unreadable(self, columns):
        file = self.cleaned_data["file"]
        try:
            tables.refuse_size(file.size)
            next(tables.read(file.file, columns), None)
        except tables.UnreadableTable as error:
            self.add_error("file", str(error))
        file.seek(0)
