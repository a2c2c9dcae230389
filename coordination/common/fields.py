"""Form fields that several apps share."""

import re

from django import forms
from django.utils.translation import gettext as _

from coordination.common.uploads import clean_upload

# Control characters but line feed and tab, and the marks that turn the reading direction of what follows.
# 1.200 and 1.234.567
GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+", re.ASCII)
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class PlainText(forms.CharField):
    """Text without the characters that nobody types. A line's end counts as one, as in the browser's own count."""

    def to_python(self, value):
        return super().to_python(plain(value or ""))


def plain(value):
    """The text without the signs that nobody types, its lines ended by one sign."""
    return _NO_TEXT.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


class PlainInteger(forms.IntegerField):
    """A whole number, also with dots between its thousands: 1.200."""

    def to_python(self, value):
        grouped = isinstance(value, str) and GROUPED.fullmatch(value.strip())
        return super().to_python(value.replace(".", "") if grouped else value)


class PlainDecimal(forms.DecimalField):
    """A number typed with comma or point, in whichever language the page is."""

    def __init__(self, **kwargs):
        super().__init__(localize=True, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value):
        if isinstance(value, str) and "e" in value.casefold():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
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
    """A number as it is typed in Indonesia, 1.234,5, as Python reads it; one with a point only stays as it is."""
    if not isinstance(value, str):
        return value
    whole, comma, rest = value.strip().rpartition(",")
    return f"{whole.replace('.', '')}.{rest}" if comma else value


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
