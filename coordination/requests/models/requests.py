"""Coordination requests and the offices that watch them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.campaigns.models import CampaignActivity
from coordination.common.lookups import found_by
from coordination.common.models import Captured, Timestamped, Versioned
from coordination.obstacles.models import Obstacle
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.regions.models import Region
from coordination.requests.choices import (
    NEXT_ACTS,
    DeclineReason,
    Measure,
    Outcome,
    Stage,
    State,
    Urgency,
)


def _is_in(column, rows):
    return Q(**{f"{column}__in": rows})


class CoordinationRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The requests this user may know of. Lists, details, counts, files and exports start here.

        Those within the jurisdiction but not what other offices never submitted, and those an office of the user was
        part of.
        """
        jurisdiction = Jurisdiction.of(user)
        # A number is given at submission: a draft that was withdrawn stays with its office too.
        was_submitted = Q(number__isnull=False)
        if jurisdiction.path is None or not user.office_id:
            return self.filter(jurisdiction.q("region") & was_submitted)
        # Subqueries, not joins: a join repeats rows and spoils the index that the paging walks.
        own, is_among, here = user.own_offices, _is_in, jurisdiction.q("region")
        if jurisdiction.is_narrow:
            is_among, here = found_by, found_by("region", jurisdiction.regions(Region.objects.all()))
        watched = Watch.objects.filter(office__in=own).values("request")
        part_of = is_among("handling_office", own) | is_among("pk", watched)
        visible = here & was_submitted | is_among("filing_office", own) | part_of & was_submitted
        if jurisdiction.is_narrow:
            # Gathered first, whatever is asked of them then: the newest or latest of all would be walked through for
            # the few of one regency.
            return self.filter(found_by("pk", CoordinationRequest.objects.filter(visible)))
        return self.filter(visible)

    def named(self, slug):
        """The request of this address: by its number, or by its form's id, which a draft keeps as an address when it
        gets a number: a colleague may be at work on it."""
        try:
            return self.filter(client_id=uuid.UUID(slug))
        except ValueError:
            return self.filter(number=slug.replace("\x00", ""))

    def open(self):
        """Submitted and not yet ended."""
        return self.filter(state__in=State.OPEN)

    def waiting_for(self, user):
        """What this person's office must act on now."""
        if not user.acts:
            return self.none()
        return self.filter(
            Q(handling_office__in=user.office_ids, state__in=State.CLOCK_RUNS + (State.WAITING,))
            | Q(filing_office__in=user.office_ids, state__in=State.WITH_FILER)
            # What is late below and has come up to this office, on its way further up perhaps.
            | found_by("pk", Watch.objects.taking_over(user)) & Q(state__in=State.CLOCK_RUNS, due_at__lt=timezone.now())
        )

    def in_hands_of(self, people):
        """Those of which the next step is for one of these people: in charge, or who filed what is with the filer."""
        in_charge = Q(person_in_charge__in=people, state__in=State.WITH_HANDLER)
        return self.filter(in_charge | Q(filed_by__in=people, state__in=State.WITH_FILER))

    def overdue(self, now=None):
        """Past the deadline of their present stage."""
        return self.filter(state__in=State.CLOCK_RUNS, due_at__lt=now or timezone.now())

    def to_be_raised(self, now):
        """A deadline has passed of which the office above does not know yet."""
        return self.filter(state__in=State.CLOCK_RUNS, ladder_due_at__lt=now)

    def without_office_above(self):
        """A deadline has passed in the highest office there is: nobody is left whom the portal could tell."""
        return self.filter(state__in=State.CLOCK_RUNS, is_alarm=True)

    def near_deadline(self, now=None):
        """In the last quarter of the time for their present stage."""
        now = now or timezone.now()
        return self.filter(state__in=State.CLOCK_RUNS, near_at__lte=now, due_at__gte=now)


class CoordinationRequest(Captured, Versioned, Timestamped):
    """A KPU office asks an ICT office to act on network obstacles ("permohonan koordinasi")."""

    number = models.CharField(_("number"), max_length=30, unique=True, null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    # The indexes below begin with these offices; one more of each would only make every step slower.
    filing_office = models.ForeignKey(
        Office,
        verbose_name=_("filing office"),
        on_delete=models.PROTECT,
        related_name="requests_filed",
        db_index=False,
    )
    handling_office = models.ForeignKey(
        Office,
        verbose_name=_("handling office"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests_handled",
        db_index=False,
    )
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="requests")
    region_name = models.CharField(max_length=400, editable=False)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("what is needed"), max_length=6000)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    activity_on = models.DateField(
        _("day of the activity"),
        null=True,
        blank=True,
        help_text=_("If the request serves a planned activity: no deadline is later than the day before."),
    )
    obstacles = models.ManyToManyField(Obstacle, verbose_name=_("obstacles"), blank=True, related_name="requests")
    activities = models.ManyToManyField(
        CampaignActivity, verbose_name=_("campaign activities"), blank=True, related_name="requests"
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("filed by"), on_delete=models.PROTECT, related_name="requests_filed"
    )
    person_in_charge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person in charge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests_in_charge",
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    # What the steps gave
    planned_measure = models.TextField(_("planned measure"), blank=True, editable=False)
    target_date = models.DateField(_("target date"), null=True, blank=True, editable=False)
    waiting_for = models.CharField(_("third party"), max_length=150, blank=True, editable=False)
    waiting_reference = models.CharField(_("reference"), max_length=150, blank=True, editable=False)
    waiting_until = models.DateField(_("waiting until"), null=True, blank=True, editable=False)
    decline_reason = models.CharField(
        _("reason for declining"), max_length=15, choices=DeclineReason, blank=True, editable=False
    )
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome, blank=True, editable=False)
    measures = ArrayField(
        models.CharField(max_length=15, choices=Measure),
        verbose_name=_("measures"),
        default=list,
        blank=True,
        editable=False,
    )
    result = models.TextField(_("result"), blank=True, editable=False)

    # What the deadlines are counted from (deadlines.py): moved by steps only, never by an edit
    verify_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    stage_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    end_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    end_urgency = models.CharField(max_length=10, choices=Urgency, blank=True, editable=False)
    end_stopped_minutes = models.PositiveIntegerField(default=0, editable=False)

    # The clocks, computed from those
    verify_due_at = models.DateTimeField(_("verification due"), null=True, blank=True, editable=False)
    answer_due_at = models.DateTimeField(_("first answer due"), null=True, blank=True, editable=False)
    end_due_at = models.DateTimeField(_("end due"), null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("deadline"), null=True, blank=True, editable=False)
    near_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(_("clock stopped"), null=True, blank=True, editable=False)
    stopped_minutes = models.PositiveIntegerField(_("stopped working minutes"), default=0, editable=False)

    # The ladder (ladder.py): when it goes up next, to whom it has gone, and which of its deadlines have sent it there
    ladder_due_at = models.DateTimeField(_("goes up"), null=True, blank=True, editable=False)
    raised_to = models.ForeignKey(
        Office,
        verbose_name=_("superior office informed"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests_raised",
        db_index=False,
        editable=False,
    )
    missed = ArrayField(
        models.CharField(max_length=10, choices=Stage),
        verbose_name=_("missed deadline"),
        default=list,
        blank=True,
        editable=False,
    )
    is_alarm = models.BooleanField(_("late with no further office above"), default=False, editable=False)
    started_short = models.BooleanField(
        _("less time than the rules allow"), default=False, db_default=False, editable=False
    )

    search = models.GeneratedField(
        expression=SearchVector("number", "subject", "region_name", "text", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CoordinationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordination request")
        verbose_name_plural = _("coordination requests")
        ordering = ["-created_at", "-id"]
        indexes = [
            GinIndex(fields=["search"], name="request_search"),
            models.Index(fields=["-created_at", "-id"], name="request_newest"),
            models.Index(fields=["-updated_at", "-id"], name="request_last_changed"),
            models.Index(fields=["handling_office", "state"], name="request_by_handler"),
            models.Index(fields=["filing_office", "state"], name="request_by_filer"),
            models.Index(fields=["due_at", "id"], name="request_by_deadline", condition=Q(due_at__isnull=False)),
            models.Index(fields=["ladder_due_at"], name="request_ladder", condition=Q(ladder_due_at__isnull=False)),
            # The first ones of each region (dashboards/nearby.py).
            models.Index(
                fields=["region", "-created_at", "-id"],
                name="request_open_of_region",
                condition=Q(state__in=State.OPEN),
            ),
            models.Index(fields=["-created_at", "-id"], name="request_alarm", condition=Q(is_alarm=True)),
            # The latest first; and all that the figures of my work count, so that the rows need not be read.
            models.Index(
                fields=["due_at", "id"],
                include=["state", "near_at", "is_alarm"],
                name="request_open",
                condition=Q(state__in=State.OPEN),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="request_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, number=None)
                | Q(state=State.WITHDRAWN)
                | Q(number__isnull=False, submitted_at__isnull=False, handling_office__isnull=False),
                name="request_submitted_has_number_and_handler",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=State.CLOCK_RUNS) | Q(due_at__isnull=False, end_due_at__isnull=False),
                name="request_with_running_clock_has_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=State.CLOCK_STOPPED) | Q(stopped_at__isnull=False),
                name="request_with_stopped_clock_says_since_when",
            ),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="request_urgency_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=State.CLOCK_RUNS) | Q(near_at__isnull=False),
                name="request_with_running_clock_knows_when_it_is_near",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=State.CLOCK_RUNS)
                | Q(verify_started_at__isnull=False, stage_started_at__isnull=False, end_started_at__isnull=False),
                name="request_with_running_clock_knows_since_when",
            ),
            models.CheckConstraint(condition=Q(missed__contained_by=Stage.values), name="request_missed_is_known"),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED) | ~Q(decline_reason=""), name="request_declined_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("resolved", "closed")) | ~Q(outcome=""), name="request_resolved_has_outcome"
            ),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="request_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(decline_reason__in=["", *DeclineReason.values]), name="request_decline_reason_is_known"
            ),
            models.CheckConstraint(
                condition=Q(measures__contained_by=Measure.values), name="request_measures_are_known"
            ),
        ]

    def __str__(self):
        return self.number or str(_("Draft “%(subject)s”") % {"subject": self.subject})

    def get_absolute_url(self):
        return reverse("requests:detail", args=[self.slug])

    @property
    def title(self):
        return self.subject

    @property
    def slug(self):
        """What stands in its address: the number, or the form's id while it is a draft without one."""
        return self.number or str(self.client_id)

    @property
    def next_act(self):
        """What the office that it waits for has to do; "" when it has ended."""
        return NEXT_ACTS.get(self.state, "")

    @property
    def clock_runs(self):
        return self.state in State.CLOCK_RUNS

    @property
    def measure_labels(self):
        return [Measure(measure).label for measure in self.measures]

    @property
    def is_overdue(self):
        return self.state in State.CLOCK_RUNS and self.due_at < timezone.now()

    @property
    def is_near_deadline(self):
        return self.state in State.CLOCK_RUNS and self.near_at <= timezone.now() <= self.due_at


class WatchQuerySet(models.QuerySet):
    def begin(self, request, office, now):
        """Let the office see the request from now on; if it does already, since then. Returns the Watch."""
        return self.get_or_create(request=request, office=office, defaults={"since": now})[0]

    def taking_over(self, user):
        """The keys of the requests that the user's office was told of from below and may take over."""
        return self.filter(office__in=user.office_ids, may_take_over=True).values("request")


class Watch(models.Model):
    """An office that was part of a request and goes on seeing it, such as one that forwarded it."""

    request = models.ForeignKey(
        CoordinationRequest, verbose_name=_("request"), on_delete=models.PROTECT, related_name="watching"
    )
    office = models.ForeignKey(Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="watching")
    since = models.DateTimeField(_("since"))
    may_take_over = models.BooleanField(_("may take it over"), default=False, db_default=False)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watching office")
        verbose_name_plural = _("watching offices")
        constraints = [models.UniqueConstraint(fields=["request", "office"], name="office_watches_a_request_once")]

    def __str__(self):
        return f"{self.office} → {self.request}"
