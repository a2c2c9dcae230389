"""Operators of networks, the portal's thresholds, what was measured or listed where, and the level that follows."""

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

from coordination.common.models import Captured, CreatedOnce, StoredFile
from coordination.networks.choices import ImportState, ListKind, Method, NetworkLevel, Technology
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
            models.CheckConstraint(condition=Q(method__in=Method.values), name="assessment_method_is_known"),
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
            # What nobody measured has no level.
            models.CheckConstraint(
                condition=Q(level=None)
                | Q(technology=Technology.NONE)
                | Q(download_mbps__isnull=False)
                | Q(upload_mbps__isnull=False)
                | Q(latency_ms__isnull=False)
                | Q(jitter_ms__isnull=False)
                | Q(loss_percent__isnull=False),
                name="assessment_level_follows_from_figures",
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


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The imports this user may know of: those of offices within the jurisdiction; an admin's only admins see."""
        return self.filter(Jurisdiction.of(user).q("office__region"))


class ImportBatch(CreatedOnce, StoredFile):
    """A list that was sent, what was found in it, and what became of it."""

    kind = models.CharField(_("kind of list"), max_length=10, choices=ListKind)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.READING)
    source = models.CharField(_("source"), max_length=200)
    # For rows that name no day of their own.
    stated_on = models.DateField(_("as of"), null=True, blank=True)
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sent by"), on_delete=models.PROTECT, related_name="import_batches"
    )
    office = models.ForeignKey(
        Office,
        verbose_name=_("for which office"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="import_batches",
    )
    rows = models.PositiveIntegerField(_("rows read"), default=0)
    faulty = models.PositiveIntegerField(_("rows with a fault"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("unchanged"), default=0)
    failure = models.CharField(_("why it could not be read"), max_length=1000, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of levels")
        verbose_name_plural = _("imports of levels")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_batch_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ListKind.values), name="import_batch_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_batch_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=ImportState.DONE) | Q(applied_at__isnull=False), name="import_batch_done_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.UNDONE) | Q(undone_at__isnull=False),
                name="import_batch_undone_has_a_time",
            ),
        ]

    def get_absolute_url(self):
        return reverse("levels:batch", args=[self.key])

    @property
    def good(self):
        return self.new + self.changed + self.same

    @property
    def at_work(self):
        """Whether the background worker has it just now."""
        return self.state in ImportState.AT_WORK


class ImportFault(models.Model):
    """Why a row of a list cannot be taken, in plain words."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="faults")
    number = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=40, blank=True)
    sentence = models.CharField(_("fault"), max_length=500)

    class Meta:
        verbose_name = _("fault in an import")
        verbose_name_plural = _("faults in imports")
        ordering = ["number", "id"]

    def __str__(self):
        return f"{self.number}: {self.sentence}"


class NameMatch(models.Model):
    """A name in a list that no region bears exactly, and the region that a person says is meant."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="names")
    # The names from the province down, as they stand in the list.
    path = models.CharField(_("names in the list"), max_length=500)
    rows = models.PositiveIntegerField(_("rows"))
    suggested = models.JSONField(_("suggested"), default=list, blank=True)
    region = models.ForeignKey(
        Region, verbose_name=_("meant"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("name to be matched")
        verbose_name_plural = _("names to be matched")
        ordering = ["path", "id"]
        constraints = [models.UniqueConstraint(fields=["batch", "path"], name="name_match_once_a_batch")]

    def __str__(self):
        return self.path


class Statement(models.Model):
    """A level that a source states for a region, with the figures behind it if there are any."""

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("level"), max_length=10, choices=NetworkLevel)
    source = models.CharField(_("source"), max_length=200)
    stated_on = models.DateField(_("as of"))
    operator = models.ForeignKey(
        Operator, verbose_name=_("operator"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    download_mbps = models.DecimalField(_("download (Mbps)"), max_digits=9, decimal_places=3, null=True, blank=True)
    upload_mbps = models.DecimalField(_("upload (Mbps)"), max_digits=9, decimal_places=3, null=True, blank=True)
    latency_ms = models.PositiveIntegerField(_("latency (ms)"), null=True, blank=True)
    tests = models.PositiveIntegerField(_("tests"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.source} {self.stated_on}: {self.get_level_display()}"


class StagedLevel(Statement):
    """A good row of a list that waits: approving applies exactly these."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField(_("row"))

    class Meta:
        verbose_name = _("row that waits")
        verbose_name_plural = _("rows that wait")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "region", "source", "stated_on", "operator"],
                nulls_distinct=False,
                name="staged_level_once_a_batch",
            )
        ]


class StatedLevel(Statement):
    """A level from an applied list. A later edition of the same source and day supersedes it, and undoing that brings
    it back."""

    batch = models.ForeignKey(
        ImportBatch, verbose_name=_("import"), on_delete=models.PROTECT, related_name="stated_levels"
    )
    superseded_by = models.ForeignKey(
        ImportBatch,
        verbose_name=_("superseded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_levels",
    )

    class Meta:
        verbose_name = _("stated level")
        verbose_name_plural = _("stated levels")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "source", "stated_on", "operator"],
                condition=Q(superseded_by=None),
                nulls_distinct=False,
                name="stated_level_once_a_source_and_day",
            ),
            models.CheckConstraint(condition=Q(level__in=NetworkLevel.values), name="stated_level_is_known"),
        ]

    @property
    def is_old(self):
        return timezone.localdate() - self.stated_on > OLD_AFTER


class RegionLevel(models.Model):
    """The level that a region shows, kept by rollup.refresh; a region without a row is not measured yet.

    Counts are of the villages below (of a village: itself) that have a level of their own.
    """

    region = models.OneToOneField(
        Region, verbose_name=_("region"), primary_key=True, on_delete=models.PROTECT, related_name="network"
    )
    level = models.CharField(_("level"), max_length=10, choices=NetworkLevel)
    is_derived = models.BooleanField(_("derived from below"))
    assessment = models.ForeignKey(
        Assessment, verbose_name=_("measurement"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stated = models.ForeignKey(
        StatedLevel, verbose_name=_("stated level"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    oldest_at = models.DateTimeField(_("oldest below"), null=True, blank=True)
    newest_at = models.DateTimeField(_("newest below"), null=True, blank=True)
    strong = models.PositiveIntegerField(default=0)
    medium = models.PositiveIntegerField(default=0)
    weak = models.PositiveIntegerField(default=0)
    no_signal = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("level of a region")
        verbose_name_plural = _("levels of regions")
        constraints = [
            models.CheckConstraint(condition=Q(level__in=NetworkLevel.values), name="region_level_is_known"),
            models.CheckConstraint(
                condition=Q(is_derived=True, assessment=None, stated=None, newest_at__isnull=False)
                | Q(is_derived=False, assessment__isnull=False, stated=None)
                | Q(is_derived=False, assessment=None, stated__isnull=False),
                name="region_level_has_one_origin",
            ),
        ]

    def __str__(self):
        return self.get_level_display()

    @property
    def counts(self):
        """How many villages below show each level, best first."""
        return {level: getattr(self, level.value) for level in ORDER}

    @property
    def is_old(self):
        """Whether even the newest of what it follows from is old."""
        origin = self.assessment or self.stated
        return origin.is_old if origin else timezone.now() - self.newest_at > OLD_AFTER
