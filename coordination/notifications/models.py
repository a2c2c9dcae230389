"""What each official is told, the mails about it, and how each of them wants their mails."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.common.models import Versioned
from coordination.history.models import Event
from coordination.notifications.choices import Kind, MailKind, Reason, Timing, Withheld

# So long a mail waits that found the mail server away.
PUT_OFF = timedelta(minutes=1)


class MailQuerySet(models.QuerySet):
    def owed(self):
        """Those that still have to leave."""
        return self.filter(next_try_at__isnull=False)

    def due(self, now):
        """Those that could leave now."""
        return self.filter(next_try_at__lte=now)

    def just_put_off(self, now):
        """Those that found the mail server away less than a minute ago."""
        soon = self.filter(attempts=0, next_try_at__gt=now, next_try_at__lte=now + PUT_OFF)
        return soon.exclude(last_error="")

    def given_up(self):
        """Those that the mail server refused again and again; only an admin sends them once more."""
        return self.filter(sent_at=None, withheld_at=None, next_try_at=None)


class Mail(models.Model):
    """One mail to one official, from the moment it is owed; written in the transaction of what it tells of."""

    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("addressee"), on_delete=models.PROTECT, related_name="mails"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MailKind)
    # Fixed from the start, so that a mail sent twice after a crash is recognised as one.
    message_id = models.UUIDField("Message-ID", default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("planned"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("leaves"))
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_to = models.EmailField(_("sent to"), blank=True)
    withheld_at = models.DateTimeField(_("not sent"), null=True, blank=True)
    withheld_because = models.CharField(_("why not"), max_length=15, choices=Withheld, blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-due_at", "-id"]
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="mail_owed", condition=Q(next_try_at__isnull=False)),
            models.Index(fields=["-due_at", "-id"], name="mail_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="mail_kind_is_known"),
            models.CheckConstraint(
                condition=Q(next_try_at=None) | Q(sent_at=None, withheld_at=None), name="mail_that_left_is_not_owed"
            ),
            models.CheckConstraint(
                condition=Q(withheld_at=None, withheld_because="")
                | Q(withheld_at__isnull=False, withheld_because__in=Withheld.values),
                name="mail_withheld_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.pk} → {self.addressee}"


class NotificationQuerySet(models.QuerySet):
    def of(self, user):
        """This person's own notifications; nobody reads another's."""
        return self.filter(addressee=user)

    def unread(self):
        return self.filter(read_at=None)

    def to_be_collected(self, now):
        """Those that belong into a mail by now which collects several."""
        return self.filter(mail=None, collect_at__lte=now)

    def mark_read(self):
        """Note that the unread ones are read now. One that is just being collected for a mail stays new: nobody waits
        for it."""
        free = self.unread().order_by().select_for_update(of=("self",), no_key=True, skip_locked=True)
        with transaction.atomic(savepoint=False):
            Notification.objects.filter(pk__in=free.values("pk")).update(read_at=timezone.now())


class Notification(models.Model):
    """One event told to one official; written in the transaction of the change."""

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="notifications")
    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("addressee"), on_delete=models.PROTECT, related_name="notifications"
    )
    # Empty in those from before these were kept.
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, blank=True, db_default="")
    reason = models.CharField(_("why"), max_length=15, choices=Reason, blank=True, db_default="")
    created_at = models.DateTimeField(_("told"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mail = models.ForeignKey(
        Mail, verbose_name=_("mail"), null=True, blank=True, on_delete=models.PROTECT, related_name="notifications",
        db_index=False,
    )  # fmt: skip
    # When it goes into a mail with others; empty where it has a mail of its own or none.
    collect_at = models.DateTimeField(_("collected"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["addressee", "-created_at", "-id"], name="notification_inbox"),
            models.Index(fields=["addressee"], name="notification_unread", condition=Q(read_at=None)),
            models.Index(fields=["mail"], name="notification_by_mail", condition=Q(mail__isnull=False)),
            models.Index(
                fields=["collect_at"],
                name="notification_to_be_collected",
                condition=Q(mail=None, collect_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "addressee"], name="event_is_told_to_a_person_once"),
            models.CheckConstraint(condition=Q(kind__in=["", *Kind.values]), name="notification_kind_is_known"),
            models.CheckConstraint(condition=Q(reason__in=["", *Reason.values]), name="notification_reason_is_known"),
        ]

    def __str__(self):
        return f"{self.event} → {self.addressee}"


def _timing(kind):
    return models.CharField(kind.label, max_length=10, choices=Timing, default=Timing.AT_ONCE)


class MailSettings(Versioned):
    """How one official wants the mails of each kind; who never chose gets them at once."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("official"), on_delete=models.PROTECT, related_name="mail_settings"
    )
    steps = _timing(Kind.STEPS)
    comments = _timing(Kind.COMMENTS)
    deadlines = _timing(Kind.DEADLINES)
    obstacles = _timing(Kind.OBSTACLES)
    activities = _timing(Kind.ACTIVITIES)
    outages = _timing(Kind.OUTAGES)

    class Meta:
        verbose_name = _("mail settings")
        verbose_name_plural = _("mail settings")
        ordering = ["person"]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{kind}__in": Timing.values}), name=f"mail_timing_of_{kind}_is_known"
            )
            for kind in Kind.values
        ]

    def __str__(self):
        return str(self.person)

    def timing(self, kind):
        return getattr(self, kind)

    def wants(self, kind):
        """Whether mails of this kind are wanted at all; those from before kinds were kept have none."""
        return not kind or self.timing(kind) != Timing.OFF


class RefusedAddress(models.Model):
    """An address that a mail server refused for good: nothing is sent there until its owner says that it is right."""

    address = models.EmailField(_("e-mail"))
    refused_at = models.DateTimeField(_("refused"), default=timezone.now)
    status = models.CharField(_("status"), max_length=20, blank=True)
    words = models.CharField(_("words of the mail server"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("refused address")
        verbose_name_plural = _("refused addresses")
        ordering = ["-refused_at"]
        constraints = [models.UniqueConstraint(Lower("address"), name="address_is_refused_once")]

    def __str__(self):
        return self.address
