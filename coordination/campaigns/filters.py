"""Which activities a list shows, from the address of the page, so that a list can be kept as a link."""

import re
from datetime import date

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import FACE_TO_FACE, ONLINE, CampaignActivity, CampaignMethod, Election
from coordination.campaigns.weeks import DAY, starting, today_of, zones_of
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionField
from coordination.regions.models import Region

# KG-3273-2026-0007 or a beginning of it, also without the letters.
NUMBER = re.compile(r"(?:kg-?)?(\d{2}[\d-]*)", re.IGNORECASE | re.ASCII)


class Period(TextChoices):
    COMING = "mendatang", _("Today and coming")
    PAST = "lewat", pgettext_lazy("activities", "Past")
    ALL = "semua", pgettext_lazy("activities", "All")


class Way(TextChoices):
    ONLINE = "daring", _("Held online")
    FACE_TO_FACE = "tatap-muka", _("Held face to face")


WAYS = {Way.ONLINE: ONLINE, Way.FACE_TO_FACE: FACE_TO_FACE}


class RegionFilter(django_filters.Filter):
    field_class = RegionField


class DayFilter(django_filters.DateFilter):
    """A day that the calendar of the portal knows."""

    def __init__(self, **options):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        known = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
        super().__init__(method="keep", widget=widget, validators=known, **options)


class ActivityFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=200)
    period = django_filters.ChoiceFilter(label=_("Period"), choices=Period, method="keep", empty_label=None)
    first = DayFilter(label=_("From the day"))
    last = DayFilter(label=_("To the day"))
    method = django_filters.ModelChoiceFilter(
        label=_("Method"), queryset=CampaignMethod.objects.all(), empty_label=pgettext_lazy("activities", "All")
    )
    region = RegionFilter(label=_("Region"), method="by_region")
    state = django_filters.MultipleChoiceFilter(
        field_name="state",
        label=pgettext_lazy("noun", "State"),
        choices=ActivityState,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )
    # What leads here from a figure, and stays when the reader filters on.
    election = django_filters.ModelChoiceFilter(
        label=_("Election"), queryset=Election.objects.all(), widget=forms.HiddenInput
    )
    way = django_filters.ChoiceFilter(label=_("Way"), choices=Way, method="by_way", widget=forms.HiddenInput)

    class Meta:
        model = CampaignActivity
        fields = []

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.form.fields["region"].regions = Jurisdiction.of(user).regions(Region.objects.all())

    def filter_queryset(self, queryset):
        """As inherited, and within the days that were typed, or else within the period."""
        queryset = super().filter_queryset(queryset)
        zones, today = zones_of(self.user), today_of(self.user)
        if any(self._days()):
            return queryset.filter(starting(*self._days(), zones))
        if self.shown_period == Period.COMING:
            return queryset.filter(starting(today, None, zones))
        return queryset.filter(starting(None, today - DAY, zones)) if self.shown_period == Period.PAST else queryset

    def _days(self):
        return [self.form.cleaned_data.get(name) for name in ("first", "last")]

    @property
    def shown_period(self):
        """The period that is shown: the chosen one, all of it for a search, else what is to come."""
        chosen = self.form.cleaned_data
        return chosen.get("period") or (Period.ALL if chosen.get("q") else Period.COMING)

    @property
    def newest_first(self):
        """What is to come is read from the next one on, the past from the last one back."""
        return self.shown_period != Period.COMING and not any(self._days())

    def search(self, queryset, _name, text):
        words = Q(search=SearchQuery(text, config="indonesian", search_type="websearch"))
        number = NUMBER.fullmatch(text)
        if number:
            words |= Q(number__startswith=f"KG-{number[1]}")
        return queryset.filter(words)

    def by_region(self, queryset, _name, region):
        return queryset.filter(region__path__startswith=region.path) if region else queryset

    def by_way(self, queryset, _name, way):
        return queryset.filter(WAYS[way])

    def keep(self, queryset, _name, _value):
        """The period is applied at the end."""
        return queryset
