"""What a person may type about an activity."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from coordination.campaigns.models import LONGEST
from coordination.common.spans import validate_span
from coordination.regions.geography import is_plausible_point
from coordination.regions.models import Level


def validate_activity_region(region):
    """An activity is held at one place."""
    if region.level == Level.PROVINCE:
        raise ValidationError(_("Choose a regency, district or village."))


def validate_times(starts_at, ends_at):
    """It begins between 2015 and two years ahead, ends after that, and lasts a month at most."""
    too_long = _("An activity lasts at most 31 days. Register a longer one in parts.")
    validate_span(starts_at, ends_at, LONGEST, too_long)


def validate_point(region, latitude, longitude):
    """Both or none, and within reach of the regency."""
    if (latitude is None) != (longitude is None):
        missing = "longitude" if longitude is None else "latitude"
        raise ValidationError({missing: _("Give both latitude and longitude, or neither.")})
    if latitude is not None and not is_plausible_point(region, latitude, longitude):
        raise ValidationError({"latitude": _("This point does not lie in the regency of the region.")})
