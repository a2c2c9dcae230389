"""Levels of a network, technologies, how a measurement came about (domain facts 3.3 to 3.5), and imported lists."""

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


class ListKind(models.TextChoices):
    """What kind of list an import reads."""

    LEVELS = "levels", _("List of levels (kuat, sedang, lemah)")
    SURVEY = "survey", _("Signal in villages, survey of the statistics office")
    TILES = "tiles", _("Speed tests by tile, open data of Ookla")
