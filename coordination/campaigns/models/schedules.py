"""Lists of activities as they are imported. They say for whom an activity is, so that only those who may know it see
them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.batches.models import Batch, Fault, batch_constraints
from coordination.campaigns.choices import Need, Platform
from coordination.campaigns.models.activities import CandidatePair, sees_pairs
from coordination.campaigns.models.elections import CampaignMethod, Election
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.regions.models import Region


class ScheduleBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The imports this user may know of: those of offices within the jurisdiction, and only where pairs may be
        known; an admin's only who sees the whole country."""
        if not sees_pairs(user):
            return self.none()
        return self.filter(Jurisdiction.of(user).q("office__region"))


class ScheduleBatch(Batch):
    objects = ScheduleBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a schedule")
        verbose_name_plural = _("imports of schedules")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="schedule_batch_newest")]
        constraints = batch_constraints("schedule_batch")

    def get_absolute_url(self):
        return reverse("schedules:batch", args=[self.key])


class ScheduleFault(Fault):
    batch = models.ForeignKey(ScheduleBatch, on_delete=models.CASCADE, related_name="faults")


class StagedActivity(models.Model):
    """A good row of a schedule that waits: approving registers exactly these."""

    batch = models.ForeignKey(ScheduleBatch, on_delete=models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField(_("row"))
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    candidate_pair = models.ForeignKey(CandidatePair, null=True, on_delete=models.PROTECT, related_name="+")
    method = models.ForeignKey(CampaignMethod, on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=10, choices=Platform)
    need = models.CharField(max_length=10, choices=Need)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    participants = models.PositiveIntegerField(null=True)
    sttp_number = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("row that waits")
        verbose_name_plural = _("rows that wait")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="staged_activity_once_a_row")]

    def __str__(self):
        return f"{self.number}: {self.place}"
