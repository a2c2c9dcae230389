"""What a person may type about an obstacle."""

from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.regions.geography import is_plausible_point
from coordination.regions.models import Level

EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)


def validate_reported_region(region):
    """A whole province is too large for anybody to look into."""
    if region.level == Level.PROVINCE:
        raise ValidationError(_("Choose a regency, district or village."))


def validate_period(since, until):
    """An obstacle begins between 2015 and tomorrow and does not end before it begins."""
    if since < EARLIEST or since > timezone.now() + timedelta(days=1):
        raise ValidationError({"since": _("Give a time between 2015 and tomorrow.")})
    if until and until < since:
        raise ValidationError({"until": _("The end lies before the beginning.")})
    if until and until > timezone.now() + timedelta(days=366):
        raise ValidationError({"until": _("Give an end within a year, or leave it empty.")})


def validate_coordinates(region, latitude, longitude):
    """Both or none; and, where the regency's place is known, within reach of it."""
    if (latitude is None) != (longitude is None):
        missing = "longitude" if longitude is None else "latitude"
        raise ValidationError({missing: _("Give both latitude and longitude, or neither.")})
    if latitude is not None and not is_plausible_point(region, latitude, longitude):
        raise ValidationError({"latitude": _("This point does not lie in the regency of the region.")})
