"""What a person may type as the beginning and the end of something planned."""

from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
FARTHEST = timedelta(days=731)


def validate_span(starts_at, ends_at, longest, too_long):
    """It begins between 2015 and two years ahead, ends after that, and lasts `longest` at most, else `too_long`."""
    if not EARLIEST <= starts_at <= timezone.now() + FARTHEST:
        raise ValidationError({"starts_at": _("Give a time between 2015 and two years from now.")})
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end lies before the beginning.")})
    if ends_at > starts_at + longest:
        raise ValidationError({"ends_at": too_long})
