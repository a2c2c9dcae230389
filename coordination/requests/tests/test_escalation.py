"""What is late goes up by itself, once a stage and clock, one office further each time, and never into nothing."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.utils import timezone

from coordination.history.models import Event
from coordination.offices.models import Official
from coordination.offices.tests.factories import lead, official
from coordination.requests import escalation
from coordination.requests.choices import Stage, State, Urgency
from coordination.requests.models import CoordinationRequest, MissedDeadline
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.tests.pages import in_english, step_url
from coordination.requests.workflow import available_steps, perform
from coordination.workdays.choices import DayKind
from coordination.workdays.models import DayOff

pytestmark = pytest.mark.django_db
JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=JAKARTA)
# By then each deadline of a normal request filed on that Monday has passed: verification on Tuesday at 16.00, first
# answer on Wednesday, the end on 11 December.
AFTER_VERIFICATION = datetime(2026, 11, 24, 16, 1, tzinfo=JAKARTA)
AFTER_ANSWER = datetime(2026, 11, 25, 16, 1, tzinfo=JAKARTA)
AFTER_END = datetime(2026, 12, 14, 9, 0, tzinfo=JAKARTA)


@pytest.fixture
def offices():
    """The ICT offices of the province and of the nation, each with a lead."""
    return {"province": lead("kominfo", "32"), "nation": lead("kominfo", None)}


def submitted(**values):
    item = coordination_request(State.DRAFT, **values)
    return perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)


def take(item, *verbs, at=MONDAY):
    for verb in verbs:
        person = Official.objects.get(office=item.handling_office)
        item = perform(item, verb, actor=person, version=item.version, values=VALUES[verb], at=at)
    return item


def assigned(item, at=MONDAY):
    person = Official.objects.get(office=item.handling_office)
    return perform(item, "assign", actor=person, version=item.version, values={"person_in_charge": person}, at=at)


def missed(item):
    return [(row.stage, row.raised_to and row.raised_to.region_path) for row in item.missed_deadlines.order_by("pk")]


def test_whoever_takes_a_request_over_is_told_that_it_was_taken_over(offices):
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    values = {"version": item.version, "note": "Kami tangani."}
    answer = in_english(offices["province"]).post(step_url(item, "forward"), values, follow=True)
    assert "Done: Take over." in [str(message) for message in answer.context["messages"]]


def test_nothing_goes_up_in_time(offices):
    item = submitted()
    assert escalation.escalate_due(AFTER_VERIFICATION - timedelta(minutes=2)) == 0
    item.refresh_from_db()
    assert item.raised_to is None


def test_a_deadline_that_passes_informs_the_superior_office_and_says_why(offices):
    item = submitted()
    assert escalation.escalate_due(AFTER_VERIFICATION) == 1
    item.refresh_from_db()
    assert item.raised_to == offices["province"].office
    assert item.handling_office.region.code == "32.73"  # those on the spot go on
    event = Event.objects.about(item).last()
    assert (event.verb, event.actor, event.data["missed"]) == ("escalate", None, ["verify"])
    assert item in CoordinationRequest.objects.waiting_for(offices["province"])
    assert item.watching.filter(office=offices["province"].office).exists()  # and goes on seeing it


def test_what_came_up_waits_there_only_while_its_clock_runs(offices):
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    take(item, "return", at=AFTER_VERIFICATION)
    assert item not in CoordinationRequest.objects.waiting_for(offices["province"])


def test_a_deadline_that_a_new_holiday_moves_does_not_go_up_before_it_is_computed_anew(offices):
    item = submitted()
    DayOff.objects.create(day=date(2026, 11, 24), kind=DayKind.LOCAL, name="Libur", source="Uji")
    assert escalation.escalate_due(AFTER_VERIFICATION) == 0
    item.refresh_from_db()
    assert (item.missed, item.verify_due_at) == ([], AFTER_ANSWER - timedelta(minutes=1))


def test_it_goes_up_once_a_stage(offices):
    item = submitted()
    assert [escalation.escalate_due(AFTER_VERIFICATION) for _run in range(3)] == [1, 0, 0]
    assert missed(item) == [("verify", "32.")]
    assert not CoordinationRequest.objects.to_be_raised(AFTER_VERIFICATION).exists()  # nor looked at again each minute


def test_each_further_deadline_goes_one_office_further(offices):
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    escalation.escalate_due(AFTER_ANSWER)
    assert missed(item) == [("verify", "32."), ("answer", "")]


def test_deadlines_that_pass_at_the_same_moment_go_up_together(offices):
    item = submitted(urgency=Urgency.URGENT)
    assert item.verify_due_at == item.answer_due_at
    assert escalation.escalate_due(AFTER_VERIFICATION) == 2
    assert missed(item) == [("verify", "32."), ("answer", "32.")]
    event = Event.objects.about(item).get(verb="escalate")
    assert event.data["missed"] == ["verify", "answer"]


def test_no_office_above_is_an_alarm_and_not_a_skip(offices):
    item = submitted()
    escalation.escalate_due(AFTER_ANSWER)
    assert escalation.escalate_due(AFTER_END) == 1
    assert missed(item)[-1] == ("end", None)
    assert Event.objects.about(item).last().verb == "alarm"
    assert list(CoordinationRequest.objects.without_office_above()) == [item]


def test_an_alarm_ends_when_what_was_missed_begins_anew():
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    assert item.is_alarm
    item = take(item, "return", at=AFTER_VERIFICATION)
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=AFTER_VERIFICATION)
    assert (item.is_alarm, item.missed) == (False, [])


def test_a_follow_up_that_has_begun_is_no_longer_missed():
    item = assigned(take(submitted(), "accept"))
    escalation.escalate_due(item.due_at + timedelta(minutes=1))
    item.refresh_from_db()
    assert (item.missed, item.is_alarm) == ([Stage.FOLLOW_UP], True)
    item = take(item, "start", at=item.due_at + timedelta(minutes=2))
    assert (item.missed, item.is_alarm) == ([], False)


def test_an_alarm_ends_when_what_was_late_is_done():
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    item = assigned(take(item, "accept", at=AFTER_VERIFICATION), at=AFTER_VERIFICATION)
    assert (item.missed, item.is_alarm) == ([Stage.VERIFY], False)


def test_an_alarm_lasts_while_the_clock_of_what_is_late_stands_still():
    item = assigned(take(submitted(), "accept", "start"))
    escalation.escalate_due(AFTER_END)
    item.refresh_from_db()
    item = take(take(item, "wait", at=AFTER_END), "resume", at=AFTER_END)
    assert (item.missed, item.is_alarm) == ([Stage.END], True)


def test_a_reopened_request_has_a_new_end_that_may_be_missed_again(offices):
    item = assigned(take(submitted(), "accept", "start"))
    escalation.escalate_due(AFTER_END)
    item.refresh_from_db()
    item = take(item, "resolve", at=AFTER_END)
    item = perform(item, "reopen", actor=item.filed_by, version=item.version, values=VALUES["reopen"], at=AFTER_END)
    escalation.escalate_due(item.end_due_at + timedelta(minutes=1))
    assert [stage for stage, _to in missed(item)] == [Stage.END, Stage.END]


def test_a_stopped_clock_never_goes_up(offices):
    item = submitted()
    take(item, "return")
    assert escalation.escalate_due(AFTER_END) == 0


def test_nobody_in_charge_counts_as_late(offices):
    item = take(submitted(), "accept")
    assert item.due_at == AFTER_ANSWER - timedelta(minutes=1)
    escalation.escalate_due(AFTER_ANSWER)
    assert missed(item) == [("answer", "32.")]


def test_somebody_in_charge_has_until_the_follow_up_is_due(offices):
    item = assigned(take(submitted(), "accept"))
    assert escalation.escalate_due(AFTER_ANSWER) == 0
    assert item.due_at == datetime(2026, 11, 30, 16, tzinfo=JAKARTA)


def test_an_office_that_nobody_serves_is_passed_over_on_the_way_up():
    nation = lead("kominfo", None)
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    assert item.raised_to == nation.office


def test_the_lead_of_the_superior_office_may_take_it_over(offices):
    item, boss = submitted(), offices["province"]
    assert "forward" not in {step.verb for step in available_steps(item, boss)}
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    assert [step.verb for step in available_steps(item, boss)] == ["forward"]
    item = perform(item, "forward", actor=boss, version=item.version, values=VALUES["forward"], at=AFTER_VERIFICATION)
    assert (item.handling_office, item.raised_to) == (boss.office, None)
    assert item.watching.filter(office__region__code="32.73").exists()


def test_an_officer_of_the_superior_office_does_not_take_it_over(offices):
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    assert available_steps(item, official("kominfo", "32")) == []


def test_the_new_office_has_deadlines_of_its_own_that_go_up_in_turn(offices):
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    item = perform(item, "forward", actor=offices["province"], version=item.version, values=VALUES["forward"],
                   at=AFTER_VERIFICATION)  # fmt: skip
    assert escalation.escalate_due(AFTER_VERIFICATION) == 0
    escalation.escalate_due(item.verify_due_at + timedelta(minutes=1))
    assert missed(item)[-1] == ("verify", "")


def test_whoever_was_in_charge_is_not_in_the_new_office(offices):
    item = take(assigned(take(submitted(), "accept")), "forward")
    assert (item.handling_office, item.person_in_charge) == (offices["province"].office, None)


def test_going_up_leaves_an_open_form_valid(offices):
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    take(item, "accept", at=AFTER_VERIFICATION)
    item.refresh_from_db()
    assert (item.state, item.raised_to) == (State.ACCEPTED, offices["province"].office)


def test_completing_and_submitting_again_starts_a_new_verification_that_may_be_missed_again(offices):
    item = submitted()
    escalation.escalate_due(AFTER_VERIFICATION)
    item.refresh_from_db()
    item = take(item, "return", at=AFTER_VERIFICATION)
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=AFTER_VERIFICATION)
    escalation.escalate_due(item.verify_due_at + timedelta(minutes=1))
    assert [stage for stage, _to in missed(item)] == [Stage.VERIFY, Stage.VERIFY]


def test_an_end_that_was_missed_stays_missed_when_the_request_is_completed(offices):
    """Its clock goes on as it was: noticed anew, the same deadline would be refused, and all others with it."""
    item = submitted()
    escalation.escalate_due(AFTER_END)
    item.refresh_from_db()
    item = take(item, "return", at=AFTER_END)
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=AFTER_END + timedelta(minutes=1))
    assert item.missed == [Stage.END]
    assert escalation.escalate_due(AFTER_END + timedelta(minutes=2)) == 0


@pytest.mark.parametrize(("day", "higher"), [(date(2026, 12, 14), False), (date(2026, 12, 11), True)])
def test_a_request_that_has_less_time_than_the_rules_allow_is_known_above_from_the_start(offices, day, higher):
    item = submitted(activity_on=day)
    item.refresh_from_db()
    assert (item.raised_to is not None) is higher
    verbs = [event.verb for event in Event.objects.about(item)]
    assert ("start_higher" in verbs) is higher
    assert not MissedDeadline.objects.exists()


def test_a_short_request_that_is_completed_is_not_told_above_again(offices):
    item = take(submitted(activity_on=date(2026, 12, 11)), "return")
    item = perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)
    assert Event.objects.about(item).filter(verb="start_higher").count() == 1


def test_the_deadlines_that_a_short_request_misses_go_further_up(offices):
    item = submitted(activity_on=date(2026, 11, 26), urgency=Urgency.URGENT)
    escalation.escalate_due(AFTER_VERIFICATION)
    assert missed(item)[0] == ("verify", "")


def test_what_is_wrong_with_one_request_keeps_no_other_below(offices):
    broken, sound = submitted(), submitted(code="32.04.01.2001")
    MissedDeadline.objects.create(
        request=broken, stage=Stage.VERIFY, started_at=broken.verify_started_at, due_at=broken.verify_due_at,
        noticed_at=MONDAY, office=broken.handling_office,
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        escalation.escalate_due(AFTER_VERIFICATION)
    assert missed(sound) == [(Stage.VERIFY, "32.")]


def due(item, days):
    """The request with the deadline of its stage so many days from now."""
    CoordinationRequest.objects.filter(pk=item.pk).update(due_at=timezone.now() + timedelta(days=days))


def test_every_office_above_that_was_told_may_take_it_over_while_it_goes_further_up(offices):
    item = submitted()
    escalation.escalate_due(AFTER_ANSWER)
    item.refresh_from_db()
    assert item.raised_to == offices["nation"].office
    for boss in offices.values():
        assert [step.verb for step in available_steps(item, boss)] == ["forward"]
    take_over = {"actor": offices["province"], "version": item.version, "values": VALUES["forward"]}
    item = perform(item, "forward", at=AFTER_ANSWER, **take_over)
    assert item.handling_office == offices["province"].office
    assert available_steps(item, offices["nation"]) == []


def test_what_has_come_up_waits_with_every_office_that_was_told_for_as_long_as_it_is_late(offices):
    item = submitted()
    escalation.escalate_due(AFTER_ANSWER)
    for days, waits in ((-1, True), (1, False)):
        due(item, days)
        for boss in offices.values():
            assert CoordinationRequest.objects.waiting_for(boss).exists() is waits


def test_a_reopened_request_has_not_come_up_yet(offices):
    item = take(assigned(take(submitted(), "accept")), "start")
    escalation.escalate_due(AFTER_END)
    item.refresh_from_db()
    item = take(item, "resolve", at=AFTER_END)
    item = perform(item, "reopen", actor=item.filed_by, version=item.version, values=VALUES["reopen"], at=AFTER_END)
    assert item.raised_to is None
    assert available_steps(item, offices["province"]) == []
