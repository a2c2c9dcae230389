"""Which planned outages a list shows, from the address of the page, so that a list can be kept as a link."""

import django_filters
from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.networks.choices import OutageKind, OutageState
from coordination.networks.models import Operator, PlannedOutage
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionField
from coordination.regions.models import Region


class Period(TextChoices):
    COMING = "mendatang", _("Now and coming")
    PAST = "lewat", pgettext_lazy("outages", "Over")
    ALL = "semua", pgettext_lazy("outages", "All")


class RegionFilter(django_filters.Filter):
    field_class = RegionField


class OutageFilter(django_filters.FilterSet):
    period = django_filters.ChoiceFilter(label=_("Period"), choices=Period, method="keep", empty_label=None)
    state = django_filters.MultipleChoiceFilter(
        field_name="state",
        label=pgettext_lazy("noun", "State"),
        choices=OutageState,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OutageKind, empty_label=pgettext_lazy("outages", "All"))
    operator = django_filters.ModelChoiceFilter(
        label=_("Operator"), queryset=Operator.objects.all(), empty_label=pgettext_lazy("outages", "All")
    )
    region = RegionFilter(label=_("Region"), method="by_region")

    class Meta:
        model = PlannedOutage
        fields = []

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["region"].regions = Jurisdiction.of(user).regions(Region.objects.all())

    def filter_queryset(self, queryset):
        """As inherited, and within the period."""
        queryset, now = super().filter_queryset(queryset), timezone.now()
        if self.shown_period == Period.COMING:
            return queryset.filter(ends_at__gt=now)
        return queryset.filter(ends_at__lte=now) if self.shown_period == Period.PAST else queryset

    @property
    def shown_period(self):
        return self.form.cleaned_data.get("period") or Period.COMING

    @property
    def newest_first(self):
        """What is to come is read from the next one on, the past from the last one back."""
        return self.shown_period != Period.COMING

    def by_region(self, queryset, _name, region):
        return queryset.touching(region) if region else queryset

    def keep(self, queryset, _name, _value):
        """The period is applied at the end."""
        return queryset
