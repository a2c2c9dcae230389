"""Small pictures that say on their face that they are samples."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from coordination.common.uploads import clean_upload

SIZE = (640, 400)
SKY, HILL, INK = (205, 222, 230), (96, 128, 104), (40, 48, 52)


def sample_picture(name, caption):
    """A CleanFile with a landscape, a mast and the words DATA CONTOH, taken in like any upload."""
    picture = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 400), (0, 300), (180, 220), (400, 310), (640, 240), (640, 400)], fill=HILL)
    draw.line([(470, 280), (490, 110), (510, 280)], fill=INK, width=4)
    draw.text((24, 24), "DATA CONTOH", fill=INK, font_size=44)
    draw.text((24, 80), caption, fill=INK, font_size=22)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    return clean_upload(SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg"))
