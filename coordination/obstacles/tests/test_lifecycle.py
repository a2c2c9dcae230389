"""How an obstacle moves, who may move it, and that two people never move it at once."""

import pytest

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, StaleVersion, TransitionNotAllowed
from coordination.history.models import Event
from coordination.obstacles import lifecycle
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.lifecycle import STEPS, available_steps, perform
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from tests.races import at_once, control

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


def test_whoever_saw_the_obstacle_after_the_own_step_is_told_that_it_is_past_not_that_it_was_a_repeat():
    row, handler = obstacle(), official("kominfo", "32.73")
    moved = perform(row, "confirm", actor=handler, version=row.version, note="Ya", sent_as="form")
    with pytest.raises(TransitionNotAllowed):
        perform(moved, "confirm", actor=handler, version=moved.version, note="Ya")
    with pytest.raises(AlreadyDone):
        perform(moved, "confirm", actor=handler, version=moved.version, note="Ya", sent_as="form")


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
    for other in (row, obstacle("32.04.05.2001"), cleared, None):  # itself, a foreign one, a cleared one, none
        with pytest.raises(DomainError):
            perform(row, "merge", actor=handler, version=row.version, note="Sama", into=other)
    row.refresh_from_db()
    assert row.state == ObstacleState.OPEN


def test_two_regencies_are_not_merged_since_the_readers_of_one_may_not_know_of_the_other():
    row, other, province = obstacle(), obstacle("32.04.05.2001"), official("kominfo", "32")
    with pytest.raises(DomainError):
        perform(row, "merge", actor=province, version=row.version, note="Sama", into=other)
    assert Obstacle.objects.get(pk=row.pk).state == ObstacleState.OPEN


def test_a_step_moves_the_version_and_tells_the_history_once():
    row, handler = obstacle(), official("kominfo", "32.73")
    moved = perform(row, "mitigate", actor=handler, version=row.version, note="VSAT dipasang")
    assert (moved.version, moved.measure) == (row.version + 1, "VSAT dipasang")
    event = Event.objects.about(row).last()
    assert (event.verb, event.from_state, event.to_state) == ("mitigate", "open", "mitigated")
    assert (event.note, event.actor, event.office) == ("VSAT dipasang", handler, handler.office)


def test_what_is_refused_changes_nothing():
    row, handler = obstacle(), official("kominfo", "32.73")
    before = Obstacle.objects.values().get(pk=row.pk), Event.objects.count()
    for version, note in ((row.version, " "), (row.version + 1, "Ya"), (None, "Ya")):
        with pytest.raises(DomainError):
            perform(row, "clear", actor=handler, version=version, note=note)
    assert (Obstacle.objects.values().get(pk=row.pk), Event.objects.count()) == before


def confirm_at_once():
    row, handlers = obstacle(), [official("kominfo", "32.73") for _ in range(6)]

    def call(actor):
        return lambda: perform(row, "confirm", actor=actor, version=row.version, note=f"Dicek {actor.username}")

    results = at_once([call(actor) for actor in handlers])
    won = [result for result in results if isinstance(result, Obstacle)]
    assert len(won) + sum(isinstance(result, DomainError) for result in results) == len(handlers), results
    return len(won), Event.objects.about(row).filter(verb="confirm").count()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_several_people_confirming_at_once_exactly_one_does():
    assert confirm_at_once() == (1, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@control
def test_control_without_the_row_lock_several_confirm(monkeypatch):
    monkeypatch.setattr(lifecycle, "lock", lambda row: type(row).objects.get(pk=row.pk))
    won, events = confirm_at_once()
    assert won == events > 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_obstacles_merged_into_each_other_at_once_leave_one_standing():
    handlers = [official("kominfo", "32.73") for _ in range(6)]
    pair = obstacle(), obstacle()

    def call(actor, row, other):
        return lambda: perform(row, "merge", actor=actor, version=row.version, note="Sama", into=other)

    results = at_once([call(actor, *(pair if n % 2 else pair[::-1])) for n, actor in enumerate(handlers)])
    assert sum(isinstance(result, Obstacle) for result in results) == 1
    assert all(isinstance(result, Obstacle | DomainError) for result in results), results
    assert sorted(Obstacle.objects.values_list("state", flat=True)) == ["merged", "open"]
