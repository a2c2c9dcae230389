"""Who may know of a request, what waits for whom, and what the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.offices.tests.factories import admin, lead, official
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest, Watch
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform

pytestmark = pytest.mark.django_db


def seen_by(user):
    return set(CoordinationRequest.objects.visible_to(user))


def test_an_official_sees_the_requests_of_the_own_region_and_below():
    here, sister, elsewhere = [
        coordination_request(State.SUBMITTED, code) for code in ("32.73.01", "32.04.05", "33.74.01")
    ]
    for kind in ("kpu", "kominfo", "bawaslu"):
        assert seen_by(official(kind, "32.73")) == {here}
        assert seen_by(official(kind, "32")) == {here, sister}
        assert seen_by(official(kind)) == {here, sister, elsewhere}
    assert seen_by(official("kpu", "32.73", "viewer")) == {here}
    assert seen_by(admin()) == {here, sister, elsewhere}


def test_a_code_that_only_begins_alike_is_another_region():
    coordination_request(State.SUBMITTED, "32.73.01")
    assert seen_by(official("kpu", "32.7")) == set()


def test_a_draft_is_seen_by_its_own_office_only():
    draft = coordination_request(State.DRAFT)
    assert seen_by(official("kpu", "32.73")) == {draft}
    for person in (official("kominfo", "32.73"), official("kpu", "32"), official("bawaslu", "32.73"), admin()):
        assert seen_by(person) == set()


def test_a_deactivated_official_sees_nothing():
    coordination_request(State.SUBMITTED)
    assert seen_by(official("kpu", "32.73", is_active=False)) == set()


def test_the_office_that_forwarded_goes_on_seeing_and_the_list_has_no_row_twice():
    handler = lead("kominfo", "32.73")
    lead("kominfo", "32")
    item = coordination_request(State.SUBMITTED, handler=handler)
    perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])
    assert list(CoordinationRequest.objects.visible_to(handler)) == [item]


@pytest.mark.parametrize(
    ("state", "kind"),
    [(State.DRAFT, "kpu"), (State.SUBMITTED, "kominfo"), (State.RETURNED, "kpu"), (State.ACCEPTED, "kominfo"),
     (State.IN_PROGRESS, "kominfo"), (State.WAITING, "kominfo"), (State.RESOLVED, "kpu"), (State.CLOSED, None),
     (State.DECLINED, None), (State.WITHDRAWN, None)],
)  # fmt: skip
def test_a_request_waits_for_the_office_whose_turn_it_is(state, kind):
    item = coordination_request(state)
    waiting = {name for name in ("kpu", "kominfo", "bawaslu")
               if item in CoordinationRequest.objects.waiting_for(official(name, "32.73"))}  # fmt: skip
    assert waiting == ({kind} if kind else set())


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "unheard of"},
        {"number": None},
        {"due_at": None},
        {"handling_office": None},
        {"state": State.RESOLVED},
        {"state": State.WAITING},
        {"state": State.DECLINED},
        {"near_at": None},
        {"urgency": "whenever"},
    ],
)
def test_the_database_refuses_what_must_never_be(broken):
    item = coordination_request(State.SUBMITTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoordinationRequest.objects.filter(pk=item.pk).update(**broken)


@pytest.mark.parametrize(
    "wrong", [{"outcome": "magic"}, {"decline_reason": "mood"}, {"measures": ["survey", "prayer"]}]
)
def test_the_database_knows_no_other_results_of_a_request(wrong):
    rows = CoordinationRequest.objects.filter(pk=coordination_request(State.RESOLVED).pk)
    rows.update(outcome="too_late", decline_reason="", measures=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**wrong)


@pytest.mark.parametrize("place", ["33.74", "33"])
@pytest.mark.parametrize("part", ["watched", "handled"])
def test_an_office_elsewhere_sees_what_it_is_part_of_once_that_is_submitted(place, part):
    elsewhere = official("kominfo", place)
    item, draft = coordination_request(State.SUBMITTED), coordination_request(State.DRAFT)
    assert seen_by(elsewhere) == set()
    for row in (item, draft):
        if part == "watched":
            Watch.objects.begin(row, elsewhere.office, timezone.now())
        else:
            CoordinationRequest.objects.filter(pk=row.pk).update(handling_office=elsewhere.office)
    assert seen_by(elsewhere) == {item}
