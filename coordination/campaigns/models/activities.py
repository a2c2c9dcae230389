"""What is planned in an election, for whom, and the private address of each calendar."""

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from coordination.campaigns.choices import SEES_PAIRS, ActivityState, Need, Platform
from coordination.campaigns.models.elections import CampaignMethod, Contest, Election
from coordination.common.models import Captured, Timestamped, Versioned
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.regions.distances import LATITUDES, LONGITUDES
from coordination.regions.models import Region, paths_above

# The longest that one activity lasts; what goes on for longer is registered in parts.
LONGEST = timedelta(days=31)
ALWAYS = Q()
# Held over a network, whoever also comes together at a place; and held where people meet, without any platform.
# Putting up posters or handing out leaflets is neither.
ONLINE = ~Q(platform=Platform.NONE)
FACE_TO_FACE = Q(platform=Platform.NONE, method__meets_online=True)


def sees_pairs(user):
    """Whether this person may know for whom activities are; which pairs, `visible_to` tells, which asks here too."""
    if Jurisdiction.of(user).path is None:
        return False
    return user.is_superuser or user.office.kind in SEES_PAIRS


class CandidatePairQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The pairs this user may know of: election and oversight offices know those that stand in their region.

        Nobody else ever does: every page, form and report asks here.
        """
        if not sees_pairs(user):
            return self.none()
        jurisdiction = Jurisdiction.of(user)
        return self.filter(
            jurisdiction.q("contest__region") | Q(contest__region__path__in=paths_above(jurisdiction.path))
        )

    def standing_in(self, region):
        """Those whom people of the region vote on: for it, or for what lies above it."""
        return self.filter(contest__region__path__in=[*paths_above(region.path), region.path])

    def campaigning(self, how=ALWAYS):
        """Those for whom an activity takes place, or one of which `how` holds, a condition on activities."""
        return self.filter(campaigns(how))


def campaigns(how=ALWAYS):
    """The condition on a pair that an activity takes place for it, or one of which `how` holds."""
    rows = CampaignActivity.objects.taking_place().filter(how, candidate_pair=OuterRef("pk"))
    return Exists(rows.order_by())


class CandidatePair(models.Model):
    """Two people who stand together. Known to election and oversight offices only (CandidatePairQuerySet)."""

    contest = models.ForeignKey(Contest, verbose_name=_("contest"), on_delete=models.PROTECT, related_name="pairs")
    number = models.PositiveSmallIntegerField(_("number on the ballot"))
    names = models.CharField(_("names"), max_length=200)

    objects = CandidatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate pair")
        verbose_name_plural = _("candidate pairs")
        ordering = ["contest__region__path", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="pair_number_once_a_contest"),
            models.CheckConstraint(condition=Q(number__gte=1), name="pair_number_begins_at_one"),
        ]

    def __str__(self):
        return f"{self.number}. {self.names}"


class CampaignActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those within the jurisdiction. For whom they are, CandidatePair tells, to those who may know it."""
        return self.filter(Jurisdiction.of(user).q("region"))

    def taking_place(self):
        """Without the cancelled ones."""
        return self.filter(state__in=ActivityState.TAKES_PLACE)

    def overlapping(self, starts_at, ends_at):
        """Those that share some time with the one from `starts_at` to `ends_at`."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def touching(self, regions):
        """Those in any of the regions, in one below, or in one above."""
        near = Q(pk__in=[])
        for region in regions:
            near |= Q(region__path__startswith=region.path) | Q(region__path__in=paths_above(region.path))
        return self.filter(near)


class CampaignActivity(Captured, Versioned, Timestamped):
    """Something planned at a place and a time, and what the network must do there. Facts only: no forecast."""

    number = models.CharField(_("number"), max_length=30, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ActivityState, default=ActivityState.PLANNED, editable=False
    )
    election = models.ForeignKey(
        Election, verbose_name=_("election"), on_delete=models.PROTECT, related_name="activities"
    )
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="activities")
    # Copied at registration so that the list and the search need no join; the region's key stays the truth.
    region_name = models.CharField(max_length=400, editable=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    # Never read but through CandidatePair.objects.visible_to, and never written to the history.
    candidate_pair = models.ForeignKey(
        CandidatePair,
        verbose_name=_("candidate pair"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    method = models.ForeignKey(
        CampaignMethod, verbose_name=_("method"), on_delete=models.PROTECT, related_name="activities"
    )
    platform = models.CharField(_("platform"), max_length=10, choices=Platform, default=Platform.NONE)
    need = models.CharField(_("what the network must do"), max_length=10, choices=Need, default=Need.NONE)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    participants = models.PositiveIntegerField(
        _("expected participants"), null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    sttp_number = models.CharField(_("STTP number"), max_length=80, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("registered by"),
        on_delete=models.PROTECT,
        related_name="activities_registered",
    )
    office = models.ForeignKey(
        Office, verbose_name=_("registering office"), on_delete=models.PROTECT, related_name="activities"
    )
    # The list that brought it, if one did. Its name may tell for whom the activity is, so that no page shows it.
    batch = models.ForeignKey(
        "campaigns.ScheduleBatch",
        verbose_name=_("import"),
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    search = models.GeneratedField(
        expression=SearchVector("number", "region_name", "place", "sttp_number", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CampaignActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign activity")
        verbose_name_plural = _("campaign activities")
        ordering = ["starts_at", "id"]
        indexes = [
            GinIndex(fields=["search"], name="activity_search"),
            models.Index(fields=["starts_at", "id"], name="activity_by_time"),
            models.Index(fields=["region", "starts_at"], name="activity_of_region"),
            models.Index(fields=["batch", "id"], condition=Q(batch__isnull=False), name="activity_of_batch"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activity_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + LONGEST), name="activity_lasts_a_month_at_most"
            ),
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_is_known"),
            models.CheckConstraint(condition=Q(platform__in=Platform.values), name="activity_platform_is_known"),
            models.CheckConstraint(condition=Q(need__in=Need.values), name="activity_need_is_known"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=LATITUDES,
                    longitude__range=LONGITUDES,
                ),
                name="activity_lies_in_the_country",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("campaigns:detail", args=[self.number])

    @property
    def title(self):
        """What and where, in a few words."""
        return f"{self.method}, {self.region_name.split(', ')[0]}"

    @property
    def starts_there(self):
        """When it starts, on the clocks of the region."""
        return self.starts_at.astimezone(ZoneInfo(self.region.time_zone))

    @property
    def ends_there(self):
        return self.ends_at.astimezone(ZoneInfo(self.region.time_zone))

    @property
    def hours_there(self):
        """09.00–11.00 WIT, and the day on which it ends where that is another."""
        start, end = self.starts_there, self.ends_there
        hours = "–".join(date_format(moment, "TIME_FORMAT") for moment in (start, end))
        day = f" ({date_format(end, 'SHORT_DATE_FORMAT')})" if end.date() != start.date() else ""
        return f"{hours} {self.region.get_time_zone_display()}{day}"

    @property
    def has_begun(self):
        return self.starts_at <= timezone.now()


class CalendarAddress(models.Model):
    """The private address of an official's calendar: whoever knows it reads it, so that its owner can renew it."""

    official = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("official"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="calendar_address",
    )
    secret = models.UUIDField(_("secret"), unique=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self):
        return str(self.official)

    def get_absolute_url(self):
        return reverse("campaigns:feed", args=[self.secret])
