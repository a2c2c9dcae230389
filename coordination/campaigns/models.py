"""Elections and the regions in which they are held."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.regions.models import Region


class Election(models.Model):
    """A named event with its own regions and dates; nothing of one election is in the code."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    voting_date = models.DateField(_("voting day"))
    campaign_from = models.DateField(_("campaign from"))
    campaign_to = models.DateField(_("campaign to"))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["-voting_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(campaign_from__lte=F("campaign_to"), campaign_to__lt=F("voting_date")),
                name="election_campaign_ends_before_voting",
            )
        ]

    def __str__(self):
        return self.name


class Contest(models.Model):
    """One office that is voted on: a governor, a regent or a mayor."""

    class Confidence(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")

    election = models.ForeignKey(
        Election, verbose_name=_("election"), on_delete=models.PROTECT, related_name="contests"
    )
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="contests")
    source = models.CharField(_("source"), max_length=200)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        ordering = ["election", "region__path"]
        constraints = [models.UniqueConstraint(fields=["election", "region"], name="contest_once_a_region")]

    def __str__(self):
        return f"{self.election}: {self.region}"
