"""What a typed value must keep to, beyond its kind."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

FARTHEST = timedelta(days=2 * 366)


def validate_not_past(day):
    """What is planned or expected lies today or later; today by the clock of Jakarta, the latest to begin a day."""
    if day < timezone.localdate():
        raise ValidationError(_("This day has passed."))


def validate_plannable(day):
    """Nothing here is planned further ahead than two years: a later day is a slip of the finger in the year."""
    if day > timezone.localdate() + FARTHEST:
        raise ValidationError(_("This day is more than two years ahead; please look at the year."))
