"""Moments at which offices work and do not, and a clock that stands at one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


def there(text, zone=JAKARTA):
    """A moment on the clocks of a zone: there("2026-11-18 10:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# A Wednesday without anything special.
AT_WORK, EVENING, NEXT_OPENING = (there(f"2026-11-{text}") for text in ("18 10:20", "18 19:00", "19 07:30"))


class Clock:
    """Django's clock, set by hand."""

    def __init__(self, monkeypatch):
        self.now = AT_WORK
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def set(self, moment):
        self.now = moment
