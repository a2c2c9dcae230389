"""Elections, the regions in which they are held, their stages, and what their rules allow."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from coordination.campaigns.choices import Confidence, StageKind
from coordination.offices.models import DateRange, Int8Range
from coordination.regions.models import Region


class Election(models.Model):
    """A named event with its own regions and dates; nothing of one election is in the code."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    voting_date = models.DateField(_("voting day"))
    campaign_from = models.DateField(_("campaign from"))
    campaign_to = models.DateField(_("campaign to"))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["-voting_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(campaign_from__lte=F("campaign_to"), campaign_to__lt=F("voting_date")),
                name="election_campaign_ends_before_voting",
            )
        ]

    def __str__(self):
        return self.name


class Contest(models.Model):
    """One office that is voted on: a governor, a regent or a mayor."""

    election = models.ForeignKey(
        Election, verbose_name=_("election"), on_delete=models.PROTECT, related_name="contests"
    )
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="contests")
    source = models.CharField(_("source"), max_length=200)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        ordering = ["election", "region__path"]
        constraints = [models.UniqueConstraint(fields=["election", "region"], name="contest_once_a_region")]

    def __str__(self):
        return f"{self.election}: {self.region}"


class Stage(models.Model):
    """A span of days of an election. On one day an election is in one stage at most."""

    election = models.ForeignKey(Election, verbose_name=_("election"), on_delete=models.PROTECT, related_name="stages")
    kind = models.CharField(_("stage"), max_length=10, choices=StageKind)
    name = models.CharField(_("name"), max_length=100)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    source = models.CharField(_("source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["election", "starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=StageKind.values), name="stage_kind_is_known"),
            models.CheckConstraint(condition=Q(confidence__in=Confidence.values), name="stage_confidence_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="stage_ends_after_it_begins",
                violation_error_message=_("A stage ends on or after its first day."),
            ),
            models.UniqueConstraint(fields=["election", "kind"], name="stage_once_an_election"),
            ExclusionConstraint(
                name="one_stage_of_an_election_at_a_time",
                expressions=[
                    (Int8Range(F("election"), F("election"), Value("[]")), "&&"),
                    (DateRange("starts_on", "ends_on", Value("[]")), "&&"),
                ],
                violation_error_message=_("Another stage of this election runs during these days."),
            ),
        ]

    def __str__(self):
        return f"{self.election}: {self.name}"

    def clean(self):
        """Refuse days that contradict the dates of the election itself."""
        election = getattr(self, "election", None)  # not yet saved where both are entered on one page
        if election is None:
            return
        first, last, voting = self.starts_on, self.ends_on, election.voting_date
        campaign = (election.campaign_from, election.campaign_to)
        if None in (first, last, voting, *campaign):
            return  # what is missing is told by its field
        if self.kind == StageKind.CAMPAIGN and (first, last) != campaign:
            raise ValidationError(_("The campaign begins and ends on the days that the election itself has for it."))
        if self.kind == StageKind.QUIET and not (election.campaign_to < first and last < voting):
            raise ValidationError(_("The quiet period lies between the campaign and the voting day of the election."))
        if self.kind == StageKind.VOTING and not first <= voting <= last:
            raise ValidationError(_("The voting day of the election lies within the stage of voting."))


class CampaignMethod(models.Model):
    """A way to campaign, under the name that the rules give it. The name is data: it is quoted, not translated."""

    slug = models.SlugField(_("short name"), unique=True)
    letter = models.CharField(_("letter"), max_length=2, help_text=_("Its letter in the list of the rules."))
    name = models.CharField(_("name"), max_length=200)
    meets_online = models.BooleanField(
        _("can be held online"),
        default=False,
        help_text=_("People meet or watch over a network, so the network of the place matters."),
    )

    class Meta:
        verbose_name = _("campaign method")
        verbose_name_plural = _("campaign methods")
        ordering = ["letter", "name"]

    def __str__(self):
        return self.name


class ElectionMethod(models.Model):
    """What the rules of one election say of a method. A method without a row is not among those of the election."""

    election = models.ForeignKey(Election, verbose_name=_("election"), on_delete=models.PROTECT, related_name="methods")
    method = models.ForeignKey(
        CampaignMethod, verbose_name=_("campaign method"), on_delete=models.PROTECT, related_name="elections"
    )
    allowed = models.BooleanField(_("allowed"), default=True)
    from_date = models.DateField(
        _("first day"), null=True, blank=True, help_text=_("Empty: from the first day of the campaign.")
    )
    to_date = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Empty: to the last day of the campaign.")
    )
    most_people = models.PositiveIntegerField(
        _("most people face to face"), null=True, blank=True, help_text=_("Empty: the rules name no number.")
    )
    online_first = models.BooleanField(
        _("online first"), default=False, help_text=_("Face to face only where it cannot be held online.")
    )
    online_only = models.BooleanField(_("online only"), default=False, help_text=_("Never face to face."))
    note = models.CharField(_("note"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)

    class Meta:
        verbose_name = _("method of an election")
        verbose_name_plural = _("methods of elections")
        ordering = ["election", "method__letter", "method__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__in=Confidence.values), name="election_method_confidence_is_known"
            ),
            models.CheckConstraint(
                condition=Q(from_date=None) | Q(to_date=None) | Q(to_date__gte=F("from_date")),
                name="election_method_ends_after_it_begins",
                violation_error_message=_("A method ends on or after its first day."),
            ),
            models.CheckConstraint(
                condition=Q(most_people=None) | Q(most_people__gt=0),
                name="election_method_lets_somebody_come",
                violation_error_message=_("A method that nobody may attend is one that is not allowed."),
            ),
            models.CheckConstraint(
                condition=Q(online_only=False) | Q(online_first=False, most_people=None),
                name="election_method_online_only_limits_no_meeting",
                violation_error_message=_("What is held online only has no rules for meeting face to face."),
            ),
            models.UniqueConstraint(fields=["election", "method"], name="method_once_an_election"),
        ]

    def __str__(self):
        return f"{self.election}: {self.method}"
