"""Files by their content: what is no photo stays out, what is one comes in without its metadata."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, PngImagePlugin

from coordination.common.uploads import MAX_BYTES, MAX_SIDE, clean_upload, small_copy
from tests.files import PDF, jpeg, upload

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(format, size=(40, 30), mode="RGB", colour="teal", **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format, **options)
    return out.getvalue()


def opened(clean):
    return Image.open(io.BytesIO(clean.content.read()))


def position():
    """EXIF with a GPS position, the maker of the phone and a turned picture."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation
    exif[0x010F] = "RahasiaPhone"
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 54.0, 0.0), 3: "E", 4: (107.0, 36.0, 0.0)})
    return exif


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg_of_our_own(format):
    clean = clean_upload(upload("bukti.png", picture(format)), images_only=True)
    assert (clean.content_type, clean.extension, clean.name) == ("image/jpeg", "jpg", "bukti.jpg")
    assert opened(clean).format == "JPEG"
    assert len(clean.sha256) == 64


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_position_and_phone_are_gone_and_the_picture_stands_upright(format):
    data = picture(format, exif=position())
    assert b"RahasiaPhone" in data
    clean = clean_upload(upload(content=data))
    found = opened(clean)
    assert dict(found.getexif()) == {}
    assert not found.getexif().get_ifd(0x8825)
    assert found.size == (30, 40)
    assert b"RahasiaPhone" not in clean.content.file.getvalue()


def test_comments_colour_profiles_and_text_chunks_are_gone():
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Rahasia")
    text.add_itxt("XML:com.adobe.xmp", "<x>Rahasia</x>")
    files = [jpeg(comment=b"Rahasia"), jpeg(icc_profile=b"Rahasia"), picture("PNG", pnginfo=text),
             jpeg(xmp=b"<x>Rahasia</x>"), picture("WEBP", xmp=b"<x>Rahasia</x>")]  # fmt: skip
    for data in files:
        assert b"Rahasia" in data
        assert b"Rahasia" not in clean_upload(upload(content=data)).content.file.getvalue()


@pytest.mark.parametrize("hidden", [HTML, SVG, PDF, b"PK\x03\x04" + b"x" * 200])
def test_what_hides_behind_a_photo_is_cut_off(hidden):
    clean = clean_upload(upload(content=jpeg() + hidden))
    assert hidden not in clean.content.file.getvalue()


@pytest.mark.parametrize(
    "content",
    [HTML, SVG, b"", b"x", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"PK\x03\x04", b"MZ",
     picture("GIF"), picture("BMP"), picture("TIFF"), picture("ICO", size=(16, 16)), b"%!PS-Adobe-3.0", b"\x00" * 4096],
)  # fmt: skip
@pytest.mark.parametrize("name", ["foto.jpg", "surat.pdf", "halaman.html"])
def test_what_is_neither_photo_nor_pdf_is_refused_under_any_name(name, content):
    with pytest.raises(ValidationError):
        clean_upload(upload(name, content))


def test_a_pdf_is_evidence_but_no_photo():
    for name in ("surat.pdf", "foto.jpg"):
        clean = clean_upload(upload(name, PDF))
        assert (clean.content_type, clean.name.rpartition(".")[2]) == ("application/pdf", "pdf")
        with pytest.raises(ValidationError):
            clean_upload(upload(name, PDF), images_only=True)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_cut_off_photo_is_refused(format):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, format)
    with pytest.raises(ValidationError):
        clean_upload(upload(content=out.getvalue()[:-1500]))


def png_claiming(width, height):
    """A PNG whose head promises this size, of which hardly a byte follows."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(9000, 9000), (40_000_001, 1), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_unfolds(size):
    with pytest.raises(ValidationError) as refusal:
        clean_upload(upload("bom.png", png_claiming(*size)))
    assert "bom.png" in refusal.value.message


def test_a_bomb_that_keeps_its_promise_is_refused_too():
    data = picture("PNG", size=(9000, 9000), mode="1", colour=0)
    assert len(data) < 100_000
    with pytest.raises(ValidationError):
        clean_upload(upload(content=data))


def test_a_file_over_10_mb_is_refused_unread():
    big = upload(content=jpeg() + b"x" * MAX_BYTES)
    with pytest.raises(ValidationError):
        clean_upload(big)
    assert big.tell() == 0


def test_a_large_photo_is_made_smaller():
    clean = clean_upload(upload(content=jpeg((5000, 2500))))
    assert opened(clean).size == (MAX_SIDE, MAX_SIDE // 2)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK", "I;16"])
def test_photos_of_every_colour_mode_are_read(mode):
    format = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(clean_upload(upload(content=picture(format, mode=mode, colour=0)))).mode == "RGB"


def test_what_is_transparent_becomes_white_not_black():
    clean = clean_upload(upload(content=picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))))
    assert opened(clean).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("..\\..\\sandi.jpg", "sandi.jpg"),
        ("C:\\Foto\\menara.JPG", "menara.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("halaman.html", "halaman.jpg"),
        ("tanpa akhiran", "tanpa akhiran.jpg"),
        (".jpg", ".jpg.jpg"),
        ("menara 🗼 désa.png", "menara 🗼 désa.jpg"),
        ("\x07", "file.jpg"),
    ],
)
def test_a_name_is_only_a_label_without_odd_characters(typed, kept):
    file = upload()
    file._name = typed  # as a hostile client would send it, past Django's own care
    assert clean_upload(file).name == kept


def test_a_very_long_name_is_cut():
    file = upload()
    file._name = "x" * 5000 + ".jpg"
    assert len(clean_upload(file).name) <= 120


def test_the_same_photo_has_the_same_digest():
    assert clean_upload(upload("a.jpg")).sha256 == clean_upload(upload("b.jpg")).sha256


def test_a_small_copy_for_lists_is_light():
    noise = Image.effect_noise((2000, 1500), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG")

    class Stored:
        name, file = "menara.jpg", clean_upload(upload(content=out.getvalue())).content

    small = small_copy(Stored)
    assert Image.open(small.file).size == (320, 240)
    assert small.file.size < 40_000
    assert (small.is_image, small.content_type, small.name) == (True, "image/jpeg", "menara.jpg")
