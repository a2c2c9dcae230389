"""Who may write what into a request, whichever door it comes through."""

import uuid

import pytest

from coordination.campaigns.tests.activities import activity
from coordination.common.errors import NotPermitted, TransitionNotAllowed
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from coordination.requests import filing
from coordination.requests.choices import State
from coordination.requests.models import Attachment, Comment, CoordinationRequest
from coordination.requests.tests.factories import coordination_request
from tests.files import clean_pdf

pytestmark = pytest.mark.django_db
PLACE, ELSEWHERE = "32.73.01.1001", "32.04.05.2001"


def values(code=PLACE, obstacles=(), **changes):
    return {
        "region": region(code), "subject": "Sinyal lemah", "text": "Mohon diperiksa", "urgency": "normal",
        "activity_on": None, "obstacles": list(obstacles),
    } | changes  # fmt: skip


def file(actor, typed):
    return filing.file_request(typed, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, submit=False)


def comment(item, actor):
    return filing.comment(item, "Mohon kabar", actor=actor, client_id=uuid.uuid4(), body_sha256="x")


@pytest.mark.parametrize(("kind", "role"), [("kominfo", "lead"), ("bawaslu", "officer"), ("kpu", "viewer")])
def test_only_acting_people_of_election_offices_file(kind, role):
    with pytest.raises(NotPermitted):
        file(official(kind, "32.73", role), values())
    assert not CoordinationRequest.objects.exists()


def test_a_request_is_about_the_own_region_and_obstacles_of_its_regency():
    filer, here, there = lead("kpu", "32.73"), obstacle(PLACE), obstacle(ELSEWHERE)
    file(filer, values(obstacles=[here]))
    for typed in (values(ELSEWHERE), values(obstacles=[there]), values(obstacles=[here, there])):
        with pytest.raises(NotPermitted):
            file(filer, typed)
    with pytest.raises(NotPermitted):
        file(lead("kpu", "32"), values(obstacles=[there]))
    assert CoordinationRequest.objects.count() == 1


def test_an_edit_keeps_to_the_own_region_and_the_obstacles_of_the_regency():
    filer = lead("kpu", "32.73")
    item = coordination_request(State.DRAFT, filer=filer)
    for typed in (values(ELSEWHERE), values(obstacles=[obstacle(ELSEWHERE)])):
        with pytest.raises(NotPermitted):
            filing.edit(item, typed, actor=filer, version=item.version)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCEPTED, State.RESOLVED, State.CLOSED, State.WITHDRAWN])
def test_what_was_submitted_is_no_longer_edited(state):
    filer = lead("kpu", "32.73")
    item = coordination_request(state, filer=filer)
    with pytest.raises(TransitionNotAllowed):
        filing.edit(item, values(), actor=filer, version=item.version)


@pytest.mark.parametrize(("kind", "code", "role"), [("kpu", "32", "lead"), ("kominfo", "32.73", "lead"),
                                                    ("kpu", "32.73", "viewer")])  # fmt: skip
def test_only_the_office_that_files_a_request_edits_it(kind, code, role):
    item = coordination_request(State.RETURNED)
    with pytest.raises(NotPermitted):
        filing.edit(item, values(), actor=official(kind, code, role), version=item.version)


def test_a_numbered_request_stays_in_its_regency():
    province, handler = lead("kpu", "32"), lead("kominfo", "32.73")
    item = coordination_request(State.RETURNED, filer=province, handler=handler)
    with pytest.raises(TransitionNotAllowed):
        filing.edit(item, values(ELSEWHERE, [obstacle(ELSEWHERE)]), actor=province, version=item.version)


@pytest.mark.parametrize(
    ("kind", "code", "role"),
    [("kpu", "32.04", "lead"), ("kpu", "32", "lead"), ("bawaslu", "32.73", "viewer"), ("kpu", "32.73", "viewer")],
)
def test_only_the_offices_involved_comment_and_attach(kind, code, role):
    item, stranger = coordination_request(State.ACCEPTED), official(kind, code, role)
    with pytest.raises(NotPermitted):
        comment(item, stranger)
    with pytest.raises(NotPermitted):
        filing.attach(item, [clean_pdf()], actor=stranger)
    assert not Comment.objects.exists() and not Attachment.objects.exists()


def test_nothing_is_attached_to_what_has_ended_and_nobody_comments_on_a_draft():
    filer = lead("kpu", "32.73")
    with pytest.raises(NotPermitted):
        filing.attach(coordination_request(State.CLOSED, filer=filer), [clean_pdf()], actor=filer)
    with pytest.raises(NotPermitted):
        comment(coordination_request(State.DRAFT, filer=filer), filer)


def test_a_forged_activity_of_another_regency_is_refused():
    foreign, draft = activity("32.04.01.1001"), coordination_request(State.DRAFT)
    values = {field: getattr(draft, field) for field in filing.EDITABLE}
    values |= {"obstacles": list(draft.obstacles.all()), "activities": [foreign]}
    with pytest.raises(NotPermitted):
        filing.edit(draft, values, actor=draft.filed_by, version=draft.version)
    assert not draft.activities.exists()
