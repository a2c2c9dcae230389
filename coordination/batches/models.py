"""What every import keeps, whatever its rows are; this app has no tables.

Whoever imports something adds a model of `Batch`, one of `Fault` and one of the rows that wait.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.batches.choices import ImportState
from coordination.common.models import CreatedOnce, StoredFile
from coordination.offices.models import Office


class Batch(CreatedOnce, StoredFile):
    """A list that was sent, what was found in it, and what became of it."""

    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.READING)
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sent by"), on_delete=models.PROTECT, related_name="+"
    )
    office = models.ForeignKey(
        Office, verbose_name=_("for which office"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rows = models.PositiveIntegerField(_("rows read"), default=0)
    faulty = models.PositiveIntegerField(_("rows with a fault"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("unchanged"), default=0)
    failure = models.CharField(_("why it could not be read"), max_length=1000, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def good(self):
        return self.new + self.changed + self.same

    @property
    def at_work(self):
        """Whether the background worker has it just now."""
        return self.state in ImportState.AT_WORK


def batch_constraints(prefix):
    """What the database holds every table of batches to, under names that begin with `prefix`."""
    done, undone = Q(state=ImportState.DONE), Q(state=ImportState.UNDONE)
    return [
        models.CheckConstraint(condition=Q(state__in=ImportState.values), name=f"{prefix}_state_is_known"),
        models.CheckConstraint(condition=~done | Q(applied_at__isnull=False), name=f"{prefix}_done_has_a_time"),
        models.CheckConstraint(condition=~undone | Q(undone_at__isnull=False), name=f"{prefix}_undone_has_a_time"),
    ]


class Fault(models.Model):
    """Why a row of a list cannot be taken, in plain words. Its model adds `batch`, with related_name "faults"."""

    number = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=40, blank=True)
    sentence = models.CharField(_("fault"), max_length=500)

    class Meta:
        abstract = True
        verbose_name = _("fault in an import")
        verbose_name_plural = _("faults in imports")
        ordering = ["number", "id"]

    def __str__(self):
        return f"{self.number}: {self.sentence}"
