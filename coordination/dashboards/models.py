"""Roll-ups: they can be thrown away and counted anew from what the other apps keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    """How far `keeping.sweep` has read: the history and the clock. One row at most."""

    seen = models.BigIntegerField(_("last event"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("progress of the figures")
        verbose_name_plural = _("progress of the figures")

    def __str__(self):
        return f"{self.seen}, {self.until:%Y-%m-%d %H:%M}"
