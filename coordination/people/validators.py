"""What must be true of offices and officials, whoever writes them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from coordination.offices.models import Official
from coordination.regions.models import Level


def validate_seat(region):
    """An office serves the country (None), a province, or a regency or city."""
    if region is not None and region.level > Level.REGENCY:
        raise ValidationError(_("An office serves a province, a regency or a city."))


def validate_free_email(email, pk=None):
    """No two accounts share an address, however it is spelled: a new password is sent there."""
    if email and Official.objects.filter(email__iexact=email).exclude(pk=pk).exists():
        raise ValidationError(_("This e-mail address belongs to another account."))
