"""What a person may type about an activity."""

from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.campaigns.models import LONGEST
from coordination.regions.geography import is_plausible_point
from coordination.regions.models import Level

EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
FARTHEST = timedelta(days=731)


def validate_activity_region(region):
    """An activity is held at one place."""
    if region.level == Level.PROVINCE:
        raise ValidationError(_("Choose a regency, district or village."))


def validate_times(starts_at, ends_at):
    """It begins between 2015 and two years ahead, ends after that, and lasts a month at most."""
    if not EARLIEST <= starts_at <= timezone.now() + FARTHEST:
        raise ValidationError({"starts_at": _("Give a time between 2015 and two years from now.")})
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end lies before the beginning.")})
    if ends_at > starts_at + LONGEST:
        raise ValidationError({"ends_at": _("An activity lasts at most 31 days. Register a longer one in parts.")})


def validate_point(region, latitude, longitude):
    """Both or none, and within reach of the regency."""
    if (latitude is None) != (longitude is None):
        missing = "longitude" if longitude is None else "latitude"
        raise ValidationError({missing: _("Give both latitude and longitude, or neither.")})
    if latitude is not None and not is_plausible_point(region, latitude, longitude):
        raise ValidationError({"latitude": _("This point does not lie in the regency of the region.")})
