"""The rules, the forecast of each activity with its reasons, and how the network did in the end."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.campaigns.choices import Confidence, Need, Platform
from coordination.campaigns.models import CampaignActivity
from coordination.common.models import Captured
from coordination.forecast.choices import About, Answer, Risk
from coordination.networks.choices import Impact, NetworkLevel
from coordination.networks.models import Assessment
from coordination.obstacles.choices import ObstacleKind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office

# What the value of a rule may be, where it has one.
VALUES = {
    About.LEVEL: NetworkLevel.values,
    About.TIER: ("district", "regency"),
    About.OBSTACLE: ObstacleKind.values,
    About.OUTAGE: Impact.values,
    About.CHANCE: (Risk.LOW, Risk.MEDIUM, Risk.HIGH),
}


class Rule(models.Model):
    """One line of the portal's own rules: where it applies, the risk is at least this (at most, for two kinds)."""

    about = models.CharField(_("about"), max_length=10, choices=About)
    need = models.CharField(
        _("what the network must do"), max_length=10, choices=Need, blank=True, help_text=_("Empty: whatever it is.")
    )
    value = models.CharField(_("value"), max_length=20, blank=True)
    limit = models.PositiveIntegerField(_("limit"), null=True, blank=True)
    risk = models.CharField(_("risk"), max_length=10, choices=Risk)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("rule of the forecast")
        verbose_name_plural = _("rules of the forecast")
        ordering = ["about", "need", "id"]
        constraints = [
            models.UniqueConstraint(fields=["about", "need", "value"], name="forecast_rule_once"),
            models.CheckConstraint(condition=Q(about__in=About.values), name="forecast_rule_is_about_something_known"),
            models.CheckConstraint(condition=Q(need__in=["", *Need.values]), name="forecast_rule_need_is_known"),
            models.CheckConstraint(
                condition=Q(risk__in=[Risk.LOW, Risk.MEDIUM, Risk.HIGH]), name="forecast_rule_gives_a_risk"
            ),
            models.CheckConstraint(
                condition=~Q(about__in=About.LIMITED) | Q(limit__isnull=False), name="forecast_rule_has_its_limit"
            ),
            models.CheckConstraint(
                condition=~Q(about__in=About.IN_PERCENT) | Q(limit__range=(1, 100)), name="forecast_rule_share_is_one"
            ),
        ]

    def __str__(self):
        return f"{self.about} {self.need} {self.value} → {self.get_risk_display()}".replace("  ", " ")

    def clean(self):
        if self.about in About.LIMITED and self.limit is None:
            raise ValidationError({"limit": _("This kind of rule needs a limit.")})
        if self.about in About.IN_PERCENT and not 1 <= self.limit <= 100:
            raise ValidationError({"limit": _("Give a share between 1 and 100 %.")})
        if self.about in VALUES and self.value not in VALUES[self.about]:
            known = ", ".join(VALUES[self.about])
            raise ValidationError({"value": _("This kind of rule knows: %(values)s.") % {"values": known}})


class Requirement(models.Model):
    """What a platform needs of the network at the place, after its maker or its users (source beside it)."""

    need = models.CharField(_("what the network must do"), max_length=10, choices=Need)
    platform = models.CharField(
        _("platform"), max_length=10, choices=Platform, blank=True, help_text=_("Empty: any other.")
    )
    download_mbps = models.DecimalField(
        _("download (Mbps)"), max_digits=6, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    upload_mbps = models.DecimalField(
        _("upload (Mbps)"), max_digits=6, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    latency_ms = models.PositiveIntegerField(_("most latency (ms)"), null=True, blank=True)
    jitter_ms = models.PositiveIntegerField(_("most jitter (ms)"), null=True, blank=True)
    loss_percent = models.DecimalField(
        _("most packets lost (%)"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=200)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)

    class Meta:
        verbose_name = _("need of a platform")
        verbose_name_plural = _("needs of platforms")
        ordering = ["need", "platform"]
        constraints = [
            models.UniqueConstraint(fields=["need", "platform"], name="requirement_once"),
            models.CheckConstraint(
                condition=Q(download_mbps__gte=0, upload_mbps__gte=0), name="requirement_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(loss_percent=None) | Q(loss_percent__range=(0, 100)), name="requirement_loss_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(
                    need__in=Need.values, platform__in=["", *Platform.values], confidence__in=Confidence.values
                ),
                name="requirement_values_are_known",
            ),
        ]

    def __str__(self):
        return f"{self.get_need_display()}, {self.get_platform_display() or _('any other')}"


class ForecastQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of activities within the jurisdiction."""
        return self.filter(Jurisdiction.of(user).q("activity__region"))


class Forecast(models.Model):
    """The risk that the network spoils an activity, and why. Written by `refreshing` alone; stands still once the
    activity has begun, so that it can be held against what came."""

    activity = models.OneToOneField(
        CampaignActivity,
        verbose_name=_("campaign activity"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="forecast",
    )
    risk = models.CharField(_("risk"), max_length=10, choices=Risk)
    # weighing.Reason as dictionaries, the weightiest first.
    reasons = models.JSONField(_("reasons"), default=list)
    # The newest of what is known about the network there; None where nothing is.
    data_at = models.DateTimeField(_("date of the data"), null=True, blank=True)
    computed_at = models.DateTimeField(_("weighed"))

    objects = ForecastQuerySet.as_manager()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        indexes = [models.Index(fields=["risk"], name="forecast_by_risk")]
        constraints = [
            models.CheckConstraint(condition=Q(risk__in=Risk.values), name="forecast_risk_is_known"),
            models.CheckConstraint(
                condition=~Q(risk=Risk.LOW) | Q(data_at__isnull=False), name="forecast_is_never_low_without_data"
            ),
        ]

    def __str__(self):
        return f"{self.activity}: {self.get_risk_display()}"


class ExperienceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of activities within the jurisdiction."""
        return self.filter(Jurisdiction.of(user).q("activity__region"))


class Experience(Captured):
    """What the office that held an activity says of the network there. Given once."""

    activity = models.OneToOneField(
        CampaignActivity, verbose_name=_("campaign activity"), on_delete=models.PROTECT, related_name="experience"
    )
    answer = models.CharField(_("did the network hold?"), max_length=10, choices=Answer)
    trouble = models.TextField(_("with what"), max_length=2000, blank=True)
    assessment = models.OneToOneField(
        Assessment, verbose_name=_("measurement"), on_delete=models.PROTECT, related_name="experience"
    )
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="experiences"
    )
    office = models.ForeignKey(
        Office, verbose_name=_("for which office"), on_delete=models.PROTECT, related_name="experiences"
    )
    created_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = ExperienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("experience")
        verbose_name_plural = _("experiences")
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="experience_answer_is_known"),
            models.CheckConstraint(
                condition=Q(answer=Answer.YES) | ~Q(trouble=""), name="experience_of_trouble_says_with_what"
            ),
        ]

    def __str__(self):
        return f"{self.activity}: {self.get_answer_display()}"
