"""The append-only history: who did what to which thing for which office, chained so that gaps show."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.history.choices import AGAIN, VERBS, WARNED
from coordination.offices.models import Office
from coordination.regions.models import Region


class EventQuerySet(models.QuerySet):
    def about(self, subject):
        """The history of one row, oldest first."""
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk).order_by(
            "sequence"
        )

    def readable_by(self, user):
        """Without the internal notes of other offices. Whether the subject is visible is the subject's rule."""
        if user.is_superuser:
            return self
        return self.filter(Q(only_for=None) | Q(only_for__in=user.own_offices))


class Event(models.Model):
    """One line of history. The database refuses to change or delete it (migration 0002)."""

    sequence = models.BigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    office = models.ForeignKey(
        Office, verbose_name=_("for which office"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_type = models.ForeignKey(
        ContentType, verbose_name=_("kind of thing"), on_delete=models.PROTECT, related_name="+"
    )
    subject_id = models.BigIntegerField(_("its key"))
    subject = GenericForeignKey("subject_type", "subject_id")
    verb = models.CharField(_("what"), max_length=40)
    from_state = models.CharField(_("from"), max_length=20, blank=True)
    to_state = models.CharField(_("to"), max_length=20, blank=True)
    note = models.TextField(_("note"), blank=True)
    # Facts of the change: field names with old and new values, ids of other rows. Never personal text.
    data = models.JSONField(_("facts"), default=dict, blank=True)
    only_for = models.ForeignKey(
        Office, verbose_name=_("only for"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    previous_hash = models.CharField(_("hash of the one before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        ordering = ["sequence"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "sequence"], name="event_by_subject")]

    def __str__(self):
        return f"{self.sequence} {self.verb}"

    @property
    def words(self):
        """What was done, in the reader's language."""
        if (self.verb, self.from_state) == ("submit", "returned"):
            return AGAIN
        if self.verb == "warn" and self.data.get("risk") in WARNED:
            return WARNED[self.data["risk"]] % self.data
        return VERBS.get(self.verb, self.verb)


class NumberSeries(models.Model):
    """The last number given of one series (PK, HB) in one regency and year."""

    series = models.CharField(_("series"), max_length=4)
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [
            models.UniqueConstraint(fields=["series", "region", "year"], name="one_series_a_region_and_year")
        ]

    def __str__(self):
        return f"{self.series}-{self.region_id}-{self.year}: {self.last}"
