"""Accepts photos and PDF by their content, never by their name; photos are written anew without metadata."""

import hashlib
import io
from dataclasses import dataclass

import filetype
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 2048
SMALL_SIDE = 320
IMAGES = {"image/jpeg", "image/png", "image/webp"}
FORMATS = ("JPEG", "PNG", "WEBP")
PDF = "application/pdf"


@dataclass(frozen=True)
class CleanFile:
    """What is kept of an upload: our own bytes and type, the sender's name only as a label."""

    content: ContentFile
    content_type: str
    extension: str
    name: str
    sha256: str


@dataclass(frozen=True)
class SmallCopy:
    """A picture for a list, to be served like the StoredFile that it was made of."""

    file: ContentFile
    name: str
    content_type: str = "image/jpeg"
    is_image: bool = True


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
            _("“%(name)s” cannot be accepted: its content is not %(wanted)s.")
            % {"name": _label(upload), "wanted": wanted}
        )
    name = f"{_label(upload).rpartition('.')[0] or _label(upload)}.{extension}"
    return CleanFile(ContentFile(data), kind, extension, name, hashlib.sha256(data).hexdigest())


def small_copy(stored):
    """A SmallCopy of a stored picture: about 10 KB, for readers on slow networks."""
    with stored.file.open("rb") as file, Image.open(file, formats=FORMATS) as picture:
        return SmallCopy(ContentFile(_as_jpeg(picture, SMALL_SIDE, quality=70)), stored.name)


def _label(upload):
    """The sender's file name, cut short and without characters that break headers or pages."""
    name = "".join(character for character in upload.name if character.isprintable())
    return name.replace("\\", "/").split("/")[-1][-100:] or "file"


def _written_anew(data, upload):
    """The picture as a new JPEG: turned upright, at most 2048 px a side, with no EXIF, comment or position."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            return _as_jpeg(picture, MAX_SIDE, quality=80)
    except Image.DecompressionBombError as error:
        raise ValidationError(_("“%(name)s” has more than 40 million pixels.") % {"name": _label(upload)}) from error
    except Exception as error:  # Pillow raises many kinds for broken files, and each means the same to the sender.
        raise ValidationError(_("“%(name)s” is damaged and cannot be read.") % {"name": _label(upload)}) from error


def _as_jpeg(picture, side, *, quality):
    # Made small first: a JPEG is then decoded at a fraction of its size, in a tenth of the memory.
    picture.thumbnail((side, side))
    picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    picture = picture.convert("RGB")
    picture.info.clear()  # Pillow would carry the old file's comment over.
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
