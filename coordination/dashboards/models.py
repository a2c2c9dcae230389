"""Roll-ups: they can be thrown away and counted anew from what the other apps keep."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.dashboards.choices import Tier


class RegionFigures(models.Model):
    """What was counted of a region and all below it (figures.count), kept by `keeping`."""

    path = models.CharField(_("path of the region"), primary_key=True, max_length=20)  # "" is the country
    edition = models.PositiveSmallIntegerField(_("edition"))
    counted_at = models.DateTimeField(_("counted"))
    figures = models.JSONField(_("figures"))

    class Meta:
        verbose_name = _("figures of a region")
        verbose_name_plural = _("figures of regions")

    def __str__(self):
        return f"{self.path or '–'} {self.counted_at:%Y-%m-%d %H:%M}"


class Progress(models.Model):
    """How far `keeping.sweep` has read the history and the clock for the regions of one tier."""

    tier = models.CharField(_("tier"), primary_key=True, max_length=10, choices=Tier)
    seen = models.BigIntegerField(_("last event"))
    until = models.DateTimeField(_("until"))
    rests_until = models.DateTimeField(_("rests until"))

    class Meta:
        verbose_name = _("progress of the figures")
        verbose_name_plural = _("progress of the figures")
        constraints = [models.CheckConstraint(condition=Q(tier__in=Tier.values), name="progress_tier_is_known")]

    def __str__(self):
        return f"{self.get_tier_display()}: {self.seen}, {self.until:%Y-%m-%d %H:%M}"
