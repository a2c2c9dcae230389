"""Why a day is off."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    PUBLIC = "public", _("Public holiday")
    JOINT_LEAVE = "joint_leave", _("Joint leave")
    ELECTION = "election", _("Day of a vote")
    LOCAL = "local", _("Local holiday")
