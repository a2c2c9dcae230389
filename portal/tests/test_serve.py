"""The demo's supervisor, with real processes and a real PostgreSQL."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil
import pytest

from portal.serving import demo, embedded

START = """
from portal.serving import demo, statics
demo.PREPARATION = "portal.tests.tables_only"
statics.are_current = lambda folder: True
raise SystemExit(demo.main())
"""
SECONDS = 120


@pytest.fixture
def var(tmp_path):
    """A folder for the demo's data, too deep for a unix socket and with spaces; whatever is left is killed."""
    # pytest's own folders are closed to the account that PostgreSQL runs under for root.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o711)
    var = tmp_path / ("deep folder " * 10).strip() / "var"
    var.parent.mkdir()
    yield var
    embedded.end_leftovers(var / "postgresql" / "data")


@contextmanager
def supervisor(var, port):
    """A running demo: the process and all its descendants; killed at the end if the test did not stop it."""
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = system | {"PORTAL_VAR": str(var), "PORT": str(port)}
    output = (var.parent / "output").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-c", START], cwd=demo.ROOT, env=environment, stdout=output, stderr=output
    )
    process.said = lambda: (var.parent / "output").read_text()
    try:
        wait_until(lambda: "Ctrl-C stops it" in process.said() or process.poll() is not None, process.said)
        assert process.poll() is None, process.said()
        process.family = psutil.Process(process.pid).children(recursive=True)
        yield process
    finally:
        for member in [*getattr(process, "family", []), process]:
            if alive(member):
                member.kill()
        output.close()


def wait_until(condition, explain):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.1)


def alive(process):
    if isinstance(process, subprocess.Popen):
        return process.poll() is None
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def status(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    return connection.getresponse().status


def test_it_stops_everything_and_recovers_from_hard_kills(var, port):
    with supervisor(var, port) as first:
        assert status(port, "/readyz") == 200
        assert (var / "secrets.json").stat().st_mode & 0o077 == 0
        first.kill()
        first.wait()
        orphans = [member for member in first.family if alive(member)]
        assert orphans, "killed hard, the supervisor cannot take the others along"

        with supervisor(var, port) as second:
            assert not any(alive(member) for member in orphans)
            assert status(port, "/readyz") == 200
            second.terminate()
            assert second.wait(SECONDS) == 0, second.said()
            assert not any(alive(member) for member in second.family)

    with supervisor(var, port) as third:
        postmaster = next(member for member in third.family if member.cmdline()[1:2] == ["-D"])
        postmaster.kill()
        assert third.wait(SECONDS) == 1
        assert "The database ended by itself" in third.said()
        assert not any(alive(member) for member in third.family)
    assert not (var / "processes.json").exists()


def test_a_taken_port_is_refused_with_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(demo.signal, "signal", lambda *arguments: None)
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path / "var"))
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        monkeypatch.setenv("PORT", str(holder.getsockname()[1]))
        assert demo.main() == 1
    assert "Choose another: make serve PORT=8080" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_nonsense_for_a_port_is_refused(port):
    with pytest.raises(demo.Refused, match="is not a port"):
        demo._check_port(port)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_not_the_demos_is_left_alone():
    from django.db import connection  # noqa: PLC0415

    before = set(connection.introspection.table_names())
    with pytest.raises(demo.Refused, match="nothing in it was touched"):
        demo._claim(address_of(connection.settings_dict, connection.settings_dict["NAME"]))
    assert set(connection.introspection.table_names()) == before


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_is_claimed_and_known_again():
    from django.db import connection  # noqa: PLC0415

    name = f"{connection.settings_dict['NAME']}_empty"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        for _time in range(2):
            demo._claim(address_of(connection.settings_dict, name))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def address_of(settings, name):
    host = settings["HOST"]
    where = f"/{name}?host={host}" if host.startswith("/") else f"{host}:{settings['PORT'] or 5432}/{name}"
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    return f"postgresql://{settings['USER']}{password}@{where}"


def test_an_unreachable_database_is_a_sentence():
    with pytest.raises(demo.Refused, match="DATABASE_URL names cannot be used"):
        demo._claim("postgresql://portal@/portal?host=/nowhere")


def test_nohup_outlives_its_terminal_and_a_stop_is_remembered():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signals = demo.Signals()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        signals.pause(0)
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(demo.Stopped):
            signals.pause(0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
