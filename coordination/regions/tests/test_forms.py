"""The field that takes a region as people write it, and asks when that could mean several."""

import pytest
from django import forms

from coordination.regions.forms import RegionField
from coordination.regions.models import Region
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def merauke():
    region("93", name="Papua Selatan")
    region("93.01", name="Kab. Merauke")
    region("93.01.01", name="Merauke")
    region("93.01.02", name="Semangga")
    region("32.73", name="Kota Bandung")


def choose(text, below="93"):
    class Form(forms.Form):
        region = RegionField()

    form = Form({"region": text})
    form.fields["region"].regions = Region.objects.filter(path__startswith=below)
    return form


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("93.01.02", "93.01.02"), ("930102", "93.01.02"), ("semangga", "93.01.02"), ("Semangga (93.01.02)", "93.01.02"),
        ("Kab. Merauke", "93.01"), ("kab merauke", "93.01"),
    ],
)  # fmt: skip
def test_what_can_mean_one_region_only_is_that_region(text, code):
    form = choose(text)
    assert form.is_valid()
    assert form.cleaned_data["region"].code == code


def test_a_name_that_a_regency_and_a_district_bear_is_asked_back():
    form = choose("merauke")
    assert not form.is_valid()
    assert [found.code for found in form.fields["region"].widget.candidates] == ["93.01", "93.01.01"]


@pytest.mark.parametrize("text", ["Kota Bandung", "32.73", "Kota Bandung (32.73)", "Atlantis"])
def test_a_region_outside_the_jurisdiction_is_as_unknown_as_one_that_does_not_exist(text):
    form = choose(text)
    assert not form.is_valid()
    assert form.has_error("region", "unknown")
