"""The table of steps is the law: every state × every step, every side, every role."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, StaleVersion, TransitionNotAllowed
from coordination.history.models import Event
from coordination.history.stepping import lock
from coordination.obstacles.choices import ObstacleKind
from coordination.obstacles.filing import edit as edit_obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.models import Official
from coordination.offices.tests.factories import lead, office, official
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import FILER, STEPS, available_steps, close_unconfirmed, perform
from coordination.workdays.choices import DayKind
from coordination.workdays.models import DayOff
from tests.races import at_once

pytestmark = pytest.mark.django_db


def actor_for(step, item):
    return lead("kpu" if step.side == FILER else "kominfo", item.region.regency_path.rstrip("."))


def values_for(verb, item):
    if verb == "assign":
        return {"person_in_charge": official("kominfo", item.region.regency_path.rstrip("."))}
    return VALUES[verb]


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", State)
def test_a_step_is_taken_only_from_its_sources(state, verb):
    office("kominfo", "32")
    official("kominfo", "32")
    step, item = STEPS[verb], coordination_request(state)
    actor, before = actor_for(step, item), Event.objects.count()
    if state == State.DRAFT and step.side != FILER:
        expected = NotPermitted  # a draft has no handling office yet
    elif state not in step.sources:
        expected = TransitionNotAllowed
    else:
        moved = perform(item, verb, actor=actor, version=item.version, values=values_for(verb, item))
        assert moved.state == (step.target or state)
        assert moved.version == item.version + 1
        assert Event.objects.last().verb == verb
        return
    with pytest.raises(expected):
        perform(item, verb, actor=actor, version=item.version, values=values_for(verb, item))
    assert Event.objects.count() == before


def test_an_obstacle_that_a_request_names_stays_one_of_the_network():
    item = coordination_request(State.SUBMITTED)
    row = item.obstacles.get()
    with pytest.raises(TransitionNotAllowed):
        edit_obstacle(row, {"kind": ObstacleKind.QUOTA}, actor=row.reported_by, version=row.version)
    drafted = coordination_request(State.DRAFT).obstacles.get()  # a draft is nobody else's business
    edit_obstacle(drafted, {"kind": ObstacleKind.QUOTA}, actor=drafted.reported_by, version=drafted.version)


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_is_only_for_its_side_and_role(verb):
    step = STEPS[verb]
    official("kominfo", "32")
    item = coordination_request(next(iter(sorted(step.sources - {State.DRAFT}))))
    own, other = ("kpu", "kominfo") if step.side == FILER else ("kominfo", "kpu")
    strangers = [
        lead(other, "32.73"), lead(own, "32"), lead(own), lead(own, "32.04"), lead("bawaslu", "32.73"),
        official(own, "32.73", "viewer"), lead(own, "32.73", is_active=False),
    ]  # fmt: skip
    if step.lead_only:
        strangers.append(official(own, "32.73"))
    for stranger in strangers:
        assert step not in available_steps(item, stranger)
        with pytest.raises(NotPermitted):
            perform(item, verb, actor=stranger, version=item.version, values=values_for(verb, item))


def test_offered_steps_are_exactly_those_that_are_accepted():
    for state in State:
        item = coordination_request(state)
        for kind in ("kpu", "kominfo"):
            for step in available_steps(item, lead(kind, "32.73")):
                assert state in step.sources


@pytest.mark.parametrize("verb", [verb for verb, step in STEPS.items() if step.needs])
def test_a_step_without_what_it_must_give_is_refused(verb):
    item = coordination_request(sorted(STEPS[verb].sources - {State.DRAFT})[0])
    with pytest.raises(DomainError):
        perform(item, verb, actor=actor_for(STEPS[verb], item), version=item.version, values={})
    item.refresh_from_db()
    assert item.state in STEPS[verb].sources


def test_the_same_step_by_the_same_person_says_already_done():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"])
    with pytest.raises(AlreadyDone):
        perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"])
    with pytest.raises(TransitionNotAllowed):
        perform(item, "accept", actor=lead("kominfo", "32.73"), version=item.version, values=VALUES["accept"])


def test_assigning_the_same_person_again_says_already_done_and_another_is_another_decision():
    handler, colleague = lead("kominfo", "32.73"), official("kominfo", "32.73")
    item = coordination_request(State.ACCEPTED, handler=handler)
    for _ in range(2):
        moved = perform(item, "assign", actor=handler, version=item.version, values={"person_in_charge": handler})
        with pytest.raises(AlreadyDone):
            perform(item, "assign", actor=handler, version=item.version, values={"person_in_charge": handler})
        item = perform(moved, "assign", actor=handler, version=moved.version, values={"person_in_charge": colleague})
    assert item.person_in_charge == colleague


@pytest.mark.parametrize("version", [None, 0, 999])
def test_a_step_on_another_version_is_refused_and_names_who_was_faster(version):
    handler = lead("kominfo", "32.73", name="Siti")
    item = coordination_request(State.ACCEPTED, handler=handler)
    with pytest.raises(StaleVersion, match="Siti"):
        perform(item, "start", actor=handler, version=version, values=VALUES["start"])


def test_a_stale_copy_cannot_carry_an_old_state_past_the_check():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    stale = CoordinationRequest.objects.get(pk=item.pk)
    perform(item, "decline", actor=handler, version=item.version, values=VALUES["decline"])
    with pytest.raises(TransitionNotAllowed):
        perform(stale, "accept", actor=lead("kominfo", "32.73"), version=stale.version, values=VALUES["accept"])


def test_submitting_needs_an_obstacle_of_the_network():
    item = coordination_request(State.DRAFT)
    item.obstacles.clear()
    with pytest.raises(DomainError):
        perform(item, "submit", actor=lead("kpu", "32.73"), version=item.version)
    item.obstacles.add(obstacle(kind=ObstacleKind.QUOTA))
    with pytest.raises(DomainError):
        perform(item, "submit", actor=lead("kpu", "32.73"), version=item.version)
    assert CoordinationRequest.objects.get(pk=item.pk).number is None


def test_numbers_are_given_at_submission_and_have_no_gap():
    year = timezone.localdate().year
    numbers = [coordination_request(State.SUBMITTED).number for _ in range(3)]
    assert numbers == [f"PK-3273-{year}-000{i}" for i in (1, 2, 3)]
    assert coordination_request(State.DRAFT).number is None
    assert coordination_request(State.SUBMITTED).number == f"PK-3273-{year}-0004"


def test_a_returned_request_keeps_its_number_and_gets_the_stopped_time_back():
    item = coordination_request(State.RETURNED)
    number, end = item.number, item.end_due_at
    assert item.due_at is None
    later = timezone.now() + datetime.timedelta(days=7)
    item = perform(item, "submit", actor=lead("kpu", "32.73"), version=item.version, at=later)
    assert item.number == number
    assert item.stopped_minutes > 0
    assert item.end_due_at > end


def test_no_deadline_is_later_than_the_day_before_the_activity():
    activity = timezone.localdate() + datetime.timedelta(days=3)
    item = coordination_request(State.SUBMITTED, activity_on=activity)
    for due in (item.due_at, item.verify_due_at, item.answer_due_at, item.end_due_at):
        assert timezone.localdate(due) < activity


def test_a_request_of_a_region_without_anybody_active_goes_to_the_province():
    nobody, province = office("kominfo", "32.73"), official("kominfo", "32").office
    filer = lead("kpu", "32.73")
    item = coordination_request(State.DRAFT, filer=filer, handler=lead("kominfo", "32"))
    Official.objects.filter(office=nobody).update(is_active=False)
    item = perform(item, "submit", actor=filer, version=item.version)
    assert item.handling_office == province


def test_a_forwarded_request_is_submitted_at_the_superior_office_and_the_first_one_watches():
    province, handler = lead("kominfo", "32"), lead("kominfo", "32.73")
    item = coordination_request(State.IN_PROGRESS, handler=handler)
    item = perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])
    assert (item.state, item.handling_office) == (State.SUBMITTED, province.office)
    assert CoordinationRequest.objects.visible_to(handler).filter(pk=item.pk).exists()
    with pytest.raises(NotPermitted):
        perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"])
    perform(item, "accept", actor=province, version=item.version, values=VALUES["accept"])


def test_forwarding_twice_says_already_done():
    lead("kominfo", "32")
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.ACCEPTED, handler=handler)
    perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])
    with pytest.raises(AlreadyDone):
        perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])


def test_a_request_of_an_office_that_lost_its_people_is_taken_up_by_the_lead_above():
    above, officer, sister = lead("kominfo", "32"), official("kominfo", "32"), lead("kominfo", "33")
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.IN_PROGRESS, handler=handler)
    values = VALUES["forward"]
    with pytest.raises(NotPermitted):
        perform(item, "forward", actor=above, version=item.version, values=values)
    Official.objects.filter(pk=handler.pk).update(is_active=False)
    for stranger in (officer, sister, lead("kpu", "32")):
        with pytest.raises(NotPermitted):
            perform(item, "forward", actor=stranger, version=item.version, values=values)
    assert perform(item, "forward", actor=above, version=item.version, values=values).handling_office == above.office


def test_whoever_took_a_request_over_can_pass_it_on_and_a_double_click_passes_it_once():
    ministry, above, handler = lead("kominfo"), lead("kominfo", "32"), lead("kominfo", "32.73")
    item = coordination_request(State.IN_PROGRESS, handler=handler)
    Official.objects.filter(pk=handler.pk).update(is_active=False)
    item = perform(item, "forward", actor=above, version=item.version, values=VALUES["forward"])
    passed_on = perform(item, "forward", actor=above, version=item.version, values=VALUES["forward"])
    assert passed_on.handling_office == ministry.office
    with pytest.raises(AlreadyDone):
        perform(item, "forward", actor=above, version=item.version, values=VALUES["forward"])


def test_a_step_that_comes_again_under_its_name_is_a_repeat_whatever_version_it_names():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.ACCEPTED, handler=handler)
    values = {"person_in_charge": handler}
    item = perform(item, "assign", actor=handler, version=item.version, values=values, sent_as="form")
    with pytest.raises(AlreadyDone):
        perform(item, "assign", actor=handler, version=item.version, values=values, sent_as="form")
    again = perform(item, "assign", actor=handler, version=item.version, values=values, sent_as="another form")
    assert again.version == item.version + 1


@pytest.mark.parametrize("verb", ["withdraw", "forward"])
def test_a_clock_that_stood_still_is_settled_when_the_request_goes_elsewhere(verb):
    lead("kominfo", "32")
    item = coordination_request(State.WAITING)
    later = timezone.now() + datetime.timedelta(days=7)
    item = perform(item, verb, actor=actor_for(STEPS[verb], item), version=item.version, values=VALUES[verb], at=later)
    assert item.stopped_at is None
    assert item.stopped_minutes > 0


def test_nobody_is_above_the_ministry():
    ministry = lead("kominfo")
    item = coordination_request(State.SUBMITTED)
    for sender in (lead("kominfo", "32.73"), ministry):
        if sender is ministry:
            with pytest.raises(DomainError):
                perform(item, "forward", actor=sender, version=item.version, values=VALUES["forward"])
        else:
            item = perform(item, "forward", actor=sender, version=item.version, values=VALUES["forward"])


def test_only_officials_of_the_handling_office_can_be_put_in_charge():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.ACCEPTED, handler=handler)
    for person in (official("kominfo", "32.04"), official("kpu", "32.73"), official("kominfo", "32.73", "viewer")):
        with pytest.raises(DomainError):
            perform(item, "assign", actor=handler, version=item.version, values={"person_in_charge": person})


def test_a_closed_request_is_reopened_for_30_days_only():
    filer = lead("kpu", "32.73")
    item = coordination_request(State.CLOSED, filer=filer)
    late = timezone.now() + datetime.timedelta(days=31)
    assert "reopen" not in {step.verb for step in available_steps(item, filer, late)}
    with pytest.raises(TransitionNotAllowed):
        perform(item, "reopen", actor=filer, version=item.version, values=VALUES["reopen"], at=late)
    assert perform(item, "reopen", actor=filer, version=item.version, values=VALUES["reopen"]).state == "in_progress"


def test_an_unconfirmed_result_closes_by_itself_after_ten_working_days():
    item = coordination_request(State.RESOLVED)
    just_before, after = item.due_at, item.due_at + datetime.timedelta(minutes=1)
    assert close_unconfirmed(just_before) == 0
    assert close_unconfirmed(after) == 1
    assert close_unconfirmed(after) == 0
    item.refresh_from_db()
    assert item.state == State.CLOSED
    assert Event.objects.last().actor is None


def test_a_result_whose_days_a_new_holiday_prolongs_does_not_close_before_they_are_over():
    item = coordination_request(State.RESOLVED)
    last_day, after = timezone.localdate(item.due_at), item.due_at + datetime.timedelta(minutes=1)
    DayOff.objects.create(day=last_day, kind=DayKind.LOCAL, name="Libur", source="Uji")
    assert close_unconfirmed(after) == 0
    item.refresh_from_db()
    assert item.due_at > after


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_result_on_which_somebody_is_at_work_does_not_keep_the_others_from_closing():
    held, free = coordination_request(State.RESOLVED), coordination_request(State.RESOLVED)
    after = max(held.due_at, free.due_at) + datetime.timedelta(minutes=1)
    with transaction.atomic():
        lock(held)
        [closed] = at_once([lambda: close_unconfirmed(after)])
    assert closed == 1
    assert close_unconfirmed(after) == 1


def test_whoever_has_no_office_above_is_not_offered_to_forward():
    ministry = lead("kominfo")
    item = coordination_request(State.SUBMITTED, handler=ministry, filer=lead("kpu", "32.73"))
    assert item.handling_office == ministry.office
    assert "forward" not in {step.verb for step in available_steps(item, ministry)}
    regency = lead("kominfo", "32.73")
    other = coordination_request(State.SUBMITTED, handler=regency, filer=lead("kpu", "32.73"))
    assert "forward" in {step.verb for step in available_steps(other, regency)}
