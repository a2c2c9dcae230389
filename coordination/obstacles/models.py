"""Network obstacles, the offices that suffer from them, and photos as evidence."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.common.lookups import found_by
from coordination.common.models import Captured, StoredFile, Timestamped, Versioned
from coordination.networks.choices import Technology
from coordination.networks.models import Assessment, Operator
from coordination.obstacles.choices import Form, ObstacleKind, ObstacleState
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.regions.models import Level, Region

# The edges of the country, in degrees.
SOUTH, NORTH, WEST, EAST = -12, 7, 94, 142


class ObstacleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The obstacles this user may know of: those within the jurisdiction."""
        jurisdiction = Jurisdiction.of(user)
        if jurisdiction.is_narrow:
            # The newest of all would be walked through for the few of one regency.
            return self.filter(found_by("region", jurisdiction.regions(Region.objects.all())))
        return self.filter(jurisdiction.q("region"))

    def standing(self):
        """Neither cleared nor merged into another."""
        return self.filter(state__in=ObstacleState.STANDING)

    def of_the_network(self):
        """Without the reasons that no ICT office can repair."""
        return self.exclude(kind__in=ObstacleKind.NOT_NETWORK)

    def likely_duplicates(self, *, region, kind, since, until=None):
        """Standing obstacles of the same kind in the same village or district whose time overlaps."""
        same_place = Q(region__path__startswith=_district_path(region)) | Q(region__path=region.path)
        begins_before = Q(since__lte=until) if until else Q()
        return self.standing().filter(same_place, begins_before, Q(until=None) | Q(until__gte=since), kind=kind)


def _district_path(region):
    """The path of the region's district; of the region itself above districts, where only it counts as near."""
    if region.level < Level.DISTRICT:
        return region.path + "-"  # matches nothing below: two obstacles of one regency are not near each other
    return ".".join(region.path.split(".")[:3]) + "."


class Obstacle(Captured, Versioned, Timestamped):
    """A standing condition ("hambatan") or an event ("gangguan"): one record with both forms."""

    number = models.CharField(_("number"), max_length=30, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=ObstacleState, default=ObstacleState.OPEN, editable=False
    )
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="obstacles")
    # Copied at filing so that the list and the search need no join; the region's key stays the truth.
    region_name = models.CharField(max_length=400, editable=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(SOUTH), MaxValueValidator(NORTH)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(WEST), MaxValueValidator(EAST)]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ObstacleKind)
    form = models.CharField(_("form"), max_length=10, choices=Form, default=Form.CONDITION)
    technology = models.CharField(_("technology there"), max_length=10, choices=Technology, blank=True)
    operators = models.ManyToManyField(Operator, verbose_name=_("operators"), blank=True, related_name="obstacles")
    has_electricity = models.BooleanField(_("electricity"), null=True, blank=True)
    people_affected = models.PositiveIntegerField(
        _("people affected"), null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    download_mbps = models.DecimalField(
        _("download (Mbps)"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    upload_mbps = models.DecimalField(
        _("upload (Mbps)"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    latency_ms = models.PositiveIntegerField(
        _("latency (ms)"), null=True, blank=True, validators=[MaxValueValidator(600_000)]
    )
    measurement = models.ForeignKey(
        Assessment,
        verbose_name=_("measurement"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="obstacles",
        editable=False,
        db_index=False,  # the index below leaves out the many that name none
    )
    description = models.TextField(_("description"), max_length=4000)
    measure = models.TextField(_("interim measure"), blank=True, max_length=2000, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reported by"),
        on_delete=models.PROTECT,
        related_name="obstacles_reported",
    )
    office = models.ForeignKey(
        Office, verbose_name=_("reporting office"), on_delete=models.PROTECT, related_name="obstacles_reported"
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        editable=False,
    )
    search = models.GeneratedField(
        expression=SearchVector("number", "region_name", "place", "description", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ObstacleQuerySet.as_manager()

    class Meta:
        verbose_name = _("obstacle")
        verbose_name_plural = _("obstacles")
        ordering = ["-created_at", "-id"]
        indexes = [
            GinIndex(fields=["search"], name="obstacle_search"),
            models.Index(fields=["-created_at", "-id"], name="obstacle_newest"),
            models.Index(fields=["-updated_at", "-id"], name="obstacle_last_changed"),
            models.Index(
                fields=["region", "kind"], name="obstacle_standing", condition=Q(state__in=ObstacleState.STANDING)
            ),
            # The first ones of each region, the standing and the others (dashboards/nearby.py).
            models.Index(
                fields=["region", "-created_at", "-id"],
                name="obstacle_standing_of_region",
                condition=Q(state__in=ObstacleState.STANDING),
            ),
            models.Index(
                fields=["region", "-updated_at", "-id"],
                name="obstacle_past_of_region",
                condition=~Q(state__in=ObstacleState.STANDING),
            ),
            models.Index(
                fields=["measurement"], name="obstacle_of_measurement", condition=Q(measurement__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="obstacle_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state=ObstacleState.MERGED, merged_into__isnull=False)
                | (~Q(state=ObstacleState.MERGED) & Q(merged_into=None)),
                name="obstacle_merged_names_the_other",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="obstacle_has_both_coordinates_or_none",
            ),
            models.CheckConstraint(condition=Q(state__in=ObstacleState.values), name="obstacle_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=ObstacleKind.values), name="obstacle_kind_is_known"),
            models.CheckConstraint(condition=Q(form__in=Form.values), name="obstacle_form_is_known"),
            models.CheckConstraint(
                condition=Q(technology__in=["", *Technology.values]), name="obstacle_technology_is_known"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__range=(SOUTH, NORTH), longitude__range=(WEST, EAST)),
                name="obstacle_lies_in_the_country",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="obstacle_is_not_merged_into_itself"),
        ]

    def __str__(self):
        return self.number

    @property
    def title(self):
        """What and where, in a few words."""
        return f"{self.get_kind_display()}, {self.region_name.split(', ')[0]}"

    def get_absolute_url(self):
        return reverse("obstacles:detail", args=[self.number])

    def with_duplicates(self):
        """This obstacle, those merged into it, those merged into them, and so on."""
        found = layer = [self.pk]
        while layer := list(Obstacle.objects.filter(merged_into__in=layer).values_list("pk", flat=True)):
            found = found + layer
        return Obstacle.objects.filter(pk__in=found)

    @property
    def is_of_the_network(self):
        return self.kind not in ObstacleKind.NOT_NETWORK


class Participation(Captured):
    """Another office joins an obstacle with its own need instead of making a second record ("ini juga saya alami")."""

    obstacle = models.ForeignKey(
        Obstacle, verbose_name=_("obstacle"), on_delete=models.PROTECT, related_name="participations"
    )
    office = models.ForeignKey(
        Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="participations"
    )
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("official"), on_delete=models.PROTECT, related_name="+"
    )
    need = models.TextField(_("need"), max_length=4000)
    created_at = models.DateTimeField(_("joined"), auto_now_add=True)

    class Meta:
        verbose_name = _("joint report")
        verbose_name_plural = _("joint reports")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["obstacle", "office", "official"], name="one_joint_report_a_person")
        ]

    def __str__(self):
        return f"{self.obstacle} + {self.office}"


class Photo(StoredFile):
    obstacle = models.ForeignKey(Obstacle, verbose_name=_("obstacle"), on_delete=models.PROTECT, related_name="photos")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["obstacle", "sha256"], name="photo_once_an_obstacle")]
