"""Stages of an election, and how sure the portal is of a fact about one (domain facts 1 and 2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StageKind(models.TextChoices):
    """In the order in which they follow each other. Debates and advertising are methods with dates of their own."""

    CAMPAIGN = "campaign", _("Campaign")
    QUIET = "quiet", _("Quiet period")
    VOTING = "voting", _("Voting")


class Confidence(models.TextChoices):
    """High: the rule's own text or two sources. Low: general knowledge, never to be told as law."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")
