"""The list of files that a form announces, as the outbox writes it."""

import json
import re
import uuid

from django import forms
from django.utils.translation import gettext as _

from coordination.common.forms import INCOMPLETE
from coordination.common.uploads import MAX_BYTES

SHA256 = re.compile("[0-9a-f]{64}|")


class AnnouncedFiles(forms.CharField):
    """Cleans a JSON list of {"id", "name", "size", "sha256"} to a list of (UUID, name, size, sha256)."""

    def __init__(self, *, most):
        self.most = most
        super().__init__(required=False, max_length=20_000, widget=forms.HiddenInput,
                         error_messages={"max_length": INCOMPLETE})  # fmt: skip

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return []
        try:
            announced = [self._one(entry) for entry in json.loads(text)]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise forms.ValidationError(INCOMPLETE) from error
        if len(announced) > self.most:
            raise forms.ValidationError(_("At most %(most)s files can be sent.") % {"most": self.most})
        for _key, name, size, _sha256 in announced:
            if not size:
                raise forms.ValidationError(
                    _("“%(name)s” is empty. Choose it again, or leave it out.") % {"name": name}
                )
            if size > MAX_BYTES:
                raise forms.ValidationError(_("“%(name)s” is larger than 10 MB. Send a smaller file.") % {"name": name})
        return announced

    def _one(self, entry):
        name = "".join(sign for sign in str(entry["name"]) if sign.isprintable())[-100:] or "file"
        size, sha256 = entry["size"], str(entry.get("sha256", ""))
        if type(size) is not int or size < 0 or not SHA256.fullmatch(sha256):
            raise ValueError
        return uuid.UUID(str(entry["id"])), name, size, sha256
