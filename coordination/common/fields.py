"""Form fields that several apps share."""

from django import forms
from django.utils.translation import gettext as _

from coordination.common.uploads import clean_upload


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
        return [clean_upload(super(FilesField, self).clean(upload, initial), images_only=self.images_only) for upload in uploads]
