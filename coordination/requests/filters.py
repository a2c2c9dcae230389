"""Which requests a list shows, from the address of the page, so that a list can be kept as a link."""

import re
from datetime import UTC, date, datetime

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, TextChoices, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.campaigns.filters import DayFilter
from coordination.common.days import on_days
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office, Official
from coordination.regions.forms import RegionField
from coordination.regions.models import Region
from coordination.requests import lateness
from coordination.requests.choices import TIMED, Measure, Outcome, State, Urgency
from coordination.requests.models import CoordinationRequest, StageTime, Watch
from coordination.requests.substitutes import waiting_for_person


class Scope(TextChoices):
    WAITING = "menunggu", _("Waiting for my office")
    MY_TURN = "giliran", _("Waiting for me")
    MINE = "saya", _("Mine")
    REGION = "wilayah", _("My region")
    WATCHED = "pantauan", _("Watched")


WAITS = (Scope.WAITING, Scope.MY_TURN)


class Deadline(TextChoices):
    PAST = "lewat", _("Past the deadline")
    NEAR = "dekat", _("Near the deadline")


class Order(TextChoices):
    NEWEST = "terbaru", _("Newest first")
    OLDEST = "terlama", _("Oldest first")
    CHANGED = "berubah", _("Last changed first")
    DEADLINE = "tenggat", _("Nearest deadline first")


# field, descending
ORDERS = {
    Order.NEWEST: ("created_at", True),
    Order.OLDEST: ("created_at", False),
    Order.CHANGED: ("updated_at", True),
    Order.DEADLINE: ("due_at", False),
}
FIRST_DAY = date(2000, 1, 1)
DAYS = ("due_from", "due_to", "submitted_from", "submitted_to", "resolved_from", "resolved_to")
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
# PK-3273-2026-0007 or a beginning of it, also without the letters.
NUMBER = re.compile(r"(?:pk-?)?(\d{2}[\d-]*)", re.IGNORECASE | re.ASCII)


class RegionFilter(django_filters.Filter):
    field_class = RegionField


class RequestFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=200)
    state = django_filters.MultipleChoiceFilter(
        field_name="state",
        label=pgettext_lazy("noun", "State"),
        choices=State,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )
    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=Urgency, empty_label=_("All"))
    deadline = django_filters.ChoiceFilter(
        label=_("Deadline"), choices=Deadline, method="by_deadline", empty_label=_("All")
    )
    alarm = django_filters.ChoiceFilter(
        label=_("Alarm"),
        choices=[("1", _("Late, no further office above"))],
        method="by_alarm",
        empty_label=_("All"),
    )
    region = RegionFilter(label=_("Region"), method="by_region")
    person = django_filters.ModelChoiceFilter(
        field_name="person_in_charge",
        label=_("Person in charge"),
        queryset=Official.objects.none(),
        empty_label=_("All"),
    )
    # What leads here from the report of lateness, and stays when the reader filters on.
    office = django_filters.ModelChoiceFilter(
        label=_("Office"), queryset=Office.objects.filter(kind=Kind.KOMINFO), method="keep", widget=forms.HiddenInput
    )
    due_from = DayFilter(label=_("Fell due from"))
    due_to = DayFilter(label=_("Fell due to"))
    missed = django_filters.ChoiceFilter(
        label=_("Missed deadline"),
        choices=[(lateness.ANY, _("Any")), *lateness.STAGES],
        method="keep",
        widget=forms.HiddenInput,
    )
    # What leads here from the figures of a region.
    submitted_from = DayFilter(label=_("Submitted from"))
    submitted_to = DayFilter(label=_("Submitted to"))
    resolved_from = DayFilter(label=_("Resolved from"))
    resolved_to = DayFilter(label=_("Resolved to"))
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=Outcome, widget=forms.HiddenInput)
    measure = django_filters.ChoiceFilter(
        label=pgettext_lazy("request", "Measure"), choices=Measure, method="by_measure", widget=forms.HiddenInput
    )
    order = django_filters.ChoiceFilter(label=_("Order"), choices=Order, method="keep", empty_label=None)

    class Meta:
        model = CoordinationRequest
        fields = []

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["region"].regions = Jurisdiction.of(user).regions(Region.objects.all())
        for day in DAYS:
            self.form.fields[day].widget = forms.HiddenInput()
        person = self.form.fields["person"]
        person.queryset = self._in_charge(user)
        person.label_from_instance = lambda one: one.name if one.office == user.office else f"{one}, {one.office}"

    def _in_charge(self, user):
        """The officials of the own office; below the national ones also those who answer the region's requests."""
        people = Q(office=user.office_id)
        if not Jurisdiction.of(user).everywhere:
            visible = CoordinationRequest.objects.visible_to(user).order_by()
            people |= Q(pk__in=visible.exclude(person_in_charge=None).values("person_in_charge"))
        return Official.objects.acting().filter(people).select_related("office")

    def filter_queryset(self, queryset):
        """As inherited, and what a figure of the report of lateness counts."""
        chosen = self.form.cleaned_data
        first, last, stage = (chosen.get(name) for name in ("due_from", "due_to", "missed"))
        period = None
        if first or last or stage:
            period = lateness.Period(first or FIRST_DAY, last or timezone.localdate())
        queryset = super().filter_queryset(queryset)
        for moment in ("submitted", "resolved"):
            days = chosen.get(f"{moment}_from"), chosen.get(f"{moment}_to")
            queryset = queryset.filter(on_days(f"{moment}_at", *days))
        return lateness.behind(queryset, office=chosen.get("office"), period=period, stage=stage)

    def search(self, queryset, _name, text):
        text = text.replace("\x00", " ").strip()
        words = Q(search=SearchQuery(text, config="indonesian", search_type="websearch"))
        number = NUMBER.fullmatch(text)
        if number:
            # From its beginning: both halves are read from an index, and never the whole table.
            words |= Q(number__startswith=f"PK-{number[1]}")
        return queryset.filter(words)

    def by_deadline(self, queryset, _name, value):
        return queryset.overdue() if value == Deadline.PAST else queryset.near_deadline()

    def by_measure(self, queryset, _name, value):
        return queryset.filter(measures__contains=[value])

    def by_alarm(self, queryset, _name, _value):
        return queryset.without_office_above()

    def by_region(self, queryset, _name, region):
        return queryset.filter(region__path__startswith=region.path) if region else queryset

    def keep(self, queryset, _name, _value):
        """The order is applied by the paging."""
        return queryset


class Kept(TextChoices):
    YES = "ya", pgettext_lazy("deadline", "Kept")
    NO = "tidak", pgettext_lazy("deadline", "Missed")


class TimesOrder(TextChoices):
    NEWEST = "terbaru", _("Newest first")
    LONGEST = "terlama", _("Longest first")


TIMES_ORDERS = {TimesOrder.NEWEST: "ended_at", TimesOrder.LONGEST: "minutes"}


class StageTimeFilter(django_filters.FilterSet):
    """Which times of stages a list shows: those behind a median."""

    stage = django_filters.ChoiceFilter(
        label=_("Stage"), choices=[(stage.value, stage.label) for stage in TIMED], empty_label=_("All")
    )
    kept = django_filters.ChoiceFilter(label=_("Deadline"), choices=Kept, method="by_kept", empty_label=_("All"))
    first = DayFilter(label=_("From the day"))
    last = DayFilter(label=_("To the day"))
    region = RegionFilter(label=_("Region"), method="by_region")
    office = django_filters.ModelChoiceFilter(
        label=_("Office"), queryset=Office.objects.filter(kind=Kind.KOMINFO), widget=forms.HiddenInput
    )
    order = django_filters.ChoiceFilter(label=_("Order"), choices=TimesOrder, method="keep", empty_label=None)

    class Meta:
        model = StageTime
        fields = []

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["region"].regions = Jurisdiction.of(user).regions(Region.objects.all())

    def filter_queryset(self, queryset):
        """As inherited, and those that ended on the days."""
        days = (self.form.cleaned_data.get(name) for name in ("first", "last"))
        return super().filter_queryset(queryset).filter(on_days("ended_at", *days))

    @property
    def order_field(self):
        """The column by which the list falls."""
        return TIMES_ORDERS[self.form.cleaned_data.get("order") or TimesOrder.NEWEST]

    def by_kept(self, queryset, _name, value):
        return queryset.kept() if value == Kept.YES else queryset.missed()

    def by_region(self, queryset, _name, region):
        return queryset.filter(request__region__path__startswith=region.path) if region else queryset

    def keep(self, queryset, _name, _value):
        """The days are applied at the end, the order by the paging."""
        return queryset


def scoped(queryset, scope, user):
    """The part of the visible requests that a tab shows; an unknown tab shows the region's."""
    if scope == Scope.WAITING:
        return queryset.waiting_for(user)
    if scope == Scope.MY_TURN:
        return waiting_for_person(queryset, user)
    if scope == Scope.MINE:
        return queryset.filter(filed_by=user) | queryset.filter(person_in_charge=user)
    if scope == Scope.WATCHED:
        return queryset.filter(pk__in=Watch.objects.filter(office__in=user.office_ids).values("request"))
    return queryset


def scopes_of(user):
    """The tabs of this person's list: nothing waits for an office that only reads."""
    return Scope.choices if user.acts else [(Scope.REGION.value, Scope.REGION.label)]


def order_of(asked, scope):
    """The order that an address asks for; else what waits for somebody and what is near or past its deadline comes by
    the deadline, everything else the newest first."""
    if asked.get("order") in ORDERS:
        return asked["order"]
    return Order.DEADLINE if scope in WAITS or asked.get("deadline") in Deadline else Order.NEWEST


def ordered(rows, order, scope):
    """(rows, field, descending) for this order.

    Rows without a deadline come last where all must be there, and are left out of the list by deadline.
    """
    field, descending = ORDERS[order]
    if field != "due_at":
        return rows, field, descending
    if scope not in WAITS:
        return rows.filter(due_at__isnull=False), field, descending
    return rows.annotate(due_or_never=Coalesce("due_at", Value(NEVER))), "due_or_never", descending
