from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from coordination.campaigns import stages
from coordination.campaigns.models import CampaignMethod, ElectionMethod
from coordination.campaigns.tests.factories import election, method, stage
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
MAY_1, MAY_10, MAY_31 = date(2030, 5, 1), date(2030, 5, 10), date(2030, 5, 31)
JUNE_1, JUNE_3, JUNE_4 = date(2030, 6, 1), date(2030, 6, 3), date(2030, 6, 4)


@pytest.fixture
def pilkada():
    return election("32.73")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def refusals(*args, **kwargs):
    return [finding.sentence for finding in stages.findings_on(*args, **kwargs) if finding.blocks]


def warnings(*args, **kwargs):
    return [finding.sentence for finding in stages.findings_on(*args, **kwargs) if not finding.blocks]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2030, 4, 30), None),
        (MAY_1, "campaign"),
        (MAY_31, "campaign"),
        (JUNE_1, "quiet"),
        (JUNE_3, "quiet"),
        (JUNE_4, "voting"),
        (date(2030, 6, 5), None),
    ],
)
def test_an_election_is_in_one_stage_a_day(pilkada, day, kind):
    assert [each.stage.kind for each in stages.banner(None, day)] == ([kind] if kind else [])


def test_stages_of_one_election_never_overlap(pilkada):
    pilkada.stages.get(kind="voting").delete()
    with pytest.raises(IntegrityError, match="one_stage_of_an_election_at_a_time"), transaction.atomic():
        stage(pilkada, "voting", "Pemungutan suara", JUNE_3, JUNE_4)
    assert stage(pilkada, "voting", "Pemungutan suara", JUNE_4, JUNE_4)


def test_two_elections_may_run_on_the_same_days(pilkada):
    other = election("32.04", slug="lain")
    assert {each.stage.election for each in stages.banner(None, JUNE_3)} == {pilkada, other}


def test_an_election_has_a_stage_of_a_kind_once(pilkada):
    with pytest.raises(IntegrityError, match="stage_once_an_election"), transaction.atomic():
        stage(pilkada, "voting", "Pemungutan suara ulang", date(2030, 7, 1), date(2030, 7, 1))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"kind": "lain"}, "stage_kind_is_known"),
        ({"confidence": "sure"}, "stage_confidence_is_known"),
        ({"starts_on": "2030-07-02", "ends_on": "2030-07-01"}, "stage_ends_after_it_begins"),
    ],
)
def test_the_database_refuses_an_impossible_stage(pilkada, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        pilkada.stages.filter(kind="voting").update(**change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"confidence": "sure"}, "election_method_confidence_is_known"),
        ({"from_date": "2030-05-02", "to_date": "2030-05-01"}, "election_method_ends_after_it_begins"),
        ({"most_people": 0}, "election_method_lets_somebody_come"),
        ({"online_only": True, "online_first": True}, "election_method_online_only_limits_no_meeting"),
        ({"online_only": True, "most_people": 50}, "election_method_online_only_limits_no_meeting"),
    ],
)
def test_the_database_refuses_an_impossible_rule(pilkada, change, constraint):
    method(pilkada)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        pilkada.methods.update(**change)


def test_an_election_says_one_thing_of_a_method(pilkada):
    method(pilkada)
    with pytest.raises(IntegrityError, match="method_once_an_election"), transaction.atomic():
        method(pilkada, allowed=False)


@pytest.mark.parametrize(
    ("kind", "starts_on", "ends_on"),
    [
        ("campaign", MAY_1, date(2030, 5, 30)),
        ("campaign", date(2030, 4, 30), MAY_31),
        ("quiet", MAY_31, JUNE_3),
        ("quiet", JUNE_1, JUNE_4),
        ("voting", date(2030, 6, 5), date(2030, 6, 5)),
    ],
)
def test_a_stage_agrees_with_the_days_of_its_election(pilkada, kind, starts_on, ends_on):
    row = pilkada.stages.get(kind=kind)
    row.clean()
    row.starts_on, row.ends_on = starts_on, ends_on
    with pytest.raises(ValidationError):
        row.clean()


@pytest.mark.parametrize("code", ["32", "32.73", "32.73.01", "32.73.01.1001"])
def test_a_region_takes_part_with_those_above_and_below_it(pilkada, code):
    assert list(stages.elections_in(region(code))) == [pilkada]


@pytest.mark.parametrize("code", ["32.7", "32.04", "33", "31.73"])
def test_a_region_beside_takes_no_part(pilkada, code):
    assert not stages.elections_in(region(code)).exists()


def test_the_vote_for_a_governor_is_held_in_all_regencies():
    held = election("32")
    assert list(stages.elections_in(region("32.73.01"))) == [held]


def test_the_nation_takes_part_in_all(pilkada):
    assert list(stages.elections_in(None)) == [pilkada]


def test_the_current_election_is_the_one_that_runs_else_the_next(pilkada):
    here, later = region("32.73"), election("32.73", slug="kemudian", year=2031)
    election("32.04", slug="di-tempat-lain", year=2029)
    assert stages.current_election(here, date(2030, 1, 1)) == pilkada
    assert stages.current_election(here, JUNE_4) == pilkada
    assert stages.current_election(here, date(2030, 6, 5)) == later
    assert stages.current_election(here, date(2031, 6, 5)) is None


def test_an_activity_within_the_campaign_may_be_planned(pilkada):
    assert stages.findings_on(pilkada, method(pilkada), MAY_1, MAY_31) == []


@pytest.mark.parametrize("days", [(JUNE_1, JUNE_1), (JUNE_3, JUNE_3), (MAY_31, JUNE_1)], ids=str)
def test_the_quiet_period_is_refused_with_its_source(pilkada, days):
    sentence = refusals(pilkada, method(pilkada), *days)[0]
    assert sentence.startswith("Masa tenang of Pilkada Uji 2030") and "online or not" in sentence
    assert "Source: Aturan Pasal 1." in sentence


def test_voting_day_is_refused(pilkada):
    assert refusals(pilkada, method(pilkada), JUNE_4, JUNE_4)[0].startswith("Pemungutan suara of")


@pytest.mark.parametrize("days", [(date(2030, 4, 30), MAY_1), (MAY_10, date(2030, 6, 5))], ids=str)
def test_days_outside_the_campaign_are_refused_with_its_dates(pilkada, days):
    sentence = refusals(pilkada, method(pilkada), *days)[-1]
    assert sentence.startswith("The campaign of Pilkada Uji 2030 runs from 1 May 2030 to 31 May 2030.")


def test_nothing_is_planned_in_an_election_without_stages(pilkada):
    allowed = method(pilkada)
    pilkada.stages.all().delete()
    assert refusals(pilkada, allowed, MAY_10, MAY_10)


def test_a_method_that_is_not_entered_or_not_allowed_is_refused(pilkada):
    banned = method(pilkada, allowed=False)
    unknown = CampaignMethod.objects.create(slug="konser", letter="z", name="Konser")
    assert "“Konser” is not among" in refusals(pilkada, unknown, MAY_10, MAY_10)[0]
    assert "does not allow" in refusals(pilkada, banned, MAY_10, MAY_10)[0]


@pytest.mark.parametrize("days", [(date(2030, 5, 9), MAY_10), (MAY_10, date(2030, 5, 21))], ids=str)
def test_a_method_has_days_of_its_own(pilkada, days):
    advertising = method(pilkada, from_date=MAY_10, to_date=date(2030, 5, 20))
    assert refusals(pilkada, advertising, MAY_10, date(2030, 5, 20)) == []
    assert len(refusals(pilkada, advertising, *days)) == 1


def test_more_people_than_may_come_together_is_a_warning(pilkada):
    meeting = method(pilkada, most_people=50)
    assert stages.findings_on(pilkada, meeting, MAY_10, MAY_10, people=50) == []
    assert "at most 50 people; 51" in warnings(pilkada, meeting, MAY_10, MAY_10, people=51)[0]
    assert stages.findings_on(pilkada, meeting, MAY_10, MAY_10) == []  # online, whoever follows


def test_meeting_where_it_is_to_be_online_first_is_a_warning(pilkada):
    meeting = method(pilkada, online_first=True)
    assert "online first" in warnings(pilkada, meeting, MAY_10, MAY_10, people=5)[0]
    assert refusals(pilkada, meeting, MAY_10, MAY_10, people=5) == []
    assert stages.findings_on(pilkada, meeting, MAY_10, MAY_10) == []


def test_meeting_for_what_is_online_only_is_refused(pilkada):
    other = method(pilkada, online_only=True)
    assert refusals(pilkada, other, MAY_10, MAY_10, people=5)
    assert stages.findings_on(pilkada, other, MAY_10, MAY_10) == []


@pytest.mark.parametrize("confidence", ["medium", "low"])
def test_what_the_portal_is_not_sure_of_warns_and_says_so(pilkada, confidence):
    pilkada.stages.update(confidence=confidence)
    banned = method(pilkada, allowed=False, confidence=confidence)
    assert refusals(pilkada, banned, JUNE_1, JUNE_1) == []
    told = warnings(pilkada, banned, JUNE_1, JUNE_1)
    assert len(told) == 3 and all("check the text of the rule" in sentence for sentence in told)


def test_the_banner_counts_the_days_that_are_left(pilkada):
    here = region("32.73.01.1001")
    assert [(each.stage.kind, each.days_left) for each in stages.banner(here, MAY_10)] == [("campaign", 21)]
    assert [(each.stage.kind, each.days_left) for each in stages.banner(here, JUNE_3)] == [("quiet", 0)]
    assert stages.banner(here, date(2030, 6, 5)) == []
    assert stages.banner(region("33"), MAY_10) == []


def _shown(place):
    return Template("{% load campaign_tags %}{% stage_banner place %}").render(Context({"place": place}))


def _clock(monkeypatch, text):
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(text))


def test_the_banner_goes_by_the_clocks_of_the_region(pilkada, monkeypatch):
    election("91.03", slug="papua")
    _clock(monkeypatch, "2030-05-31T16:00:00+00:00")  # 23.00 WIB, 01.00 WIT on 1 June
    assert "today is its last day" in _shown(region("32.73"))
    assert "No campaigning now" in _shown(region("91.03"))


def test_the_banner_says_what_the_portal_is_not_sure_of(pilkada, monkeypatch):
    _clock(monkeypatch, "2030-05-10T05:00:00+00:00")
    assert "check the text" not in _shown(region("32.73"))
    pilkada.stages.update(confidence="medium")
    assert "check the text" in _shown(region("32.73"))


def test_my_work_shows_the_stage_of_the_own_region(pilkada, monkeypatch):
    day = timezone.localdate()
    pilkada.stages.exclude(kind="campaign").delete()
    pilkada.stages.update(starts_on=day, ends_on=day)
    for code, shown in (("32.73", True), ("32.04", False)):
        client = Client()
        client.force_login(lead("kpu", code))
        assert ("Masa kampanye" in client.get(reverse("my_work")).content.decode()) is shown


def test_a_rule_without_a_row_is_no_rule_of_another_election(pilkada):
    meeting = method(pilkada)
    other = election("32.04", slug="lain")
    assert refusals(other, meeting, MAY_10, MAY_10)
    ElectionMethod.objects.create(election=other, method=meeting, confidence="high", source="Aturan")
    assert refusals(other, meeting, MAY_10, MAY_10) == []
