"""What somebody does on a page, and photos to do it with."""

import contextlib
import io
import os

from PIL import Image
from playwright.sync_api import Error

from tests.outbox.driver import SUBMIT

REPORT = "form[data-outbox]"
COMMENT = "form[action$='#comments']"


def report(page, text):
    """Send the report form of the page."""
    values = {"region": "32.73.01.1001", "kind": "power", "since": "2026-01-05T09:00", "description": text}
    page.evaluate(SUBMIT, [REPORT, values])
    with contextlib.suppress(Error):  # the page may be leaving for what was sent
        page.wait_for_selector(f"{REPORT}:not([data-busy])", state="attached", timeout=2000)


def comment(page, text):
    """Send a comment and type on, so that the page does not leave for what was sent."""
    page.evaluate(SUBMIT, [COMMENT, {"text": text}])
    page.wait_for_selector(f"{COMMENT}:not([data-busy])")
    page.evaluate("dispatchEvent(new Event('input'))")


def noise(size):
    """A photo of at least so many bytes that no browser makes smaller: it is one already."""
    side = 1000
    while True:
        pixels = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
        out = io.BytesIO()
        pixels.save(out, "JPEG", quality=40)
        if out.tell() >= size:
            return out.getvalue()
        side = side * 5 // 4


def coarse():
    """A photo that a browser makes smaller, by another number of bytes each time."""
    picture, out = Image.effect_noise((500, 375), 90).resize((2600, 1950)).convert("RGB"), io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def texts(model, name):
    return sorted(model.objects.values_list(name, flat=True))
