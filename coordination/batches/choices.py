"""Where an import stands."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportState(models.TextChoices):
    READING = "reading", _("Being read")
    WAITING = "waiting", _("Waiting for approval")
    APPLYING = "applying", _("Being applied")
    DONE = "done", pgettext_lazy("import", "Applied")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")
    FAILED = "failed", _("Could not be read")

    AT_WORK = nonmember(("reading", "applying", "undoing"))
