"""The history is written once, never changed, and every tampering shows."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from coordination.history.models import Event
from coordination.history.recording import faults, record
from coordination.obstacles.tests.factories import obstacle

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


def test_nothing_is_recorded_outside_the_transaction_of_a_change():
    row = obstacle()
    connection.in_atomic_block = False
    try:
        with pytest.raises(RuntimeError):
            record(row, "edit", actor=row.reported_by)
    finally:
        connection.in_atomic_block = True
