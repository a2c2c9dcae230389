"""Offices with their periods, the officials who sit in them, and invitations."""

import hashlib
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from coordination.common.models import CreatedOnce, Timestamped, Versioned
from coordination.offices.choices import Kind, Role
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.models import Region

INVITATION_LIFETIME = timedelta(hours=72)


class OfficeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The offices this user may know of: those within the jurisdiction."""
        return self.filter(Jurisdiction.of(user).q("region"))

    def serving(self, on=None):
        """Offices whose period includes the day (today by default)."""
        day = on or timezone.localdate()
        return self.filter(Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))

    def acted_for_by(self, office):
        """The office itself and, while it serves, those that served its region before it: it acts in their place."""
        before = Q(kind=office.kind, region=office.region_id, valid_from__lt=office.valid_from)
        return self.filter(Q(pk=office.pk) | before if office.serves else Q(pk=office.pk))

    def staffed(self):
        """Offices in which somebody active can act; a viewer alone answers nothing."""
        return self.filter(_somebody_acting())

    def unstaffed(self):
        """The red list: offices in which nobody active can act."""
        return self.filter(~_somebody_acting())


def _somebody_acting():
    return Exists(Official.objects.acting().filter(office=OuterRef("pk")))


class Int8Range(Func):
    function = "INT8RANGE"


class DateRange(Func):
    function = "DATERANGE"


def _one_at_a_time(kind):
    """No two offices of this kind serve one region on one day (a region-less office serves the country)."""
    # F("region"), not F("region_id"): validation finds the value to compare by the name of the field only.
    region = Coalesce(F("region"), Value(0), output_field=models.BigIntegerField())
    return ExclusionConstraint(
        name=f"one_{kind}_office_a_region_at_a_time",
        expressions=[
            (Int8Range(region, region, Value("[]")), "&&"),
            (DateRange("valid_from", "valid_to", Value("[]")), "&&"),
        ],
        condition=Q(kind=kind),
        violation_error_message=_("Another office of this kind serves this region during that period."),
    )


class Office(CreatedOnce, Versioned, Timestamped):
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offices",
        help_text=_("Empty for a national office."),
    )
    name = models.CharField(_("name"), max_length=200)
    address = models.TextField(_("address"), blank=True, max_length=500)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    superior = models.ForeignKey(
        "self",
        verbose_name=_("superior office"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subordinates",
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="office_period_ends_after_it_begins",
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(superior=F("id")),
                name="office_is_not_its_own_superior",
                violation_error_message=_("An office cannot be its own superior."),
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="office_kind_is_known"),
            *[_one_at_a_time(kind) for kind in Kind.values],
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("offices:detail", args=[self.pk])

    def validate_constraints(self, exclude=None):
        """As inherited, but not while the kind is in doubt: the constraints hold for each kind and would fail on it."""
        if "kind" not in (exclude or ()):
            super().validate_constraints(exclude)

    @property
    def today(self):
        """The day it is where this office sits."""
        return timezone.localdate(timezone=ZoneInfo(self.region.time_zone) if self.region else None)

    @property
    def serves(self):
        """Whether its period includes today."""
        return self.valid_from <= timezone.localdate() <= (self.valid_to or date.max)

    def acts_for(self, other):
        """Whether that office is this one, or one that this one follows; of many at once `acted_for_by` tells."""
        follows = (self.kind, self.region_id) == (other.kind, other.region_id) and other.valid_from < self.valid_from
        return self.pk == other.pk or (follows and self.serves)

    @property
    def in_service(self):
        """The office that acts for this one today; itself when it ended and none follows."""
        if self.serves:
            return self
        others = Office.objects.serving().filter(kind=self.kind, region=self.region_id).select_related("region")
        return next((office for office in others if office.acts_for(self)), self)

    @property
    def region_path(self):
        """The prefix of all regions this office answers for; '' for a national office."""
        return self.region.path if self.region else ""


class OfficialQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The people this user may know of: those of the offices within the jurisdiction."""
        if user.is_superuser:
            return self
        return self.filter(office__in=Office.objects.visible_to(user))

    def active(self):
        return self.filter(is_active=True)

    def acting(self):
        """Active people who can take steps: officers and leads of offices that serve today."""
        return self.filter(is_active=True, role__in=Role.ACTING, office__in=Office.objects.serving())


class OfficialManager(UserManager.from_queryset(OfficialQuerySet)):
    pass


class Official(Versioned, AbstractBaseUser, PermissionsMixin):
    """A person who signs in. No identity number and no voter data is kept."""

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    name = models.CharField(_("full name"), max_length=150)
    office = models.ForeignKey(
        Office, verbose_name=_("office"), null=True, blank=True, on_delete=models.PROTECT, related_name="officials"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.OFFICER)
    position = models.CharField(_("position title"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(
        _("administers"), default=False, help_text=_("May use the admin for the own jurisdiction.")
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = OfficialManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        ordering = ["name", "username"]
        constraints = [
            # The sign-in library looks people up without regard to capitals, and finds nobody if it finds two.
            models.UniqueConstraint(
                Lower("username"),
                name="official_username_is_used_once",
                violation_error_message=_("This user name is taken."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="official_email_is_used_once",
                violation_error_message=_("This e-mail address belongs to another account."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="official_role_is_known"),
            models.CheckConstraint(
                condition=Q(is_superuser=True) | Q(office__isnull=False), name="official_sits_in_an_office"
            ),
        ]

    def __str__(self):
        return self.name or self.username

    def save(self, *args, **kwargs):
        self.email = self.email.lower()  # as the sign-in library looks for it
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        """Where the office sees when this person is away: what is told of a person is that."""
        return reverse("offices:absences", args=[self.pk])

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]

    @property
    def acts(self):
        """Whether this person may change anything for the office; viewers only read, and who served an office that
        has ended as well."""
        return self.is_active and self.role in Role.ACTING and self.office_id is not None and self.office.serves

    @property
    def leads(self):
        return self.acts and self.role == Role.LEAD

    @property
    def own_offices(self):
        """The offices whose papers are this person's: the own, and those that it acts for."""
        return Office.objects.acted_for_by(self.office) if self.office else Office.objects.none()

    @cached_property
    def office_ids(self):
        """Their keys, for lists by office alone: with few constants the database uses its indexes."""
        return list(self.own_offices.order_by().values_list("pk", flat=True))

    def acts_for(self, office):
        """Whether this person may change what belongs to that office, if any."""
        return self.acts and office is not None and self.office.acts_for(office)


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Invitations to offices within the jurisdiction."""
        return self.filter(office__in=Office.objects.visible_to(user))

    def open(self, now=None):
        """Invitations that can still be accepted."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now or timezone.now())

    def by_token(self, token):
        """The invitation this link's token opens; the token itself is never stored."""
        return self.filter(token_sha256=hashlib.sha256(token.encode()).hexdigest())


class Invitation(CreatedOnce, Timestamped):
    """A link for one use within 72 hours; only the digest of its token is stored."""

    office = models.ForeignKey(Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    position = models.CharField(_("position title"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.OFFICER)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        Official, verbose_name=_("invited by"), on_delete=models.PROTECT, related_name="invitations_sent"
    )
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    official = models.OneToOneField(
        Official, verbose_name=_("official"), null=True, blank=True, on_delete=models.PROTECT, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, official=None) | Q(used_at__isnull=False, official__isnull=False),
                name="invitation_used_means_an_official_was_made",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_is_known"),
        ]

    def __str__(self):
        return self.name
