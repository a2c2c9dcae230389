"""Levels, technologies, how a measurement came about (domain facts 3.3 to 3.5), imported lists, planned outages."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NetworkLevel(models.TextChoices):
    """From the best to the worst. No level at all means "not measured yet", which is never shown as weak."""

    STRONG = "strong", pgettext_lazy("network", "Strong")
    MEDIUM = "medium", pgettext_lazy("network", "Medium")
    WEAK = "weak", pgettext_lazy("network", "Weak")
    NO_SIGNAL = "no_signal", pgettext_lazy("network", "No signal")


class Technology(models.TextChoices):
    NONE = "none", _("No signal at all")
    G2 = "2g", "2G"
    G3 = "3g", "3G"
    G4 = "4g", "4G"
    G5 = "5g", "5G"
    FIXED = "fixed", _("Fixed/Wi-Fi")
    SATELLITE = "satellite", _("Satellite")


class Method(models.TextChoices):
    PORTAL = "portal", _("Measured by the portal")
    TYPED = "typed", _("Typed in")
    EXPERIENCE = "experience", _("Experience of an activity")


class ListKind(models.TextChoices):
    """What kind of list an import reads."""

    LEVELS = "levels", _("List of levels (kuat, sedang, lemah)")
    SURVEY = "survey", _("Signal in villages, survey of the statistics office")
    TILES = "tiles", _("Speed tests by tile, open data of Ookla")


class OutageKind(models.TextChoices):
    OPERATOR = "operator", pgettext_lazy("outage", "Operator of a network")
    POWER = "power", pgettext_lazy("outage", "Electricity")


class Impact(models.TextChoices):
    """What a planned outage does, in the words of MAINTNOTE, from the least to the worst."""

    NONE = "none", pgettext_lazy("impact", "None")
    REDUCED_REDUNDANCY = "reduced", _("Reduced redundancy")
    DEGRADED = "degraded", pgettext_lazy("impact", "Degraded")
    OUTAGE = "outage", pgettext_lazy("impact", "Cut off")


class OutageState(models.TextChoices):
    """That one is over follows from its time and is not kept (PlannedOutage.is_over)."""

    TENTATIVE = "tentative", pgettext_lazy("outage", "Tentative")
    CONFIRMED = "confirmed", pgettext_lazy("outage", "Confirmed")
    MOVED = "moved", pgettext_lazy("outage", "Moved")
    CANCELLED = "cancelled", pgettext_lazy("outage", "Cancelled")

    EXPECTED = nonmember(("tentative", "confirmed", "moved"))
    # What a new one can be: it moves and ends only later.
    AT_FIRST = nonmember(("tentative", "confirmed"))
