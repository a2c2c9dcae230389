"""Operators of networks, the portal's thresholds, and what was measured where."""

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.common.models import Captured, StoredFile
from coordination.networks.choices import Method, NetworkLevel, Technology
from coordination.networks.levels import ORDER, PARAMETERS
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.regions.models import Region

# After this a measurement is marked as old: a network changes within a campaign.
OLD_AFTER = timedelta(days=30)


class OperatorQuerySet(models.QuerySet):
    def serving(self, on=None):
        """Operators that exist on the day (today by default)."""
        day = on or timezone.localdate()
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


class Operator(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    objects = OperatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="operator_period_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return self.name


class ThresholdQuerySet(models.QuerySet):
    def best_first(self):
        """All rows from strong to no signal."""
        return sorted(self, key=lambda row: ORDER.index(row.level))


class Threshold(models.Model):
    """What a network must reach for a level: the portal's own thresholds, no rule of the ministry."""

    level = models.CharField(_("level"), max_length=10, choices=NetworkLevel, unique=True)
    least_download_mbps = models.DecimalField(
        _("least download (Mbps)"), max_digits=9, decimal_places=3, null=True, blank=True
    )
    least_upload_mbps = models.DecimalField(
        _("least upload (Mbps)"), max_digits=9, decimal_places=3, null=True, blank=True
    )
    most_latency_ms = models.PositiveIntegerField(_("most latency (ms)"), null=True, blank=True)
    most_jitter_ms = models.PositiveIntegerField(_("most jitter (ms)"), null=True, blank=True)
    most_loss_percent = models.DecimalField(
        _("most packets lost (%)"), max_digits=4, decimal_places=1, null=True, blank=True
    )

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("threshold of the portal")
        verbose_name_plural = _("thresholds of the portal")
        constraints = [
            models.CheckConstraint(condition=Q(level__in=NetworkLevel.values), name="threshold_level_is_known"),
            # The worst level that is measured takes whatever is left, so that every figure has a level.
            models.CheckConstraint(
                condition=Q(
                    level__in=[NetworkLevel.STRONG, NetworkLevel.MEDIUM],
                    least_download_mbps__gte=0,
                    least_upload_mbps__gte=0,
                    most_latency_ms__isnull=False,
                    most_jitter_ms__isnull=False,
                    most_loss_percent__range=(0, 100),
                )
                | Q(
                    level__in=[NetworkLevel.WEAK, NetworkLevel.NO_SIGNAL],
                    least_download_mbps=None,
                    least_upload_mbps=None,
                    most_latency_ms=None,
                    most_jitter_ms=None,
                    most_loss_percent=None,
                ),
                name="threshold_limits_the_better_levels",
            ),
        ]

    def __str__(self):
        return self.get_level_display()


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The measurements this user may know of: those within the jurisdiction."""
        return self.filter(Jurisdiction.of(user).q("region"))

    def classed(self):
        """Those that found a level."""
        return self.exclude(level=None)


class Assessment(Captured):
    """What somebody measured at one place and time, and the level that follows from it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="assessments")
    place = models.CharField(_("place"), max_length=200, blank=True)
    # The database must know "not measured" from every level, the empty text included.
    level = models.CharField(  # noqa: DJ001
        _("level"), max_length=10, choices=NetworkLevel, null=True, blank=True, editable=False
    )
    operator = models.ForeignKey(
        Operator,
        verbose_name=_("operator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assessments",
        help_text=_("Empty: any operator."),
    )
    technology = models.CharField(_("technology there"), max_length=10, choices=Technology, blank=True)
    network_type = models.CharField(_("connection of the device"), max_length=40, blank=True)
    device = models.CharField(_("device"), max_length=120, blank=True)
    download_mbps = models.DecimalField(_("download (Mbps)"), max_digits=9, decimal_places=3, null=True, blank=True)
    upload_mbps = models.DecimalField(_("upload (Mbps)"), max_digits=9, decimal_places=3, null=True, blank=True)
    latency_ms = models.PositiveIntegerField(_("latency (ms)"), null=True, blank=True)
    jitter_ms = models.PositiveIntegerField(_("jitter (ms)"), null=True, blank=True)
    loss_percent = models.DecimalField(_("packets lost (%)"), max_digits=4, decimal_places=1, null=True, blank=True)
    signal_dbm = models.SmallIntegerField(_("signal (dBm)"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=10, choices=Method, default=Method.TYPED)
    source = models.CharField(_("source"), max_length=200, blank=True)
    measured_at = models.DateTimeField(_("measured"))
    bytes_used = models.PositiveIntegerField(_("bytes used"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="assessments"
    )
    office = models.ForeignKey(
        Office, verbose_name=_("recording office"), on_delete=models.PROTECT, related_name="assessments"
    )
    created_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["-measured_at", "-id"]
        indexes = [
            models.Index(fields=["-measured_at", "-id"], name="assessment_newest"),
            models.Index(fields=["region", "-measured_at", "-id"], name="assessment_of_region"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__in=NetworkLevel.values), name="assessment_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(technology="") | Q(technology__in=Technology.values), name="assessment_technology_is_known"
            ),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="assessment_method_is_a_known_one"),
            models.CheckConstraint(
                condition=(Q(download_mbps=None) | Q(download_mbps__gte=0))
                & (Q(upload_mbps=None) | Q(upload_mbps__gte=0)),
                name="assessment_speeds_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(loss_percent=None) | Q(loss_percent__range=(0, 100)), name="assessment_loss_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(signal_dbm=None) | Q(signal_dbm__range=(-160, 0)), name="assessment_signal_is_possible"
            ),
            models.CheckConstraint(
                condition=~Q(level=NetworkLevel.NO_SIGNAL) | Q(technology=Technology.NONE),
                name="assessment_without_signal_says_so",
            ),
            # What nobody measured has no level, unless somebody held an activity there.
            models.CheckConstraint(
                condition=Q(level=None)
                | Q(method=Method.EXPERIENCE)
                | Q(technology=Technology.NONE)
                | Q(download_mbps__isnull=False)
                | Q(upload_mbps__isnull=False)
                | Q(latency_ms__isnull=False)
                | Q(jitter_ms__isnull=False)
                | Q(loss_percent__isnull=False),
                name="assessment_level_follows_from_something",
            ),
        ]

    def __str__(self):
        return gettext("Measurement %(place)s, %(day)s") % {
            "place": self.place or self.region.name,
            "day": date_format(self.measured_there),
        }

    def get_absolute_url(self):
        return reverse("networks:detail", args=[self.key])

    @property
    def measured_there(self):
        """When it was measured, on the clocks of the region."""
        return self.measured_at.astimezone(ZoneInfo(self.region.time_zone))

    @property
    def is_old(self):
        return timezone.now() - self.measured_at > OLD_AFTER

    @property
    def values(self):
        """What the level follows from, by field."""
        return {name: getattr(self, name) for name in ("technology", *(each.name for each in PARAMETERS))}

    @property
    def sentence(self):
        """The figures in a line of text, for a report that quotes them."""
        known = [(each, self.values[each.name]) for each in PARAMETERS if self.values[each.name] is not None]
        figures = [f"{each.label} {each.text(value)}" for each, value in known]
        if self.level:
            figures.insert(0, gettext("network %(level)s") % {"level": str(self.get_level_display()).lower()})
        return gettext("Measured on %(when)s: %(figures)s.") % {
            "when": f"{date_format(self.measured_there, 'DATETIME_FORMAT')} {self.region.get_time_zone_display()}",
            "figures": "; ".join(figures) or self.get_technology_display() or "–",
        }


class Screenshot(StoredFile):
    assessment = models.ForeignKey(
        Assessment, verbose_name=_("measurement"), on_delete=models.PROTECT, related_name="screenshots"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("screenshot")
        verbose_name_plural = _("screenshots")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["assessment", "sha256"], name="screenshot_once_a_measurement")]
