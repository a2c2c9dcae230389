"""Which obstacles a list shows, from the address of the page, so that a list can be kept as a link."""

import re

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class RegionFilter(django_filters.Filter):
    field_class = RegionField


class ObstacleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=200)
    state = django_filters.MultipleChoiceFilter(
        field_name="state",
        label=pgettext_lazy("noun", "State"),
        choices=ObstacleState,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ObstacleKind, empty_label=_("All"))
    region = RegionFilter(label=_("Region"), method="by_region")
    mine = django_filters.BooleanFilter(
        label=_("Reported by my office"), method="by_office", widget=forms.CheckboxInput
    )
    order = django_filters.ChoiceFilter(label=_("Order"), choices=Order, method="keep", empty_label=None)

    class Meta:
        model = Obstacle
        fields = []

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.form.fields["region"].regions = Jurisdiction.of(user).regions(Region.objects.all())

    def search(self, queryset, _name, text):
        words = Q(search=SearchQuery(text, config="indonesian", search_type="websearch"))
        number = NUMBER.fullmatch(text)
        if number:
            words |= Q(number__startswith=f"HB-{number[1]}")
        return queryset.filter(words)

    def by_region(self, queryset, _name, region):
        return queryset.filter(region__path__startswith=region.path) if region else queryset

    def by_office(self, queryset, _name, wanted):
        return queryset.filter(office__in=self.user.office_ids) if wanted else queryset

    def keep(self, queryset, _name, _value):
        """The order is applied by the paging."""
        return queryset


def order_of(value):
    """(field, descending) for an order from the address; the newest first for anything unknown."""
    return ORDERS[value if value in ORDERS else Order.NEWEST]
