"""What is told, why, and when a mail of it leaves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What the news are about; for each of these a person chooses how the mails come."""

    STEPS = "steps", pgettext_lazy("news", "Steps of requests")
    COMMENTS = "comments", pgettext_lazy("news", "Comments and internal notes")
    DEADLINES = "deadlines", pgettext_lazy("news", "Deadlines")
    OBSTACLES = "obstacles", pgettext_lazy("news", "Obstacles")
    ACTIVITIES = "activities", pgettext_lazy("news", "Activities at risk")
    OUTAGES = "outages", pgettext_lazy("news", "Planned outages")


class Timing(models.TextChoices):
    AT_ONCE = "at_once", pgettext_lazy("mail", "At once")
    HOURLY = "hourly", pgettext_lazy("mail", "Collected every hour")
    DAILY = "daily", pgettext_lazy("mail", "Collected every day, 07.30")
    OFF = "off", pgettext_lazy("mail", "No mail")


class Reason(models.TextChoices):
    """Why somebody is told. Who is told for several reasons gets the one that comes first where it is asked."""

    IN_CHARGE = "in_charge", _("You are the person in charge.")
    FILES = "files", _("Your office filed this request.")
    HANDLES = "handles", _("Your office handles this request.")
    SUPERIOR = "superior", _("Your office is the superior office of the one that handles it.")
    STANDS_IN = "stands_in", _("You stand in for a colleague who is away.")
    IS_AWAY = "is_away", _("It is your own absence.")
    LEADS = "leads", _("You lead the office.")
    NOBODY_ABOVE = "nobody_above", _("A deadline has passed and there is no further office above that could be told.")
    WATCHES = "watches", _("Your office follows this request.")
    REPORTED = "reported", _("Your office reported this obstacle.")
    JOINED = "joined", _("Your office joined this obstacle.")
    ANSWERS = "answers", _("Your office answers for this region.")
    REGISTERED = "registered", _("Your office registered this activity.")
    PLANS_THERE = "plans_there", _("Your office has planned an activity there at that time.")
    OWN_NOTE = "own_note", _("This is only for your own office.")


class MailKind(models.TextChoices):
    SINGLE = "single", pgettext_lazy("mail", "One event")
    DIGEST = "digest", pgettext_lazy("mail", "Collected")


class Withheld(models.TextChoices):
    """Why a mail that was planned did not go out."""

    CLOSED = "closed", pgettext_lazy("withheld", "The account is closed or has no address")
    REFUSED = "refused", pgettext_lazy("withheld", "The mail server refused the address")
    OUT_OF_SIGHT = "out_of_sight", pgettext_lazy("withheld", "The person may no longer see it")
    TURNED_OFF = "turned_off", pgettext_lazy("withheld", "The person turned such mails off")
    READ = "read", pgettext_lazy("withheld", "Read in the portal before")
