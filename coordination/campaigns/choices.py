"""Stages of an election, and how sure the portal is of a fact about one (domain facts 1 and 2); kinds of activities."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.offices.choices import Kind

# Who may know which candidates an activity is for. The network is repaired for a place and a time, whoever speaks.
SEES_PAIRS = (Kind.KPU, Kind.BAWASLU)


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


class Platform(models.TextChoices):
    ZOOM = "zoom", "Zoom"
    MEET = "meet", "Google Meet"
    YOUTUBE = "youtube", "YouTube Live"
    FACEBOOK = "facebook", "Facebook Live"
    INSTAGRAM = "instagram", "Instagram Live"
    TIKTOK = "tiktok", "TikTok Live"
    WHATSAPP = "whatsapp", "WhatsApp"
    OTHER = "other", pgettext_lazy("platform", "Other")
    NONE = "none", pgettext_lazy("platform", "None (face to face)")


class Need(models.TextChoices):
    """What the network must do at the place of the activity."""

    HOST = "host", _("Host a video meeting")
    JOIN = "join", _("Join a video meeting")
    STREAM = "stream", _("Stream live")
    WATCH = "watch", _("Watch")
    NONE = "none", pgettext_lazy("need", "Nothing")


class ActivityState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("activity", "Planned")
    CANCELLED = "cancelled", pgettext_lazy("activity", "Cancelled")
    HELD = "held", pgettext_lazy("activity", "Held")

    TAKES_PLACE = nonmember(("planned", "held"))
