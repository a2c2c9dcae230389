"""Ending processes: all of ours, also orphans and stubborn ones, and nobody else's."""

import json
import os
import subprocess
import sys
import time

import psutil
import pytest

from portal.serving import embedded, processes

# Starts a child, says its number, and waits.
PARENT = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The processes of a run; their output can be read."""
    original = subprocess.Popen
    monkeypatch.setattr(processes.subprocess, "Popen", lambda *a, **k: original(*a, stdout=subprocess.PIPE, **k))
    run = processes.Processes(tmp_path / "processes.json")
    yield run
    run.stop()


def start(run, code):
    process = run.start([sys.executable, "-c", code], dict(os.environ))
    return process, process.stdout.readline().decode().strip()


def is_alive(number):
    return processes._lives(psutil.Process(number)) if psutil.pid_exists(number) else False


def test_children_end_with_their_parent(run):
    process, child = start(run, PARENT)
    run.stop()
    assert process.returncode is not None
    assert not is_alive(int(child))
    assert not run.record.exists()


def test_orphans_end_too(run):
    process, child = start(run, PARENT)
    process.kill()
    process.wait()
    assert is_alive(int(child))
    run.stop()
    assert not is_alive(int(child))


def test_who_does_not_listen_is_killed(run, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    process, _ready = start(run, STUBBORN)
    run.stop()
    assert process.returncode == -9


@pytest.mark.parametrize("leader_lives", [True, False])
def test_a_later_run_ends_what_was_left(run, leader_lives):
    process, child = start(run, PARENT)
    if not leader_lives:
        process.kill()
        process.wait()
    later = processes.Processes(run.record)
    assert later.end_leftovers() == (2 if leader_lives else 1)
    assert not is_alive(int(child))
    assert later.end_leftovers() == 0


def test_a_number_that_went_to_somebody_else_is_left_alone(run, tmp_path):
    process, _child = start(run, PARENT)
    record = tmp_path / "older.json"
    record.write_text(json.dumps([[process.pid, time.time() - 3600]]))
    assert processes.Processes(record).end_leftovers() == 0
    assert process.poll() is None


@pytest.mark.parametrize("nonsense", ["", "{", "[1]", '[["a", 1]]'])
def test_a_damaged_record_hinders_nobody(tmp_path, nonsense):
    record = tmp_path / "processes.json"
    record.write_text(nonsense)
    assert processes.Processes(record).end_leftovers() == 0


def test_a_stale_lock_of_the_database_goes_and_a_copied_one_harms_nobody(tmp_path):
    data, sockets = tmp_path / "data", tmp_path / f"{embedded.SOCKET_PREFIX}x"
    for folder in (data, sockets):
        folder.mkdir()
    for owner, remain in ((tmp_path / "the original", True), (data, False)):
        # The number is that of a living process which is no postgres, as after a restart of the machine.
        (data / "postmaster.pid").write_text(f"{os.getpid()}\n{owner}\n0\n5432\n{sockets}\n")
        embedded.end_leftovers(data)
        assert not (data / "postmaster.pid").exists()
        assert sockets.exists() == remain


def test_a_closed_folder_above_is_noticed(tmp_path):
    folder = tmp_path / "open" / "closed" / "data"
    folder.mkdir(parents=True)
    (tmp_path / "open" / "closed").chmod(0o700)
    assert not embedded._others_may_pass(folder)
