"""Who is away, and who stands in."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.common.models import CreatedOnce, Timestamped, Versioned
from coordination.offices.choices import Role
from coordination.offices.models.officials import DateRange, Int8Range, Official
from coordination.regions.models import TimeZone


class AbsenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The absences of the people whom this user may know of."""
        return self.filter(official__in=Official.objects.visible_to(user))

    def standing(self, on):
        """Those that are not over on that day, coming ones included."""
        return self.filter(ended_at=None, last_day__gte=on)

    def in_force(self, on=None):
        """Those of that day; of today where the official's own office sits, if none is given.

        Of each row `stands_in` tells whether its substitute can act there that day. There is no chain: a substitute who
        is away as well, or left the office, is none.
        """
        rows = self.annotate(day=_today_there() if on is None else Value(on, models.DateField()))
        able = Official.objects.acting().filter(pk=OuterRef("substitute"), office=OuterRef("official__office"))
        away = Absence.objects.filter(official=OuterRef("substitute"), ended_at=None)
        away = away.filter(first_day__lte=OuterRef("day"), last_day__gte=OuterRef("day"))
        rows = rows.filter(ended_at=None, first_day__lte=F("day"), last_day__gte=F("day"))
        return rows.annotate(stands_in=Exists(able) & ~Exists(away))

    def with_leads_left(self):
        """Of each row `leaves_no_lead` tells whether it is a lead's and no other lead of the office is there all the
        time meanwhile."""
        away = Absence.objects.filter(official=OuterRef("pk"), ended_at=None)
        away = away.filter(first_day__lte=OuterRef(OuterRef("last_day")), last_day__gte=OuterRef(OuterRef("first_day")))
        leads = Official.objects.acting().filter(office=OuterRef("official__office"), role=Role.LEAD)
        left = leads.exclude(pk=OuterRef("official")).exclude(Exists(away))
        return self.annotate(leaves_no_lead=Q(official__role=Role.LEAD) & ~Exists(left))

    def covered_by(self, user):
        """The absences of today for which this person stands in; for a lead all those of the own office."""
        rows = self.filter(official__office=user.office_id).in_force().exclude(official=user)
        if not user.acts:
            return rows.none()
        return rows if user.leads else rows.filter(substitute=user, stands_in=True)

    def substitutes_of(self, ids, on=None):
        """{key of who of `ids` is away then: who stands in, or None where that is for the lead to settle}."""
        rows = self.filter(official__in=ids).in_force(on).select_related("substitute")
        return {row.official_id: row.present_substitute for row in rows}


def _today_there():
    zone = Coalesce(F("official__office__region__time_zone"), Value(TimeZone.WIB.value))
    return Cast(Func(zone, Value(timezone.now()), function="TIMEZONE"), models.DateField())


class Absence(CreatedOnce, Versioned, Timestamped):
    """The days on which an official is away, and the colleague who stands in. Why is nobody's business here."""

    official = models.ForeignKey(
        Official, verbose_name=_("official"), on_delete=models.PROTECT, related_name="absences"
    )
    substitute = models.ForeignKey(
        Official, verbose_name=_("substitute"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    named_by = models.ForeignKey(Official, verbose_name=_("named by"), on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absence_ends_on_or_after_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(substitute=F("official")), name="nobody_is_the_own_substitute"
            ),
            ExclusionConstraint(
                name="one_absence_of_a_person_at_a_time",
                expressions=[
                    (Int8Range(F("official"), F("official"), Value("[]")), "&&"),
                    (DateRange("first_day", "last_day", Value("[]")), "&&"),
                ],
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.official}: {self.first_day} – {self.last_day}"

    @property
    def present_substitute(self):
        """Who stands in, of a row of `in_force`; None where that is for the lead to settle."""
        return self.substitute if self.stands_in else None
