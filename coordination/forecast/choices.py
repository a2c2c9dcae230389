"""Risks, what a rule is about, and how the network did."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Risk(models.TextChoices):
    """How likely the network spoils an activity. Unknown is never shown as low."""

    LOW = "low", pgettext_lazy("risk", "Low")
    MEDIUM = "medium", pgettext_lazy("risk", "Medium")
    HIGH = "high", pgettext_lazy("risk", "High")
    UNKNOWN = "unknown", pgettext_lazy("risk", "Cannot be told yet")


# From the best to the worst; UNKNOWN has no place among them.
ORDER = [Risk.LOW, Risk.MEDIUM, Risk.HIGH]


class About(models.TextChoices):
    """What a rule is about. `value` and `limit` of the rule mean something else for each."""

    LEVEL = "level", _("Level of the network (value: the level)")
    OLD = "old", _("Level that is older than so many days")
    NEAR = "near", _("Level of the nearest village, farther away than so many km")
    TIER = "tier", _("Level of the district or regency alone (value: district or regency)")
    BELOW = "below", _("Measured less than the activity needs")
    TIGHT = "tight", _("Measured speed of which the need takes more than this share (%)")
    OBSTACLE = "obstacle", _("Obstacle that stands (value: its kind)")
    MITIGATED = "mitigated", _("At most, for an obstacle with an interim measure")
    AHEAD = "ahead", _("At most, for an obstacle without an end, more than so many days ahead")
    RECENT = "recent", _("Obstacle cleared within so many days")
    OUTAGE = "outage", _("Planned outage (value: its impact)")
    CHANCE = "chance", _("How often the network fails at this risk, in % (value: the risk)")

    LIMITED = nonmember(("old", "near", "tight", "ahead", "recent", "chance"))
    IN_PERCENT = nonmember(("tight", "chance"))


class Answer(models.TextChoices):
    """Did the network hold?"""

    YES = "yes", pgettext_lazy("network", "Yes, it held")
    TROUBLE = "trouble", pgettext_lazy("network", "With trouble")
    NO = "no", pgettext_lazy("network", "No")
