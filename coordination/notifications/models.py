"""What each official is told."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.history.models import Event


class NotificationQuerySet(models.QuerySet):
    def of(self, user):
        """This person's own notifications; nobody reads another's."""
        return self.filter(addressee=user)

    def unread(self):
        return self.filter(read_at=None)

    def to_be_mailed(self):
        """Those of which neither a mail went out nor the reason why none does is noted."""
        return self.filter(mailed_at=None, withheld_at=None).exclude(addressee__email="")

    def mark_read(self):
        """Note that the unread ones are read now. One that is just being mailed stays new: nobody waits for it."""
        free = self.unread().order_by().select_for_update(of=("self",), skip_locked=True)
        with transaction.atomic(savepoint=False):
            Notification.objects.filter(pk__in=free.values("pk")).update(read_at=timezone.now())


class Notification(models.Model):
    """One event told to one official; written in the transaction of the change."""

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="notifications")
    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("addressee"), on_delete=models.PROTECT, related_name="notifications"
    )
    # Fixed from the start, so that a mail sent twice after a crash is recognised as one.
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("told"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    # No mail went out: by then the account was closed, or what it tells of lay out of the person's sight.
    withheld_at = models.DateTimeField(_("not mailed"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["addressee", "-created_at", "-id"], name="notification_inbox"),
            models.Index(fields=["addressee"], name="notification_unread", condition=models.Q(read_at=None)),
        ]
        constraints = [models.UniqueConstraint(fields=["event", "addressee"], name="event_is_told_to_a_person_once")]

    def __str__(self):
        return f"{self.event} → {self.addressee}"
