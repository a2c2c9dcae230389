"""A stand for benchmarks: the portal as `make serve` runs it, with its data, on a database that is thrown away.

Everything lies under var/bench/ and listens on loopback or a unix socket only; all of it ends with the benchmark.
"""

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request

import psycopg

from portal.serving import demo, scratch, statics
from portal.serving.processes import Processes

VAR = demo.ROOT / "var" / "bench"
ACCOUNT, PASSWORD = "kpu-3273", "Koordinasi-2020"
READY_SECONDS = 120


class Stand:
    """One database server and whatever a benchmark starts beside it."""

    def __init__(self, stack, options):
        VAR.mkdir(parents=True, exist_ok=True)
        try:
            demo._lock(VAR, stack)
        except demo.Refused:
            raise SystemExit("Another benchmark is running; one at a time, or both would be slower.") from None
        self.processes = Processes(VAR / "processes.json")
        self.processes.end_leftovers()
        database = scratch.Scratch(VAR, options)
        database.start()
        stack.callback(database.stop)
        # Registered last, since servers must end before the database does.
        stack.callback(self.processes.stop)
        self.cluster = database.cluster

    def database(self, name):
        """The address of a new, empty database with an owner of its own."""
        self.cluster.make_database(name, owner=name)
        return self.cluster.url(user=name, database=name)

    def run(self, command, environment):
        """Run a command to its end; the benchmark stops when it fails."""
        if self.processes.start(command, environment).wait():
            raise SystemExit(f"This failed, the lines above say why: {' '.join(map(str, command))}")

    def portal(self, **more):
        """The variables of a portal with the demonstration's data; minutes may pass."""
        environment = demo._environment(VAR, "8000", self.database("portal")) | more
        self.run([sys.executable, "-m", "portal.serving.prepare"], environment)
        if not statics.are_current(environment["STATIC_ROOT"]):
            self.run([sys.executable, "-m", "portal.serving.statics"], environment)
        with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("ANALYZE")  # the throwaway server runs no autovacuum, which would do it
        return environment

    def serve(self, options, environment, path="/healthz", python=sys.executable):
        """Start granian on a free port with these options (a function of the port). Returns (process, address)."""
        port = str(free_port())
        # What it says goes to a file: the end of slow requests is hundreds of lines.
        command = ["sh", "-c", 'exec "$@" >>"$0" 2>&1', VAR / "server.log", python, "-m", "granian"]
        process = self.processes.start([*command, *options(port)], environment)
        address = f"http://127.0.0.1:{port}"
        await_answer(process, address + path)
        return process, address

    def end(self, process):
        """End one server before the others."""
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def stand(options=scratch.OPTIONS):
    """A stand that is taken down however the benchmark ends, with these options of the database server."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    with contextlib.ExitStack() as stack:
        yield Stand(stack, options)


def await_answer(process, address):
    """Wait until the address answers without an error of the server."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise SystemExit(f"The server did not answer at {address}.")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def session_of(username):
    """The cookie header of a signed-in session; Django must be set up."""
    from django.conf import settings  # noqa: PLC0415 - only after django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from coordination.offices.models import Official  # noqa: PLC0415

    user, store = Official.objects.get(username=username), SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def show_pages(username, addresses):
    """Print what each page costs this person, the middle of five, in this process; Django must be set up."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from coordination.offices.models import Official  # noqa: PLC0415

    client = Client(headers={"Accept-Encoding": "gzip, br", "Host": "127.0.0.1"})
    client.force_login(Official.objects.get(username=username))
    for address in addresses:
        client.get(address, secure=True)
        times = []
        for _ in range(5):
            started = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address, secure=True)
            times.append(time.perf_counter() - started)
        print(f"{address:<38} {answer.status_code} {sorted(times)[2] * 1000:6.0f} ms {len(answer.content):>7,} bytes"
              f" {len(queries):>3} queries")  # fmt: skip


def use(environment):
    """Set Django up in this process with the variables of a stand's portal."""
    import django  # noqa: PLC0415 - reads the variables

    os.environ.update(environment)
    django.setup()
