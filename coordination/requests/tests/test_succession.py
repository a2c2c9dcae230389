"""An office that takes the place of one that ended goes on with its papers, on both sides, and nobody else does."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coordination.common.errors import NotPermitted
from coordination.history.models import Event
from coordination.obstacles import filing as obstacle_filing
from coordination.obstacles.lifecycle import available_steps as obstacle_steps
from coordination.offices.models import Official
from coordination.offices.tests.factories import lead, official, replace
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.filters import Scope, scoped
from coordination.requests.models import CoordinationRequest
from coordination.requests.queries import my_work
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import available_steps, perform

pytestmark = pytest.mark.django_db


def verbs(item, person):
    return {step.verb for step in available_steps(item, person)}


def note(item, person, **options):
    return filing.comment(item, "Catatan", actor=person, client_id=uuid.uuid4(), body_sha256="x", **options)


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.RESOLVED])
def test_the_office_that_follows_the_filing_one_goes_on_with_its_requests(state):
    filer = lead("kpu", "32.73")
    item = coordination_request(state, filer=filer)
    before = verbs(item, filer)
    replace(filer.office)
    successor, gone = lead("kpu", "32.73"), Official.objects.get(pk=filer.pk)
    assert item in CoordinationRequest.objects.visible_to(successor)
    assert item in CoordinationRequest.objects.waiting_for(successor)
    assert item in my_work(successor).waiting
    assert verbs(item, successor) == before
    assert filing.may_edit(successor, item) == (state != State.RESOLVED)
    assert not verbs(item, gone)
    verb = "confirm" if state == State.RESOLVED else "submit"
    assert perform(item, verb, actor=successor, version=item.version).version == item.version + 1


def test_the_office_that_follows_the_handling_one_goes_on_with_its_requests_and_is_told():
    filer, handler, above = lead("kpu", "32.73"), lead("kominfo", "32.73"), lead("kominfo", "32")
    item = coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    note(item, handler, internal=True)
    replace(handler.office)
    successor = lead("kominfo", "32.73")
    assert item in CoordinationRequest.objects.waiting_for(successor)
    assert [comment.internal for comment in item.comments.readable_by(successor)] == [True]
    assert Event.objects.about(item).readable_by(successor).filter(verb="note").exists()
    item = CoordinationRequest.objects.get(pk=item.pk)
    assert "forward" not in verbs(item, above)  # somebody is there to act
    item = perform(item, "assign", actor=successor, version=item.version, values={"person_in_charge": successor})
    note(item, filer)
    told = Event.objects.get(verb="comment").notifications.values_list("addressee", flat=True)
    assert successor.pk in told
    assert handler.pk not in told


def test_a_successor_in_which_nobody_acts_is_helped_by_the_lead_above():
    handler, above = lead("kominfo", "32.73"), lead("kominfo", "32")
    item = coordination_request(State.ACCEPTED, handler=handler)
    replace(handler.office)
    assert verbs(item, above) == {"forward"}
    assert perform(item, "forward", actor=above, version=item.version, values=VALUES["forward"])


def test_the_office_that_follows_one_that_forwarded_goes_on_watching():
    handler, _above = lead("kominfo", "32.73"), lead("kominfo", "32")
    item = coordination_request(State.ACCEPTED, handler=handler)
    item = perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])
    replace(handler.office)
    successor = lead("kominfo", "32.73")
    assert filing.may_comment(successor, item)
    assert item in scoped(CoordinationRequest.objects.visible_to(successor), Scope.WATCHED, successor)


def test_no_other_office_acts_for_one_that_ended():
    filer = lead("kpu", "32.73")
    item = coordination_request(State.RETURNED, filer=filer)
    replace(filer.office)
    for stranger in (lead("kpu", "32.04"), lead("kpu", "32"), lead("kpu"), lead("bawaslu", "32.73")):
        assert not verbs(item, stranger)
        with pytest.raises(NotPermitted):
            perform(item, "submit", actor=stranger, version=item.version)


def test_the_national_office_follows_the_one_before_it():
    ministry = lead("kominfo")
    item = coordination_request(State.SUBMITTED, handler=lead("kominfo", "32.73"))
    CoordinationRequest.objects.filter(pk=item.pk).update(handling_office=ministry.office)
    item.refresh_from_db()
    replace(ministry.office)
    assert "accept" in verbs(item, lead("kominfo"))


def test_the_office_that_follows_the_reporting_one_goes_on_with_its_obstacles():
    filer = lead("kpu", "32.73")
    row = coordination_request(State.SUBMITTED, filer=filer).obstacles.get()
    replace(filer.office)
    successor = official("kpu", "32.73")
    assert obstacle_filing.may_edit(successor, row)
    assert [step.verb for step in obstacle_steps(row, successor)] == ["clear"]


def test_the_page_says_which_office_acts_now():
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    new = replace(handler.office)
    client = Client()
    client.force_login(lead("kominfo", "32.73"))
    assert client.get(item.get_absolute_url()).context["next_step"] == {"office": new, "mine": True}


def test_the_offices_acted_for_are_asked_once_a_page():
    filer = lead("kpu", "32.73")
    for _ in range(3):
        coordination_request(State.RETURNED, filer=filer)
    person = lead("kpu", "32.73")
    with CaptureQueriesContext(connection) as queries:
        my_work(person)
        list(CoordinationRequest.objects.waiting_for(person))
    asked = [query["sql"] for query in queries if query["sql"].startswith('SELECT "offices_office"."id" AS')]
    assert len(asked) == 1
