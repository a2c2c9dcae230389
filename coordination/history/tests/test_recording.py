"""The history is written once, never changed, and every tampering shows."""

from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from coordination.history import recording
from coordination.history.models import Event
from coordination.history.recording import faults, record
from coordination.obstacles.tests.factories import obstacle
from tests.races import at_once, control

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    for _ in range(4):
        obstacle()
    return list(Event.objects.order_by("sequence"))


def tamper(sql, *values):
    """What somebody with full power over the database could do: switch the triggers off and write."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE history_event DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE history_event ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "sql",
    ["UPDATE history_event SET note = 'x'", "DELETE FROM history_event", "TRUNCATE history_event CASCADE"],
)
def test_the_database_refuses_every_change(events, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


def test_an_untouched_history_is_whole(events, capsys):
    assert list(faults()) == []
    call_command("verify_history")
    assert events[-1].hash in capsys.readouterr().out


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("UPDATE history_event SET note = 'lain' WHERE sequence = %s", 1),
        ("UPDATE history_event SET verb = 'clear' WHERE sequence = %s", 2),
        ("UPDATE history_event SET at = at + interval '1 hour' WHERE sequence = %s", 2),
        ("UPDATE history_event SET data = '{}' WHERE sequence = %s", 3),
        ("UPDATE history_event SET only_for_id = office_id WHERE sequence = %s", 1),
        ("UPDATE history_event SET actor_id = NULL WHERE sequence = %s", 1),
        ("UPDATE history_event SET to_state = 'cleared' WHERE sequence = %s", 1),
        ("UPDATE history_event SET subject_id = subject_id + 1 WHERE sequence = %s", 1),
    ],
)
def test_a_changed_event_is_found_at_its_number(events, sql, number):
    sequence = events[number].sequence
    tamper(sql, sequence)
    assert [fault.split(":")[0] for fault in faults()] == [str(sequence)]
    with pytest.raises(CommandError):
        call_command("verify_history")


def test_a_removed_event_is_found(events):
    tamper("DELETE FROM notifications_notification")
    tamper("DELETE FROM history_event WHERE sequence = %s", events[1].sequence)
    assert any(str(events[1].sequence) in fault for fault in faults())


def test_an_event_of_another_history_is_found_even_with_a_right_hash(events):
    last = events[-1]
    last.previous_hash = "0" * 64
    tamper(
        "UPDATE history_event SET previous_hash = %s, hash = %s WHERE sequence = %s",
        last.previous_hash, recording.digest(last), last.sequence,
    )  # fmt: skip
    assert [fault.split(":")[0] for fault in faults()] == [str(last.sequence)]


def test_nothing_is_recorded_outside_the_transaction_of_a_change():
    row = obstacle()
    connection.in_atomic_block = False
    try:
        with pytest.raises(RuntimeError):
            record(row, "edit", actor=row.reported_by)
    finally:
        connection.in_atomic_block = True


def write_at_once():
    """Events about rows of different regencies, which share no other lock than that of the chain."""
    rows = [obstacle(f"32.{number:02}.01.1001") for number in range(1, 9)]

    def write(row):
        with transaction.atomic():
            return record(row, "edit", actor=row.reported_by)

    return at_once([partial(write, row) for row in rows])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_events_written_at_once_make_one_chain():
    assert all(isinstance(result, Event) for result in write_at_once())
    assert list(faults()) == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@control
def test_control_without_the_lock_of_the_chain_events_collide(monkeypatch):
    monkeypatch.setattr(recording, "_lock_head", lambda: Event.objects.order_by("-sequence").first())
    assert any(isinstance(result, IntegrityError) for result in write_at_once())
