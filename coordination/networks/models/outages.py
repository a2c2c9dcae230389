"""Maintenance that an operator or the electricity company has announced: where and when a network will be away."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.batches.models import Batch, Fault, batch_constraints
from coordination.common.models import Captured, Timestamped, Versioned
from coordination.networks.choices import Impact, OutageKind, OutageState
from coordination.networks.models.measuring import Operator
from coordination.networks.models.stating import ImportBatchQuerySet
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.regions.models import Region, paths_above

# The longest window of one outage; what goes on for longer is no maintenance but a condition, and an obstacle.
LONGEST_OUTAGE = timedelta(days=92)


class OutageBatch(Batch):
    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of planned outages")
        verbose_name_plural = _("imports of planned outages")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="outage_batch_newest")]
        constraints = batch_constraints("outage_batch")

    def get_absolute_url(self):
        return reverse("outage_lists:batch", args=[self.key])


class OutageFault(Fault):
    batch = models.ForeignKey(OutageBatch, on_delete=models.CASCADE, related_name="faults")


class StagedOutage(models.Model):
    """A good row of a list that waits: approving applies exactly these."""

    batch = models.ForeignKey(OutageBatch, on_delete=models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField(_("row"))
    provider = models.CharField(_("announced by"), max_length=120)
    reference = models.CharField(_("reference of the notice"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=OutageKind)
    operator = models.ForeignKey(
        Operator, verbose_name=_("operator"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    regions = ArrayField(models.BigIntegerField(), verbose_name=_("regions"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    impact = models.CharField(_("impact"), max_length=10, choices=Impact)
    state = models.CharField(_("state"), max_length=10, choices=OutageState)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("row that waits")
        verbose_name_plural = _("rows that wait")
        ordering = ["number"]

    def __str__(self):
        return f"{self.provider} {self.reference}"


class PlannedOutageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that touch the jurisdiction: one of a whole province concerns each regency in it."""
        path = Jurisdiction.of(user).path
        if path is None:
            return self.none()
        return self.near(path) if path else self

    def expected(self):
        """Those that are still to take place, or did: without the cancelled ones."""
        return self.filter(state__in=OutageState.EXPECTED)

    def overlapping(self, starts_at, ends_at):
        """Those that share some time with the one from `starts_at` to `ends_at`; meeting at an end is none."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def touching(self, region):
        """Those of the region, of one below it, or of one above it."""
        return self.near(region.path)

    def near(self, path):
        """Those of a region at, above or below this path."""
        near = Q(region__path__startswith=path) | Q(region__path__in=paths_above(path))
        return self.filter(Exists(self.model.regions.through.objects.filter(near, plannedoutage=OuterRef("pk"))))


class PlannedOutage(Captured, Versioned, Timestamped):
    """One announced window. Everybody whose region it touches may know of it; for what it is, the note says.

    It has at least one region, which the verbs see to (maintaining): a row of regions can only follow its outage.
    """

    number = models.CharField(_("number"), max_length=30, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=OutageState, default=OutageState.TENTATIVE)
    kind = models.CharField(_("kind"), max_length=10, choices=OutageKind)
    operator = models.ForeignKey(
        Operator,
        verbose_name=_("operator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="planned_outages",
    )
    # Who announced it, as the notice says: also those that run fibre for operators and serve nobody themselves.
    provider = models.CharField(_("announced by"), max_length=120)
    reference = models.CharField(_("reference of the notice"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), related_name="planned_outages")
    impact = models.CharField(_("impact"), max_length=10, choices=Impact, default=Impact.OUTAGE)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    source_text = models.TextField(_("text of the notice"), max_length=10_000, blank=True)
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("registered by"),
        on_delete=models.PROTECT,
        related_name="planned_outages",
    )
    # An admin registers for no office.
    office = models.ForeignKey(
        Office,
        verbose_name=_("registering office"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="planned_outages",
    )

    batch = models.ForeignKey(
        OutageBatch,
        verbose_name=_("import"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="outages",
    )

    objects = PlannedOutageQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned outage")
        verbose_name_plural = _("planned outages")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["starts_at", "id"], name="outage_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="outage_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + LONGEST_OUTAGE), name="outage_lasts_three_months_at_most"
            ),
            models.CheckConstraint(condition=Q(state__in=OutageState.values), name="outage_state_is_known"),
            models.CheckConstraint(condition=Q(impact__in=Impact.values), name="outage_impact_is_known"),
            models.CheckConstraint(
                condition=Q(kind=OutageKind.OPERATOR) | Q(kind=OutageKind.POWER, operator=None),
                name="outage_of_power_has_no_operator",
            ),
            models.CheckConstraint(condition=~Q(provider=""), name="outage_is_announced_by_somebody"),
            # What was cancelled may be announced anew under its old reference.
            models.UniqueConstraint(
                "office",
                Lower("provider"),
                Lower("reference"),
                condition=~Q(reference="") & ~Q(state=OutageState.CANCELLED),
                nulls_distinct=False,
                name="outage_once_an_office_and_reference",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("outages:detail", args=[self.number])

    @property
    def title(self):
        """Who announced it and where, in a few words."""
        places = [region.name for region in self.regions.all()]
        more = f" +{len(places) - 1}" if len(places) > 1 else ""
        return f"{self.provider}, {places[0]}{more}" if places else self.provider

    @property
    def region(self):
        """The first of its regions, on whose clocks its times are shown. No query where they are prefetched."""
        return next(iter(self.regions.all()), None)

    @property
    def starts_there(self):
        """When it starts, on the clocks of its region."""
        return self.starts_at.astimezone(ZoneInfo(self.region.time_zone))

    @property
    def ends_there(self):
        return self.ends_at.astimezone(ZoneInfo(self.region.time_zone))

    @property
    def is_over(self):
        return self.state in OutageState.EXPECTED and self.ends_at <= timezone.now()
