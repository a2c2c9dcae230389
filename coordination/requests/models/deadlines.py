"""How long the stages of a request may take and took, what was late, and what both offices were warned of."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.campaigns.models import CampaignActivity
from coordination.common.lookups import found_by
from coordination.common.models import Versioned
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.requests.choices import (
    DAYS_BEFORE,
    TIMED,
    Stage,
    Unit,
    Urgency,
)
from coordination.requests.models.requests import CoordinationRequest


class DeadlineRule(Versioned):
    """How long one stage of a request may take, by its urgency: the portal's own rule, which a superuser may change."""

    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    amount = models.PositiveSmallIntegerField(_("amount"))
    unit = models.CharField(_("unit"), max_length=15, choices=Unit)

    class Meta:
        verbose_name = _("rule of deadlines")
        verbose_name_plural = _("rules of deadlines")
        ordering = ["stage", "amount"]
        constraints = [
            models.UniqueConstraint(fields=["urgency", "stage"], name="deadline_rule_once_a_stage"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="deadline_rule_urgency_is_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="deadline_rule_stage_is_known"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="deadline_rule_unit_is_known"),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=365),
                name="deadline_rule_amount_is_sensible",
                violation_error_message=_("Between 1 and 365."),
            ),
        ]

    def __str__(self):
        return f"{self.get_stage_display()}, {self.get_urgency_display()}: {self.amount} {self.get_unit_display()}"


class MissedDeadlineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the requests that this user may know of."""
        return self.filter(request__in=CoordinationRequest.objects.visible_to(user))


class MissedDeadline(models.Model):
    """A deadline that passed and sent the request up the ladder, once each time its clock was started."""

    request = models.ForeignKey(
        CoordinationRequest, verbose_name=_("request"), on_delete=models.PROTECT, related_name="missed_deadlines"
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    started_at = models.DateTimeField(_("clock started"))
    due_at = models.DateTimeField(_("deadline"))
    noticed_at = models.DateTimeField(_("noticed"))
    office = models.ForeignKey(
        Office, verbose_name=_("office that was late"), on_delete=models.PROTECT, related_name="missed_deadlines"
    )
    raised_to = models.ForeignKey(
        Office,
        verbose_name=_("superior office informed"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: there was no further office above, which is an alarm."),
    )

    objects = MissedDeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("missed deadline")
        verbose_name_plural = _("missed deadlines")
        ordering = ["-noticed_at", "-id"]
        indexes = [models.Index(fields=["office", "-due_at"], name="missed_by_office")]
        constraints = [
            models.UniqueConstraint(fields=["request", "stage", "started_at"], name="deadline_is_missed_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="missed_deadline_stage_is_known"),
        ]

    def __str__(self):
        return f"{self.request}: {self.get_stage_display()}"


class StageTimeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the requests that this user may know of."""
        requests = CoordinationRequest.objects.visible_to(user)
        is_narrow = Jurisdiction.of(user).is_narrow
        return self.filter(found_by("request", requests) if is_narrow else Q(request__in=requests))

    def kept(self):
        """Those that ended no later than their deadline."""
        return self.filter(ended_at__lte=F("due_at"))

    def missed(self):
        """Those that ended after their deadline."""
        return self.filter(ended_at__gt=F("due_at"))


class StageTime(models.Model):
    """How long one stage of a request took: a clock that a step of the handling side ended (timing.py)."""

    request = models.ForeignKey(
        CoordinationRequest,
        verbose_name=_("request"),
        on_delete=models.PROTECT,
        related_name="stage_times",
        db_index=False,  # the constraint has an index that begins with it
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    office = models.ForeignKey(
        Office,
        verbose_name=_("office whose deadline it was"),
        on_delete=models.PROTECT,
        related_name="stage_times",
        db_index=False,
    )
    started_at = models.DateTimeField(_("clock started"))
    ended_at = models.DateTimeField(_("clock ended"))
    minutes = models.PositiveIntegerField(
        _("working minutes"),
        help_text=_("By the calendar of the region; of the result without the time for which the clock stood still."),
    )
    due_at = models.DateTimeField(_("deadline"), help_text=_("As it stood when the stage ended."))

    objects = StageTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("time of a stage")
        verbose_name_plural = _("times of stages")
        ordering = ["-ended_at", "-id"]
        indexes = [
            models.Index(fields=["-ended_at", "-id"], name="stage_time_newest"),
            models.Index(fields=["-minutes", "-id"], name="stage_time_longest"),
            models.Index(fields=["office", "-ended_at"], name="stage_time_by_office"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "stage", "started_at"], name="stage_time_once_a_clock"),
            models.CheckConstraint(condition=Q(stage__in=TIMED), name="stage_time_stage_is_timed"),
        ]

    def __str__(self):
        return f"{self.request}: {self.get_stage_display()}, {self.minutes}"

    @property
    def was_kept(self):
        """Whether the stage ended no later than its deadline."""
        return self.ended_at <= self.due_at


class RiskWarning(models.Model):
    """That both offices were warned of an activity at risk, so many days before it; once each."""

    activity = models.ForeignKey(
        CampaignActivity, verbose_name=_("campaign activity"), on_delete=models.PROTECT, related_name="risk_warnings"
    )
    days_before = models.PositiveSmallIntegerField(_("days before"))
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    class Meta:
        verbose_name = _("warning of a risk")
        verbose_name_plural = _("warnings of risks")
        constraints = [
            models.UniqueConstraint(fields=["activity", "days_before"], name="risk_warning_once_a_stage"),
            models.CheckConstraint(condition=Q(days_before__in=DAYS_BEFORE), name="risk_warning_stage_is_known"),
        ]

    def __str__(self):
        return f"{self.activity}: {self.days_before}"
