"""What is found by an array is what `in` finds."""

import pytest

from coordination.common.lookups import found_by
from coordination.offices.models import Office, Official
from coordination.offices.tests.factories import admin, lead

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["kpu", "bawaslu", "nobody"])
def test_it_finds_the_rows_with_one_of_the_keys_and_never_those_with_none(kind):
    lead("kpu", "32.73"), lead("kpu", "33.74"), lead("bawaslu", "32.73"), admin()  # noqa: B018 - no office at all
    offices = Office.objects.filter(kind=kind)
    found = set(Official.objects.filter(found_by("office", offices)))
    assert found == set(Official.objects.filter(office__in=offices))
    assert len(found) == offices.count()


def test_it_finds_by_the_value_that_the_rows_give():
    chief, other = lead("kpu", "32.73"), lead("kpu", "33.74")
    regions = Official.objects.filter(pk=chief.pk).values("office__region")
    assert set(Office.objects.filter(found_by("region", regions))) == {chief.office}
    assert other.office.region != chief.office.region
