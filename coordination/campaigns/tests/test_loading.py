import csv
import shutil
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from coordination.campaigns import loading
from coordination.campaigns.choices import Confidence
from coordination.campaigns.models import CampaignMethod, Contest, Election, ElectionMethod, Stage
from coordination.campaigns.queries import voting_regencies
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
    election = Election.objects.get(slug="pilkada-2020")
    assert election.contests.filter(region__code__in=changed.values()).count() == 9


def test_pilkada_2024_was_held_all_over_the_country_but_for_seven(tmp_path):
    pilkada(tmp_path)
    election = Election.objects.get(slug="pilkada-2024")
    codes = set(election.contests.values_list("region__code", flat=True))
    assert len(codes) == 545
    everywhere = set(Region.objects.values_list("code", flat=True))
    assert everywhere - codes == {"34", "31.01", "31.71", "31.72", "31.73", "31.74", "31.75"}
    assert voting_regencies(election).count() == 514


@pytest.mark.parametrize(
    ("slug", "campaign", "quiet", "voting"),
    [
        ("pilkada-2020", ("2020-09-26", "2020-12-05"), ("2020-12-06", "2020-12-08"), "2020-12-09"),
        ("pilkada-2024", ("2024-09-25", "2024-11-23"), ("2024-11-24", "2024-11-26"), "2024-11-27"),
    ],
)
def test_the_stages_are_those_of_the_rules(tmp_path, slug, campaign, quiet, voting):
    pilkada(tmp_path)
    rows = Stage.objects.filter(election__slug=slug)
    assert [(row.kind, str(row.starts_on), str(row.ends_on)) for row in rows] == [
        ("campaign", *campaign),
        ("quiet", *quiet),
        ("voting", voting, voting),
    ]


def test_the_methods_of_2020_have_the_limits_of_the_pandemic(tmp_path):
    rules = {rule.method.letter: rule for rule in pilkada(tmp_path).methods.select_related("method")}
    assert "".join(rules) == "abcdefg"
    assert {letter for letter, rule in rules.items() if rule.online_first and rule.most_people == 50} == {"a", "b"}
    assert (rules["f"].from_date, rules["f"].to_date) == (date(2020, 11, 22), date(2020, 12, 5))
    assert rules["g"].online_only


def test_no_rule_of_2024_is_told_as_sure(tmp_path):
    pilkada(tmp_path)
    rules = ElectionMethod.objects.filter(election__slug="pilkada-2024")
    assert rules.count() == 7
    assert not rules.filter(confidence=Confidence.HIGH).exists()


def test_what_an_admin_changed_stays_until_it_is_renewed(tmp_path):
    election = pilkada(tmp_path)
    election.methods.filter(method__letter="a").update(most_people=40)
    CampaignMethod.objects.filter(letter="a").update(name="Rapat")
    loading.load()
    assert election.methods.get(method__letter="a").most_people == 40
    call_command("load_elections", renew=True)
    rule = election.methods.select_related("method").get(method__letter="a")
    assert (rule.most_people, rule.method.name) == (50, "Pertemuan terbatas")


def test_an_election_from_before_there_were_stages_gets_them(tmp_path):
    election = pilkada(tmp_path)
    election.stages.all().delete()
    loading.load()
    assert election.stages.count() == 3


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("contests.csv", lambda rows: rows[:-1]),
        ("contests.csv", lambda rows: [rows[9] | {"code_then": "99.99"}, *rows]),
        ("contests.csv", lambda rows: [rows[9] | {"code_then": "32.73"}, *rows]),
        ("contests.csv", lambda rows: [row | {"kind": "city"} for row in rows]),
        ("governor_only.csv", lambda rows: rows[1:]),
        ("elections.csv", lambda rows: [row | {"voting_regencies": "308"} for row in rows]),
        ("stages.csv", lambda rows: [row | {"ends_on": row["starts_on"]} for row in rows]),
        ("stages.csv", lambda rows: [row | {"kind": "lain"} for row in rows]),
    ],
    ids=[
        "one missing",
        "unknown code",
        "codes disagree",
        "wrong kind",
        "governor's list",
        "published number",
        "stage contradicts",
        "unknown stage",
    ],  # fmt: skip
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
