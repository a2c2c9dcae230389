"""Files that follow a report in pieces: announced with its text, sent when the network allows."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coordination.common.uploads import MAX_BYTES


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody but its sender continues a file; superusers see that it is there."""
        return self if user.is_superuser else self.filter(owner=user.pk)

    def about(self, target):
        """The files that follow this row, the first announced first."""
        return self.filter(target_type=ContentType.objects.get_for_model(target), target_id=target.pk).order_by("pk")

    def unfinished(self):
        """Those of which something is still to come."""
        return self.filter(finished_at=None, ended_at=None)

    def missing(self):
        """Those that the reader of a page has to know of: still to come, refused, or never completed."""
        return self.filter(finished_at=None)


def awaits_files(model):
    """A condition on rows of `model`: some announced file is missing. It spares pages a query of their own."""
    of_model = ContentType.objects.get_for_model(model)
    return Exists(Upload.objects.missing().filter(target_type=of_model, target_id=OuterRef("pk")))


class Upload(models.Model):
    """One announced file. What has arrived lies apart until it is whole and was checked."""

    key = models.UUIDField(unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sender"), on_delete=models.PROTECT, related_name="+"
    )
    target_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    name = models.CharField(_("name"), max_length=120)
    size = models.PositiveIntegerField(_("size"), validators=[MinValueValidator(1), MaxValueValidator(MAX_BYTES)])
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    received = models.PositiveIntegerField(_("arrived"), default=0)
    created_at = models.DateTimeField(_("announced"), auto_now_add=True)
    finished_at = models.DateTimeField(_("complete"), null=True, blank=True)
    ended_at = models.DateTimeField(_("given up"), null=True, blank=True)
    refusal = models.CharField(_("why it was refused"), max_length=300, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("announced file")
        verbose_name_plural = _("announced files")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="upload_by_target"),
            models.Index(fields=["created_at"], name="upload_unfinished", condition=Q(finished_at=None, ended_at=None)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_holds_no_more_than_announced"),
            models.CheckConstraint(condition=Q(size__gte=1, size__lte=MAX_BYTES), name="upload_size_is_possible"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(ended_at=None), name="upload_is_finished_or_given_up"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def percent(self):
        """How much has arrived, 0–100."""
        return self.received * 100 // self.size

    @property
    def part(self):
        """Where the storage keeps what has arrived."""
        return f"unfinished/{self.key.hex}"
