"""Form fields that several apps share."""

import re

from django import forms
from django.utils.translation import gettext as _

from coordination.common.uploads import clean_upload

# Control characters but line feed and tab, and the marks that turn the reading direction of what follows.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class PlainText(forms.CharField):
    """Text without the characters that nobody types. A line's end counts as one, as in the browser's own count."""

    def to_python(self, value):
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python(_NO_TEXT.sub("", text))


class PlainDecimal(forms.DecimalField):
    """A number typed with comma or point, in whichever language the page is."""

    def __init__(self, **kwargs):
        super().__init__(localize=True, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value):
        return super().to_python(with_point(value))


class Coordinate(forms.FloatField):
    """Degrees typed with comma or point. The keyboard keeps its letters: that for decimals has no minus."""

    def __init__(self, **kwargs):
        super().__init__(localize=True, **kwargs)

    def to_python(self, value):
        return super().to_python(with_point(value))


class LocalDateTimeField(forms.DateTimeField):
    """A date and time as typed; the form gives it the region's zone once the region is known."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value):
        moment = super().to_python(value)
        return moment and moment.replace(tzinfo=None)


def with_point(value):
    return value.replace(",", ".") if isinstance(value, str) else value


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; cleans to a list of CleanFile."""

    widget = FilesInput

    def __init__(self, *, most, images_only=False, **kwargs):
        self.most, self.images_only = most, images_only
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp" + ("" if images_only else ",application/pdf")

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if len(uploads) > self.most:
            raise forms.ValidationError(_("At most %(most)s files can be sent.") % {"most": self.most})
        if not uploads and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [
            clean_upload(super(FilesField, self).clean(upload, initial), images_only=self.images_only)
            for upload in uploads
        ]
