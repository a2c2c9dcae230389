"""The kinds of office and the roles in one."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    KPU = "kpu", "KPU"
    KOMINFO = "kominfo", _("Diskominfo")
    BAWASLU = "bawaslu", "Bawaslu"


class Role(models.TextChoices):
    OFFICER = "officer", pgettext_lazy("role", "Officer")
    LEAD = "lead", pgettext_lazy("role", "Lead")
    VIEWER = "viewer", pgettext_lazy("role", "Viewer")

    ACTING = nonmember(("officer", "lead"))
