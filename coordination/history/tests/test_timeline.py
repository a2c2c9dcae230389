"""What the readers of a history are told: who, from where to where, and what was set."""

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format

from coordination.history.recording import record
from coordination.history.timeline import timeline
from coordination.obstacles.filing import edit
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, office, official
from coordination.requests.choices import State
from coordination.requests.filing import comment
from coordination.requests.tests.factories import SOON, VALUES, coordination_request
from coordination.requests.workflow import perform

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def told(item, user, verb):
    event = next(event for event in timeline(item, user) if event.verb == verb)
    return event.states, {str(label): str(value) for label, value in event.facts}, event.note


def test_each_step_tells_the_change_of_state_and_what_it_set():
    office("kominfo", "32")
    handler, above = lead("kominfo", "32.73"), lead("kominfo", "32")
    item = coordination_request(State.WAITING, handler=handler)
    item = perform(item, "assign", actor=handler, version=item.version, values={"person_in_charge": handler})
    item = perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])
    assert told(item, handler, "accept") == (("Submitted", "Verified"), {}, VALUES["accept"]["note"])
    assert told(item, handler, "start") == (
        ("Verified", "In progress"), {"target date": date_format(SOON)}, "Survei lapangan",
    )  # fmt: skip
    assert told(item, handler, "wait")[2] == "Telkomsel\nTT-1"
    assert told(item, handler, "assign")[:2] == (None, {"person in charge": handler.name})
    assert told(item, handler, "forward")[1] == {"handling office": above.office.name}


def test_an_end_tells_its_outcome_or_its_reason():
    reader = official("kpu", "32.73")
    resolved, declined = coordination_request(State.RESOLVED), coordination_request(State.DECLINED)
    assert told(resolved, reader, "resolve")[1].keys() == {"outcome", "measures"}
    assert told(declined, reader, "decline")[1] == {"reason for declining": declined.get_decline_reason_display()}


def test_an_edit_tells_which_fields_changed():
    row = obstacle()
    row = edit(row, {"place": "Balai desa", "kind": "power"}, actor=row.reported_by, version=row.version)
    assert told(row, row.reported_by, "edit")[:2] == (None, {"Changed": "kind, place"})


def test_an_internal_note_stands_in_the_history_of_the_own_office_only():
    filer, handler = official("kpu", "32.73"), lead("kominfo", "32.73")
    item = coordination_request(State.ACCEPTED, handler=handler)
    comment(item, "Rahasia", actor=handler, client_id="0" * 32, body_sha256="x", internal=True)
    assert "note" in [event.verb for event in timeline(item, official("kominfo", "32.73"))]
    for stranger in (filer, official("bawaslu", "32.73"), official("kominfo", "32")):
        assert "note" not in [event.verb for event in timeline(item, stranger)]


def test_a_fact_whose_row_is_gone_or_that_is_a_moment_is_left_out():
    row = obstacle()
    with transaction.atomic():
        record(
            row, "change", actor=row.reported_by, data={"merged_into": 0, "office": 10**9, "until": "2020-01-01T00:00"}
        )
    assert told(row, row.reported_by, "change")[1] == {}
