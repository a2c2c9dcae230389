import csv

import pytest

from coordination.campaigns.loading import DATA
from coordination.campaigns.queries import voting_regencies
from coordination.campaigns.tests.factories import pilkada
from coordination.regions.models import EarlierCode, Region
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db


def _governor_only():
    with open(DATA / "governor_only.csv", encoding="utf-8", newline="") as file:
        return [row["code_then"] for row in csv.DictReader(file) if row["election"] == "pilkada-2020"]


def _codes_then(election, regencies):
    moved = EarlierCode.objects.filter(valid_to__gte=election.voting_date).values_list("region", "code")
    then = dict(moved)
    return {then.get(place.pk, place.code) for place in regencies}


def test_309_regencies_in_32_provinces_held_a_vote(tmp_path):
    election = pilkada(tmp_path)
    voting = voting_regencies(election)
    assert voting.count() == 309
    assert len({code[:2] for code in _codes_then(election, voting)}) == 32


def test_48_of_them_voted_only_for_the_governor(tmp_path):
    election = pilkada(tmp_path)
    only = voting_regencies(election).exclude(contests__election=election)
    assert sorted(only.values_list("code", flat=True)) == sorted(_governor_only())
    assert len(_governor_only()) == 48


def test_kota_bandung_did_not_vote(tmp_path):
    assert not voting_regencies(pilkada(tmp_path)).filter(code="32.73").exists()


def test_a_regency_that_moved_later_voted_with_its_former_province(tmp_path):
    election = pilkada(tmp_path)
    moved = region("14.71")  # Riau today; say that it lay in Sumatera Barat on voting day
    moved.contests.all().delete()
    assert moved not in voting_regencies(election)
    EarlierCode.objects.create(region=moved, code="13.99", valid_to="2023-01-01")
    assert moved in voting_regencies(election)


def test_a_regency_that_came_later_did_not_vote_with_its_present_province(tmp_path):
    election = pilkada(tmp_path)
    came = region("13.71")
    assert came in voting_regencies(election)
    EarlierCode.objects.create(region=came, code="14.99", valid_to="2023-01-01")
    assert came not in voting_regencies(election)


@pytest.mark.parametrize("dates", [{"valid_from": "2021-01-01"}, {"valid_to": "2020-12-08"}], ids=["newer", "ended"])
def test_a_regency_that_did_not_exist_on_voting_day_did_not_vote(tmp_path, dates):
    election = pilkada(tmp_path)
    Region.objects.filter(code="13.71").update(**dates)
    assert not voting_regencies(election).filter(code="13.71").exists()
