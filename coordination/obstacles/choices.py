"""Kinds, forms and states of an obstacle (domain facts 2.5 and 3.7)."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ObstacleKind(models.TextChoices):
    BLANK_SPOT = "blank_spot", _("No signal (blank spot)")
    WEAK_SIGNAL = "weak_signal", _("Weak signal")
    CONGESTION = "congestion", _("Network full, dense traffic")
    ONLY_2G_3G = "only_2g_3g", _("Only 2G/3G")
    ONE_OPERATOR = "one_operator", _("Only one operator")
    BACKHAUL = "backhaul", _("Narrow backhaul (VSAT)")
    FIBRE_CUT = "fibre_cut", _("Fibre cable cut")
    SEA_CABLE_CUT = "sea_cable_cut", _("Sea cable cut")
    POWER = "power", _("Power cut")
    TOWER_DOWN = "tower_down", _("Tower not working")
    DEVICE_BROKEN = "device_broken", _("Device or access point broken")
    TERRAIN = "terrain", _("Hilly terrain")
    WEATHER = "weather", _("Extreme weather or disaster")
    SECURITY = "security", _("Vandalism or security")
    INTERFERENCE = "interference", _("Frequency interference")
    LOCAL_NETWORK = "local_network", _("Local network of the building")
    OTHER = "other", _("Other network obstacle")
    QUOTA = "quota", _("Data quota (not the network)")
    GADGET = "gadget", _("Devices of participants (not the network)")
    SKILL = "skill", _("Skill in using devices (not the network)")
    INTEREST = "interest", _("Little interest (not the network)")

    # Bawaslu's reasons that no ICT office can repair; recorded, but never part of a request.
    NOT_NETWORK = nonmember(("quota", "gadget", "skill", "interest"))


class Form(models.TextChoices):
    CONDITION = "condition", _("Standing condition")
    EVENT = "event", _("Disturbance with a beginning and an end")


class ObstacleState(models.TextChoices):
    OPEN = "open", pgettext_lazy("obstacle", "Open")
    CONFIRMED = "confirmed", pgettext_lazy("obstacle", "Confirmed")
    MITIGATED = "mitigated", pgettext_lazy("obstacle", "Mitigated")
    CLEARED = "cleared", pgettext_lazy("obstacle", "Cleared")
    MERGED = "merged", pgettext_lazy("obstacle", "Merged")

    STANDING = nonmember(("open", "confirmed", "mitigated"))
