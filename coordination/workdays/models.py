"""The calendar that deadlines are counted by: days off, years whose decree is known, and Ramadans."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from coordination.common.models import Versioned
from coordination.regions.models import Region, paths_above
from coordination.workdays.choices import DayKind

YEARS = range(2000, 2101)
LONGEST_RAMADAN = timedelta(days=30)


def _validate_year(year, field):
    """A slip of the pen, such as 0206 or 20266, lies outside."""
    if year not in YEARS:
        years = {"first": YEARS[0], "last": YEARS[-1]}
        raise ValidationError({field: _("The calendar holds the years from %(first)s to %(last)s.") % years})


class DateRange(Func):
    function = "DATERANGE"


class DayOffQuerySet(models.QuerySet):
    def of(self, region):
        """Those on which the offices of this region do not work; of the whole country for None."""
        here = Q(region=None)
        if region:
            here |= Q(region__path__in=[*paths_above(region.path), region.path])
        return self.filter(here, is_off=True)


class DayOff(Versioned):
    """A day without work, in the country or in one region. Taken back it stays, so that it is not seeded again."""

    day = models.DateField(_("day"))
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="days_off",
        help_text=_("Empty for the whole country; a region's day holds for all below it."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DayKind)
    name = models.CharField(_("name"), max_length=120)
    is_off = models.BooleanField(_("no work"), default=True, help_text=_("Untick it when offices work after all."))
    source = models.CharField(_("source"), max_length=200)

    objects = DayOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        ordering = ["-day", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "region"],
                nulls_distinct=False,
                name="day_off_once_a_region",
                violation_error_message=_("This day is in the calendar of this region already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="day_off_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.name}"

    def clean(self):
        """One without a region would hold for the whole country."""
        if self.day:
            _validate_year(self.day.year, "day")
        if self.kind == DayKind.LOCAL and self.region is None:
            raise ValidationError({"region": _("A local holiday names its region.")})


class CalendarYear(Versioned):
    """Whether the decree on holidays and joint leave of a year is known; until then deadlines may still move."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    is_complete = models.BooleanField(_("complete"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("year of the calendar")
        verbose_name_plural = _("years of the calendar")
        ordering = ["-year"]

    def __str__(self):
        return str(self.year)

    def clean(self):
        if self.year is not None:
            _validate_year(self.year, "year")


class Ramadan(Versioned):
    """A month of shorter office hours. Taken back it stays, so that it is not seeded again."""

    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    is_observed = models.BooleanField(
        _("shorter hours"), default=True, help_text=_("Untick it when offices work their usual hours after all.")
    )
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("Ramadan")
        verbose_name_plural = _("Ramadans")
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day")),
                name="ramadan_ends_after_it_begins",
                violation_error_message=_("The period ends before it begins."),
            ),
            ExclusionConstraint(
                name="one_ramadan_at_a_time",
                expressions=[(DateRange("first_day", "last_day", Value("[]")), "&&")],
                condition=Q(is_observed=True),
                violation_error_message=_("Another Ramadan covers some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.first_day:%Y-%m-%d}–{self.last_day:%Y-%m-%d}"

    def clean(self):
        """The database cannot even compare a period that ends before it begins with the others."""
        if not (self.first_day and self.last_day):
            return
        _validate_year(self.first_day.year, "first_day")
        if self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The period ends before it begins.")})
        if self.last_day - self.first_day >= LONGEST_RAMADAN:
            raise ValidationError({"last_day": _("Ramadan has 30 days at most.")})
