"""`make serve`: starts the demo with its database, app server and worker, and stops all of it again."""

import contextlib
import fcntl
import http.client
import json
import os
import secrets
import signal
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from portal.serving import embedded, statics
from portal.serving.processes import Processes

ROOT = Path(__file__).resolve().parents[2]
PREPARATION = "portal.serving.prepare"
READY_SECONDS = 60
ACCOUNTS = """
  KPU Kota Bandung          kpu-3273          lead: kpu-3273-lead
  Diskominfo Kota Bandung   diskominfo-3273   lead: diskominfo-3273-lead
  Jawa Barat                kpu-32, diskominfo-32
  National                  kpu-ri, komdigi
  Bawaslu (reads)           bawaslu-3273, bawaslu-ri
  Admin                     admin

  Password of all: Koordinasi-2020
  The same for each of the 309 regencies that voted in 2020, such as kpu-3204 and diskominfo-3204.
"""


class Refused(Exception):
    """The demo does not start or go on; the text says why, and what to do."""


class Stopped(Exception):
    """Somebody asked the demo to stop."""


class Signals:
    """Remembers a request to stop. It is looked at between the steps, so none is left half done or unrecorded."""

    def __init__(self):
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # `nohup` asks to outlive the terminal, by having this signal ignored.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._ask)

    def _ask(self, number, frame):
        self.asked = True

    def pause(self, seconds):
        """Sleep a little; raises Stopped when somebody asked for it."""
        time.sleep(seconds)
        if self.asked:
            raise Stopped


def main():
    """Start everything, wait until it is to stop, stop everything. Returns the exit status."""
    var = Path(os.environ.get("PORTAL_VAR") or ROOT / "var").resolve()
    signals = Signals()
    with contextlib.ExitStack() as stack:
        try:
            run(var, os.environ.get("PORT") or "8000", signals, stack)
        except (Refused, embedded.EmbeddedError) as refusal:
            print(f"\n{refusal}", file=sys.stderr, flush=True)
            return 1
        except OSError as error:
            print(f"\n{error.filename or 'A file'}: {error.strerror}.", file=sys.stderr, flush=True)
            return 1
        except Stopped:
            print("\nStopping; the data are kept.", flush=True)
    return 0


def run(var, port, signals, stack):
    """The whole life of the demo, up to one of the exceptions that end it."""
    began = time.monotonic()
    var.mkdir(exist_ok=True)
    _lock(var, stack)
    processes = Processes(var / "processes.json")
    ended = processes.end_leftovers()
    if ended:
        print("Ended what an earlier run, killed hard, had left behind.", flush=True)
    # The system may need a moment to take the port back from what was ended.
    _check_port(port, seconds=5 if ended else 0)
    cluster = None if os.environ.get("DATABASE_URL") else _start_database(var, signals, stack)
    url = cluster.url(user="portal", database="portal") if cluster else os.environ["DATABASE_URL"]
    _claim(url)
    environment = _environment(var, port, url)
    stack.callback(processes.stop)
    _prepare(processes, environment, signals)
    server = processes.start([sys.executable, "-m", "granian", *_server_options(port)], environment)
    _await_answer(port, server, signals)
    worker = processes.start([sys.executable, ROOT / "manage.py", "procrastinate", "worker"], environment)
    print(f"\nThe portal runs at http://127.0.0.1:{port}/ with demonstration data.\n{ACCOUNTS}")
    print(f"Started in {time.monotonic() - began:.1f} s. Ctrl-C stops it.", flush=True)
    needed = {"app server": server, "worker": worker} | ({"database": cluster.process} if cluster else {})
    while True:
        for name, process in needed.items():
            _must_run(process, name)
        signals.pause(0.2)


def _server_options(port):
    options = {
        "--interface": "wsgi",
        "--host": "127.0.0.1",
        "--port": port,
        "--workers": "2",
        # A form that trickles in holds a thread to its end, and chance may bring 48 slow clients to one worker.
        "--blocking-threads": "64",
        "--workers-kill-timeout": "5",
    }
    flags = ["--respawn-failed-workers", "--no-log"]
    return [word for option in options.items() for word in option] + [*flags, "portal.wsgi:application"]


def _lock(var, stack):
    file = stack.enter_context((var / "serve.lock").open("w"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused("The demo of this folder is running already. Stop it first (Ctrl-C in its window).") from None


def _check_port(port, seconds=0):
    """Refuse a port that cannot be had within some seconds."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Refused(f"PORT={port} is not a port. Use a number from 1 to 65535.")
    deadline = time.monotonic() + seconds
    while (trouble := _trouble_with(int(port))) and time.monotonic() < deadline:
        time.sleep(0.1)
    if trouble:
        raise Refused(f"Port {port} cannot be used ({trouble}). Choose another: make serve PORT=8080")


def _trouble_with(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror
    return None


def _environment(var, port, url):
    """The variables of all processes of the demo."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_DEMO": "True",
        "DATABASE_URL": url,
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "STORAGE_DIR": str(var / "storage"),
        "STATIC_ROOT": str(var / "static"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    # A key file of another installation in this shell would win over the demo's own keys.
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("SECRET_KEY_FILE", "HISTORY_KEY_FILE")
    }
    return inherited | settings | _secrets(var / "secrets.json")


def _secrets(path):
    """Keys of this demo alone, made once and kept where only their owner reads them."""
    if not path.exists():
        keys = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "HISTORY_KEY")}
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        with open(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(keys, file)
        unfinished.replace(path)
    return json.loads(path.read_text())


def _start_database(var, signals, stack):
    home = embedded.home_for(var / "postgresql")
    print("Starting PostgreSQL …", flush=True)
    cluster = embedded.Cluster(home / "data")
    cluster.create()
    log = stack.enter_context((var / "postgresql.log").open("ab"))
    stack.callback(cluster.stop)
    try:
        cluster.start(log, pause=signals.pause)
    except embedded.EmbeddedError as error:
        raise Refused(f"{error} {var / 'postgresql.log'} says why.") from None
    cluster.make_database("portal", owner="portal")
    return cluster


def _claim(url):
    """Mark an empty database as the demo's, and refuse one that holds anything but the demo."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            tables = {name for (name,) in connection.execute(
                "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
                " WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
                " AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'"
            )}  # fmt: skip
            if tables and "portal_demo" not in tables:
                raise Refused(
                    f"The database {urlsplit(url).path[1:]} is not empty and not the demo's, so nothing in it "
                    "was touched. Let DATABASE_URL name an empty database, or unset it."
                )
            connection.execute("CREATE TABLE IF NOT EXISTS portal_demo (marks_the_demonstration boolean)")
    except psycopg.Error as error:
        raise Refused(f"The database that DATABASE_URL names cannot be used: {str(error).strip()}") from None


def _prepare(processes, environment, signals):
    print("Preparing the data:", flush=True)
    steps = [PREPARATION]
    if not statics.are_current(environment["STATIC_ROOT"]):
        steps.append("portal.serving.statics")
    running = [processes.start([sys.executable, "-m", step], environment) for step in steps]
    while running:
        signals.pause(0.05)
        if any(step.poll() for step in running):
            raise Refused("The data could not be prepared; the lines above say why.")
        running = [step for step in running if step.poll() is None]


def _must_run(process, name):
    if process.poll() is not None:
        raise Refused(f"The {name} ended by itself (status {process.returncode}). Start again: make serve")


def _await_answer(port, server, signals):
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(int(port)):
        _must_run(server, "app server")
        if time.monotonic() > deadline:
            raise Refused(f"The app server did not answer within {READY_SECONDS} seconds.")
        signals.pause(0.1)


def _answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
