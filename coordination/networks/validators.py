"""What a person may type about a measurement or a planned outage."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.common.spans import EARLIEST, validate_span
from coordination.networks.choices import Technology
from coordination.networks.levels import PARAMETERS, shows_connection
from coordination.networks.models import LONGEST_OUTAGE
from coordination.regions.models import Level


def validate_measured_region(region):
    """One place says nothing about a whole province."""
    if region.level == Level.PROVINCE:
        raise ValidationError(_("Choose a regency, district or village."))


def validate_measured_at(moment):
    """Between 2015 and tomorrow: a device's clock can be wrong."""
    if not EARLIEST <= moment <= timezone.now() + timedelta(days=1):
        raise ValidationError({"measured_at": _("Give a time between 2015 and tomorrow.")})


def validate_figures(values):
    """Something was found out, and the figures do not contradict what is said of the signal."""
    known = values.get("signal_dbm") is not None or any(values.get(each.name) is not None for each in PARAMETERS)
    if not known and not values.get("technology"):
        raise ValidationError(_("Give at least one figure, or the technology that is there."))
    if values.get("technology") == Technology.NONE and shows_connection(values):
        raise ValidationError(
            {"technology": _("The figures show a connection, so there is a signal. Correct one of the two.")}
        )


def validate_window(starts_at, ends_at):
    """It begins between 2015 and two years ahead, ends after that, and lasts three months at most."""
    too_long = _("A planned outage lasts at most 92 days. Report an obstacle for what lasts longer.")
    validate_span(starts_at, ends_at, LONGEST_OUTAGE, too_long)
