"""What must be true of offices and officials, whoever writes them."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from coordination.offices.models import Official
from coordination.regions.models import Level

FARTHEST = timedelta(days=366)


def validate_seat(region):
    """An office serves the country (None), a province, or a regency or city."""
    if region is not None and region.level > Level.REGENCY:
        raise ValidationError(_("An office serves a province, a regency or a city."))


def validate_free_email(email, pk=None):
    """No two accounts share an address, however it is spelled: a new password is sent there."""
    if email and Official.objects.filter(email__iexact=email).exclude(pk=pk).exists():
        raise ValidationError(_("This e-mail address belongs to another account."))


def validate_absence(first_day, last_day, today):
    """It is not over, ends on its first day or later, and lies within a year: a farther day is a slip in the year."""
    if last_day < today:
        raise ValidationError({"last_day": _("This day has passed.")})
    if last_day < first_day:
        raise ValidationError({"last_day": _("The last day lies before the first.")})
    for name, day in (("first_day", first_day), ("last_day", last_day)):
        if abs(day - today) > FARTHEST:
            raise ValidationError({name: _("This day is more than a year away; please look at the year.")})
