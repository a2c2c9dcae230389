"""Accepts photos and PDF by their content, never by their name; photos are written anew without metadata."""

import hashlib
import io
import warnings
from dataclasses import dataclass

import filetype
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 2048
IMAGES = {"image/jpeg", "image/png", "image/webp"}
PDF = "application/pdf"


@dataclass(frozen=True)
class CleanFile:
    """What is kept of an upload: our own bytes and type, the sender's name only as a label."""

    content: ContentFile
    content_type: str
    extension: str
    name: str
    sha256: str


def clean_upload(upload, *, images_only=False):
    """A CleanFile made from an UploadedFile. Raises ValidationError with a sentence for the field."""
    if upload.size > MAX_BYTES:
        raise ValidationError(_("“%(name)s” is larger than 10 MB. Send a smaller file.") % {"name": _label(upload)})
    data = upload.read()
    kind = filetype.guess_mime(data)
    if kind in IMAGES:
        data, kind, extension = _written_anew(data, upload), "image/jpeg", "jpg"
    elif kind == PDF and not images_only:
        extension = "pdf"
    else:
        wanted = _("a photo (JPEG, PNG, WebP)") if images_only else _("a photo (JPEG, PNG, WebP) or a PDF")
        raise ValidationError(
            _("“%(name)s” cannot be accepted: its content is not %(wanted)s.") % {"name": _label(upload), "wanted": wanted}
        )
    return CleanFile(ContentFile(data), kind, extension, _label(upload), hashlib.sha256(data).hexdigest())


def _label(upload):
    """The sender's file name, cut short and without signs that break headers or pages."""
    name = "".join(sign for sign in upload.name if sign.isprintable())
    return name.replace("\\", "/").split("/")[-1][-100:] or "file"


def _written_anew(data, upload):
    """The picture as a new JPEG: turned upright, at most 2048 px a side, with no EXIF or position."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data))
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(_("“%(name)s” has more than 40 million pixels.") % {"name": _label(upload)})
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=80, optimize=True)
    except ValidationError:
        raise
    except Exception as error:  # Pillow raises many kinds for broken files, and each means the same to the sender.
        raise ValidationError(_("“%(name)s” is damaged and cannot be read.") % {"name": _label(upload)}) from error
    return out.getvalue()
