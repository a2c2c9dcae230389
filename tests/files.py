"""Small real files for tests."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from coordination.common.uploads import clean_upload

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"


def jpeg(size=(40, 30), colour="teal", **options):
    """The bytes of a JPEG; `options` go to Pillow, such as exif=."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return out.getvalue()


def upload(name="bukti.jpg", content=None, content_type="image/jpeg"):
    return SimpleUploadedFile(name, jpeg() if content is None else content, content_type)


def clean_photo(name="bukti.jpg"):
    return clean_upload(upload(name))


def clean_pdf(name="surat.pdf"):
    return clean_upload(upload(name, PDF, "application/pdf"))
