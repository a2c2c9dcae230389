"""Lists of levels that somebody states, how they are imported, and the level that a region shows."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.batches.models import Batch, Fault, batch_constraints
from coordination.networks.choices import ListKind, NetworkLevel
from coordination.networks.levels import ORDER
from coordination.networks.models.measuring import OLD_AFTER, Assessment, Operator
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.models import Region


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The imports this user may know of: those of offices within the jurisdiction; an admin's only admins see."""
        return self.filter(Jurisdiction.of(user).q("office__region"))


class ImportBatch(Batch):
    kind = models.CharField(_("kind of list"), max_length=10, choices=ListKind)
    source = models.CharField(_("source"), max_length=200)
    # For rows that name no day of their own.
    stated_on = models.DateField(_("as of"), null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of levels")
        verbose_name_plural = _("imports of levels")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_batch_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ListKind.values), name="import_batch_kind_is_known"),
            *batch_constraints("import_batch"),
        ]

    def get_absolute_url(self):
        return reverse("levels:batch", args=[self.key])


class ImportFault(Fault):
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="faults")


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
