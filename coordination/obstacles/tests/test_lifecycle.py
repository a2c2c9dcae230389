"""How an obstacle moves, who may move it, and that two people never move it at once."""

import pytest

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, StaleVersion, TransitionNotAllowed
from coordination.history.models import Event
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.lifecycle import STEPS, available_steps, perform
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official

pytestmark = pytest.mark.django_db
ROUTES = {"open": [], "confirmed": ["confirm"], "mitigated": ["mitigate"], "cleared": ["clear"], "merged": ["merge"]}


def in_state(state):
    row, handler = obstacle(), official("kominfo", "32.73")
    for verb in ROUTES[state]:
        into = obstacle() if verb == "merge" else None
        row = perform(row, verb, actor=handler, version=row.version, note="Diperiksa.", into=into)
    return row


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", ObstacleState)
def test_a_step_is_taken_only_from_its_sources(state, verb):
    row, handler = in_state(state), official("kominfo", "32.73")
    into = obstacle() if verb == "merge" else None
    if state in STEPS[verb].sources:
        moved = perform(row, verb, actor=handler, version=row.version, note="Diperiksa.", into=into)
        assert moved.state == STEPS[verb].target
        return
    with pytest.raises(TransitionNotAllowed):
        perform(row, verb, actor=handler, version=row.version, note="Diperiksa.", into=into)


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_is_for_the_ict_office_that_answers_for_the_region(verb):
    row = obstacle()
    for actor in (official("kominfo", "32.73"), official("kominfo", "32"), official("kominfo")):
        assert STEPS[verb] in available_steps(row, actor)
    strangers = [official("kominfo", "32.04"), official("bawaslu", "32.73"), official("kominfo", "32.73", "viewer"),
                 official("kpu", "32")]  # fmt: skip
    for stranger in strangers:
        assert STEPS[verb] not in available_steps(row, stranger)
        with pytest.raises(NotPermitted):
            perform(row, verb, actor=stranger, version=row.version, note="Diperiksa.")


def test_the_office_that_reported_it_may_clear_it():
    row = obstacle(actor=official("kpu", "32.73"))
    assert [step.verb for step in available_steps(row, official("kpu", "32.73"))] == ["clear"]


def test_a_step_needs_a_sentence_the_seen_version_and_is_not_repeated():
    row, handler = obstacle(), official("kominfo", "32.73")
    with pytest.raises(DomainError):
        perform(row, "confirm", actor=handler, version=row.version, note="  ")
    with pytest.raises(StaleVersion):
        perform(row, "confirm", actor=handler, version=None, note="Ya")
    perform(row, "confirm", actor=handler, version=row.version, note="Ya")
    with pytest.raises(AlreadyDone):
        perform(row, "confirm", actor=handler, version=row.version, note="Ya")


def test_a_stale_copy_cannot_carry_an_old_state_past_the_check():
    row, handler = obstacle(), official("kominfo", "32.73")
    stale = Obstacle.objects.get(pk=row.pk)
    perform(row, "clear", actor=handler, version=row.version, note="Pulih")
    with pytest.raises(TransitionNotAllowed):
        perform(stale, "confirm", actor=official("kominfo", "32.73"), version=stale.version, note="Ya")


def test_a_merged_obstacle_names_the_other_and_both_histories_tell_it():
    first, second, handler = obstacle(), obstacle(), official("kominfo", "32.73")
    merged = perform(second, "merge", actor=handler, version=second.version, note="Sama", into=first)
    assert merged.merged_into == first
    assert [event.verb for event in Event.objects.about(first)] == ["report", "absorb"]
    assert [event.verb for event in Event.objects.about(second)] == ["report", "merge"]


def test_an_obstacle_is_not_merged_into_itself_a_foreign_or_a_cleared_one():
    row, handler = obstacle(), lead("kominfo", "32.73")
    cleared = obstacle()
    perform(cleared, "clear", actor=handler, version=cleared.version, note="Pulih")
    for other in (row, obstacle("32.04.05.2001"), cleared, None):
        with pytest.raises(DomainError):
            perform(row, "merge", actor=handler, version=row.version, note="Sama", into=other)
    row.refresh_from_db()
    assert row.state == ObstacleState.OPEN
