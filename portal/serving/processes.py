"""The processes of one run: started, noted down, and ended with all their children, by a later run if need be.

Each gets a session of its own. So Ctrl-C reaches the supervisor alone, which ends the others in order; and a child
belongs to its session even when its parent was killed.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil

STOP_SECONDS = 15


class Processes:
    """What this run started; `record` is the file that tells a later run of it."""

    def __init__(self, record):
        self.record = Path(record)
        self.running = []

    def start(self, command, environment):
        """Start a process and note it before anything else happens."""
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        self.running.append(process)
        self._write()
        return process

    def stop(self):
        """Ask all of them to end, kill after a while what has not, and forget them."""
        for process in self.running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(process.poll() is None for process in self.running) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in self.running:
            # Each has told its own children; whoever is left now has nobody to listen to.
            kill(_members(process.pid))
            process.wait()
        self.running.clear()
        self.record.unlink(missing_ok=True)

    def end_leftovers(self):
        """End what a run that was killed hard left behind. Returns how many processes that were."""
        left = [member for number, began in self._read() for member in _members(number, began)]
        kill(left)
        self.record.unlink(missing_ok=True)
        return len(left)

    def _write(self):
        # The start time tells a process from a later one with the same number.
        noted = []
        for process in self.running:
            with contextlib.suppress(psutil.NoSuchProcess):
                noted.append([process.pid, psutil.Process(process.pid).create_time()])
        unfinished = self.record.with_suffix(".part")
        unfinished.write_text(json.dumps(noted))
        unfinished.replace(self.record)

    def _read(self):
        try:
            return [(int(number), float(began)) for number, began in json.loads(self.record.read_text())]
        except (OSError, ValueError, TypeError):
            return []


def _members(session, began=None):
    """The living processes of a session; with `began`, none if its number went to another session since."""
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == session and _lives(process):
                members.append(process)
    if began is not None and any(_is_another(member, session, began) for member in members):
        return []
    return members


def _is_another(member, session, began):
    """Whether this member shows that the session is not the one that was noted."""
    start = member.create_time()
    return abs(start - began) > 1 if member.pid == session else start < began - 1


def kill(processes, how=signal.SIGKILL, seconds=5):
    """Signal processes and wait for their end. Returns those that still live."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(how)
    deadline = time.monotonic() + seconds
    while (left := [process for process in processes if _lives(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _lives(process):
    # In a container nobody may be there to reap the dead, whose numbers then stay.
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
