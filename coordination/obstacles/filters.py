"""Which obstacles a list shows, from the address of the page, so that a list can be kept as a link."""

import re

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.campaigns.filters import DayFilter
from coordination.common.days import on_days
from coordination.networks.models import Operator
from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.models import Obstacle
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionField
from coordination.regions.models import Region

# HB-3273-2026-0007 or a beginning of it, also without the letters.
NUMBER = re.compile(r"(?:hb-?)?(\d{2}[\d-]*)", re.IGNORECASE | re.ASCII)


class Order(TextChoices):
    NEWEST = "terbaru", _("Newest first")
    OLDEST = "terlama", _("Oldest first")
    CHANGED = "berubah", _("Last changed first")


# field, descending
ORDERS = {
    Order.NEWEST: ("created_at", True),
    Order.OLDEST: ("created_at", False),
    Order.CHANGED: ("updated_at", True),
}


# In the place of an operator: those that name none.
NO_OPERATOR = "tanpa"


class Origin(TextChoices):
    NETWORK = "jaringan", _("Of the network")
    STANDING = "masih", _("Of the network, standing")
    OTHER = "lain", _("Not of the network")


class RegionFilter(django_filters.Filter):
    field_class = RegionField


class ObstacleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=200)
    state = django_filters.MultipleChoiceFilter(
        field_name="state",
        label=pgettext_lazy("noun", "State"),
        choices=ObstacleState,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ObstacleKind, empty_label=_("All"))
    region = RegionFilter(label=_("Region"), method="by_region")
    mine = django_filters.BooleanFilter(
        label=_("Reported by my office"), method="by_office", widget=forms.CheckboxInput
    )
    # What leads here from a figure, and stays when the reader filters on.
    origin = django_filters.ChoiceFilter(
        label=_("Origin"), choices=Origin, method="by_origin", widget=forms.HiddenInput
    )
    operator = django_filters.ModelChoiceFilter(
        label=_("Operator"),
        queryset=Operator.objects.all(),
        null_label=_("None named"),
        null_value=NO_OPERATOR,
        method="by_operator",
        widget=forms.HiddenInput,
    )
    exactly = django_filters.ChoiceFilter(
        label=_("Without a smaller region"), choices=[("1", _("Yes"))], method="by_exact_region",
        widget=forms.HiddenInput,
    )  # fmt: skip
    reported_from = DayFilter(label=_("Reported from"))
    reported_to = DayFilter(label=_("Reported to"))
    order = django_filters.ChoiceFilter(label=_("Order"), choices=Order, method="keep", empty_label=None)

    class Meta:
        model = Obstacle
        fields = []

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.form.fields["region"].regions = Jurisdiction.of(user).regions(Region.objects.all())
        for day in ("reported_from", "reported_to"):
            self.form.fields[day].widget = forms.HiddenInput()

    def filter_queryset(self, queryset):
        """As inherited, and within the days on which obstacles were reported, by the portal's own clock."""
        queryset = super().filter_queryset(queryset)
        first, last = (self.form.cleaned_data.get(day) for day in ("reported_from", "reported_to"))
        return queryset.filter(on_days("created_at", first, last))

    def search(self, queryset, _name, text):
        words = Q(search=SearchQuery(text, config="indonesian", search_type="websearch"))
        number = NUMBER.fullmatch(text)
        if number:
            words |= Q(number__startswith=f"HB-{number[1]}")
        return queryset.filter(words)

    def by_region(self, queryset, _name, region):
        return queryset.filter(region__path__startswith=region.path) if region else queryset

    def by_origin(self, queryset, _name, origin):
        of_the_network = ~Q(kind__in=ObstacleKind.NOT_NETWORK)
        if origin == Origin.STANDING:
            return queryset.standing().filter(of_the_network)
        return queryset.filter(of_the_network if origin == Origin.NETWORK else ~of_the_network)

    def by_operator(self, queryset, _name, operator):
        named = Obstacle.operators.through.objects.filter(obstacle=OuterRef("pk"))
        if operator == NO_OPERATOR:
            return queryset.filter(~Exists(named))
        return queryset.filter(Exists(named.filter(operator=operator)))

    def by_exact_region(self, queryset, _name, _value):
        region = self.form.cleaned_data.get("region")
        return queryset.filter(region=region) if region else queryset

    def by_office(self, queryset, _name, wanted):
        return queryset.filter(office__in=self.user.office_ids) if wanted else queryset

    def keep(self, queryset, _name, _value):
        """The order is applied by the paging."""
        return queryset


def order_of(value):
    """(field, descending) for an order from the address; the newest first for anything unknown."""
    return ORDERS[value if value in ORDERS else Order.NEWEST]
