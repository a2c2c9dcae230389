import csv
import shutil
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from coordination.campaigns import loading
from coordination.campaigns.choices import Confidence
from coordination.campaigns.models import Contest, Election
from coordination.campaigns.tests.factories import pilkada, regions
from coordination.regions.models import Region

pytestmark = pytest.mark.django_db
NUMBERS = {"pilkada-2020": 270, "pilkada-2024": 545}


@pytest.fixture
def copy(tmp_path):
    """A folder with the lists, to be spoiled."""
    return shutil.copytree(loading.DATA, tmp_path / "lists")


def _rewrite(path, change):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_pilkada_2020_has_its_dates_and_270_contests(tmp_path):
    election = pilkada(tmp_path)
    assert (election.voting_date, election.campaign_from, election.campaign_to) == (
        date(2020, 12, 9), date(2020, 9, 26), date(2020, 12, 5),
    )  # fmt: skip
    contests = election.contests.select_related("region")
    assert contests.count() == 270
    assert contests.filter(region__level=1).count() == 9
    cities = [contest for contest in contests if contest.region.name.startswith("Kota ")]
    assert len(cities) == 37
    assert contests.filter(region__level=2).count() - len(cities) == 224


def test_only_rows_found_on_a_published_list_are_graded_high(tmp_path):
    election = pilkada(tmp_path)
    known = election.contests.filter(confidence=Confidence.HIGH)
    assert known.count() == 118
    assert not known.filter(source__contains="knowledge").exists()
    assert not election.contests.filter(source="").exists()


def test_loading_again_changes_nothing(tmp_path):
    election = pilkada(tmp_path)
    before = list(Contest.objects.order_by("pk").values())
    assert loading.load() == NUMBERS
    assert list(Contest.objects.order_by("pk").values()) == before
    assert Election.objects.get(slug="pilkada-2020") == election


def test_a_contest_added_by_hand_stays(tmp_path):
    election = pilkada(tmp_path)
    added = Contest.objects.create(
        election=election, region=Region.objects.get(code="32.73"), source="by hand", confidence="medium"
    )
    loading.load()
    assert Contest.objects.filter(pk=added.pk).exists()


def test_the_codes_of_2020_lead_to_the_nine_regencies_of_papua(tmp_path):
    pilkada(tmp_path)
    changed = {
        "91.01": "93.01", "91.16": "93.02", "91.18": "93.04", "91.04": "94.01", "91.12": "95.02", "91.13": "95.03",
        "91.22": "95.06", "92.04": "96.02", "92.05": "96.03",
    }  # fmt: skip
    assert {then: Region.objects.resolve(then).code for then in changed} == changed
    assert Contest.objects.filter(region__code__in=changed.values()).count() == 9


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("contests.csv", lambda rows: rows[:-1]),
        ("contests.csv", lambda rows: [rows[9] | {"code_then": "99.99"}, *rows]),
        ("contests.csv", lambda rows: [rows[9] | {"code_then": "32.73"}, *rows]),
        ("contests.csv", lambda rows: [row | {"kind": "city"} for row in rows]),
        ("governor_only.csv", lambda rows: rows[1:]),
        ("elections.csv", lambda rows: [row | {"voting_regencies": "308"} for row in rows]),
    ],
    ids=["one missing", "unknown code", "codes disagree", "wrong kind", "governor's list", "published number"],
)
def test_a_faulty_list_is_refused_whole(tmp_path, copy, name, change):
    regions(tmp_path)
    _rewrite(copy / name, change)
    with pytest.raises(loading.ListFault):
        loading.load(copy)
    assert not Election.objects.exists()


def test_the_command_says_what_is_missing_first():
    with pytest.raises(CommandError, match="13"):
        call_command("load_elections")


def test_the_command_reports_the_number(tmp_path, capsys):
    regions(tmp_path)
    call_command("load_elections")
    assert "270" in capsys.readouterr().out
