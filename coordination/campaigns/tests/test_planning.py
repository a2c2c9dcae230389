"""Registering, changing, cancelling and holding activities; what the database refuses; numbers; the history."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from coordination.campaigns import planning
from coordination.campaigns.models import LONGEST, CampaignActivity, CandidatePair
from coordination.campaigns.notices import notices, sttp_notice
from coordination.campaigns.tests.activities import DAY, activity, candidates, method, running_election, tomorrow_at
from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, StaleVersion, TransitionNotAllowed
from coordination.history.models import Event
from coordination.notifications.models import Notification
from coordination.offices.tests.factories import lead, official, replace
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db


@pytest.fixture
def kpu():
    return official("kpu", "32.73")


def test_numbers_run_by_regency_and_year():
    year = timezone.localdate().year
    numbers = [activity().number, activity().number, activity("33.74.01.1001").number]
    assert numbers == [f"KG-3273-{year}-0001", f"KG-3273-{year}-0002", f"KG-3374-{year}-0001"]


def test_registering_is_for_election_offices_within_their_region(kpu):
    for stranger in (official("kominfo", "32.73"), official("bawaslu", "32.73", "lead"),
                     official("kpu", "32.73", "viewer"), official("kpu", "33.74")):  # fmt: skip
        with pytest.raises(NotPermitted):
            activity(actor=stranger)
    assert activity(actor=official("kpu", "32")).office.region.code == "32"
    assert CampaignActivity.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": F("starts_at")},
        {"ends_at": F("starts_at") + LONGEST + DAY},
        {"state": "postponed"},
        {"platform": "skype"},
        {"need": "everything"},
        {"latitude": -6.9},
        {"latitude": 48.1, "longitude": 11.6},
    ],
    ids=str,
)
def test_the_database_refuses(wrong):
    row = activity()
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignActivity.objects.filter(pk=row.pk).update(**wrong)


def test_two_pairs_of_one_contest_do_not_share_a_number():
    pair = candidates()
    with pytest.raises(IntegrityError), transaction.atomic():
        CandidatePair.objects.create(contest=pair.contest, number=pair.number, names="Lain")


def test_a_pair_must_stand_where_the_activity_is(kpu):
    candidates(), candidates("33.74")  # noqa: B018 -- both stand somewhere
    with pytest.raises(NotPermitted):
        activity(actor=kpu, candidate_pair=candidates("33.74"))
    assert activity(actor=kpu, candidate_pair=candidates("32", number=2)).candidate_pair.number == 2


def test_changing_saves_the_version_that_was_seen_only(kpu):
    row = activity(actor=kpu)
    planning.edit(row, {"place": "Balai"}, actor=lead("kpu", "32.73"), version=1)
    with pytest.raises(StaleVersion) as stale:
        planning.edit(row, {"place": "Aula"}, actor=kpu, version=1)
    assert stale.value.current.place == "Balai"
    with pytest.raises(AlreadyDone):
        planning.edit(row, {"place": "Balai"}, actor=kpu, version=1)
    row.refresh_from_db()
    assert (row.place, row.version) == ("Balai", 2)


def test_changing_is_for_the_office_that_registered_it_and_the_one_that_follows_it(kpu):
    row = activity(actor=kpu)
    for stranger in (official("kpu", "32"), official("kominfo", "32.73"), official("kpu", "32.73", "viewer")):
        with pytest.raises(NotPermitted):
            planning.edit(row, {"place": "Aula"}, actor=stranger, version=1)
    follower = replace(row.office)
    person = official("kpu", "32.73")
    assert person.office == follower
    assert planning.edit(row, {"place": "Aula"}, actor=person, version=1).place == "Aula"


def test_an_activity_stays_in_its_regency():
    row = activity(actor=official("kpu", "32"))
    running_election("32.04")
    with pytest.raises(NotPermitted):
        planning.edit(row, {"region": region("32.04.01")}, actor=row.registered_by, version=1)


def test_cancelling_says_why_and_ends_all_changes(kpu):
    row = activity(actor=kpu)
    with pytest.raises(DomainError):
        planning.perform(row, "cancel", actor=kpu, version=1, note=" ")
    assert planning.perform(row, "cancel", actor=kpu, version=1, note="Hujan").state == "cancelled"
    with pytest.raises(AlreadyDone):
        planning.perform(row, "cancel", actor=kpu, version=1, note="Hujan")
    with pytest.raises(TransitionNotAllowed):
        planning.perform(row, "cancel", actor=lead("kpu", "32.73"), version=2, note="Hujan")
    with pytest.raises(TransitionNotAllowed):
        planning.edit(row, {"place": "Aula"}, actor=kpu, version=2)


def test_only_what_has_begun_was_held(kpu):
    row = activity(actor=kpu)
    assert [step.verb for step in planning.available_steps(row, kpu)] == ["cancel"]
    with pytest.raises(TransitionNotAllowed):
        planning.perform(row, "hold", actor=kpu, version=1, note="")
    begun = activity(actor=kpu, starts_at=tomorrow_at(9, days=-1))
    assert planning.perform(begun, "hold", actor=kpu, version=1, note="").state == "held"


def test_a_stale_step_is_refused(kpu):
    row = activity(actor=kpu)
    planning.edit(row, {"place": "Balai"}, actor=lead("kpu", "32.73"), version=1)
    with pytest.raises(StaleVersion):
        planning.perform(row, "cancel", actor=kpu, version=1, note="Hujan")


def test_the_history_tells_what_changed_but_never_the_pair(kpu):
    row = activity(actor=kpu, candidate_pair=candidates(names="RAHASIA"))
    planning.edit(row, {"candidate_pair": None, "participants": 90, "place": "Aula"}, actor=kpu, version=1)
    events = list(Event.objects.about(row))
    assert [event.verb for event in events] == ["plan", "edit"]
    assert events[1].data["changed"] == {"participants": ["None", "90"], "place": []}
    assert "RAHASIA" not in str([event.data for event in events])
    assert "candidate_pair" not in str([event.data for event in events])


def test_nobody_gets_a_mail_about_an_activity(kpu):
    lead("kominfo", "32.73"), lead("bawaslu", "32.73")  # noqa: B018 -- who might be told
    row = activity(actor=kpu, candidate_pair=candidates())
    planning.perform(row, "cancel", actor=kpu, version=1, note="Hujan")
    assert not Notification.objects.exists()


@pytest.mark.parametrize(("days", "number", "words"), [(7, "", ""), (6, "", "D-7"), (3, "", "D-7"), (2, "", "D-3"),
                                                       (0, "", "D-3"), (2, "STTP/1", ""), (-1, "", "")])  # fmt: skip
def test_a_missing_sttp_is_minded_a_week_before_and_more_so_three_days_before(days, number, words):
    row = activity(starts_at=tomorrow_at(23, days=days), sttp_number=number)
    notice = sttp_notice(row, now=tomorrow_at(8, days=0))
    assert bool(notice) == bool(words)
    assert words.replace("D-", "H-") in notice


def test_the_days_before_an_activity_are_those_of_its_region():
    """At 23.30 in Jakarta it is the next day in Jayapura already."""
    late = tomorrow_at(23, days=0).replace(minute=30)
    assert "H-2" in sttp_notice(activity("91.03.01", starts_at=tomorrow_at(9, "91.03.01", days=3)), now=late)
    assert "H-7" in sttp_notice(activity("32.73.01", starts_at=tomorrow_at(9, "32.73.01", days=3)), now=late)


def test_what_rules_warn_of_is_minded_with_its_source():
    election = running_election()
    election.methods.update(most_people=50)
    row = activity(platform="none", participants=80, sttp_number="STTP/1")
    assert len(notices(row)) == 1
    assert "PKPU Uji Pasal 57" in notices(row)[0]
    assert notices(activity(participants=80, sttp_number="STTP/1")) == []


def test_what_the_rules_forbid_is_refused_with_its_source_from_every_door(kpu):
    """The form refuses it by the field; whoever comes past the form is refused too."""
    row = activity(actor=kpu)
    quiet = row.election.stages.get(kind="quiet")
    day = tomorrow_at(9, days=61)
    with pytest.raises(TransitionNotAllowed, match=quiet.source):
        activity(actor=kpu, starts_at=day)
    with pytest.raises(TransitionNotAllowed, match=quiet.source):
        values = {"starts_at": day, "ends_at": day + DAY / 24}
        planning.edit(row, values, actor=kpu, version=row.version)
    row.refresh_from_db()
    assert CampaignActivity.objects.count() == 1
    assert row.version == 1


def test_the_same_content_again_is_the_same_activity_until_it_is_cancelled(kpu):
    values = {
        "election": running_election(), "region": region("32.73.01"), "method": method(), "platform": "zoom",
        "need": "host", "starts_at": tomorrow_at(9), "ends_at": tomorrow_at(11),
    }  # fmt: skip

    def send():
        return planning.register(values, actor=kpu, client_id=uuid.uuid4(), body_sha256="sama")

    (first, is_new), (second, again) = send(), send()
    assert (first, is_new, again) == (second, True, False)
    planning.perform(first, "cancel", actor=kpu, version=1, note="Hujan")
    assert send()[0] != first
