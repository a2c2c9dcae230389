"""Slow clients do not stop the app server: the real one, as the demo starts it, on the test's database."""

import http.client
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection

from portal.serving import demo
from portal.serving.processes import Processes
from portal.tests.test_serve import address_of
from tests import dripping

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
SLOW, OTHERS = 48, 12
FEW_THREADS = 4


@contextmanager
def server(folder, port, options):
    """The app server of the demo; ended with the block."""
    url = address_of(connection.settings_dict, connection.settings_dict["NAME"])
    processes = Processes(folder / "processes.json")
    try:
        command = [sys.executable, "-m", "granian", *options]
        process = processes.start(command, demo._environment(folder, str(port), url))
        deadline = time.monotonic() + demo.READY_SECONDS
        while not demo._answers(port):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
        yield process
    finally:
        processes.stop()


def status(port, patience):
    """What a new client is answered, or None when its patience ends first."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        link.request("GET", "/readyz")
        return link.getresponse().status
    except OSError:
        return None
    finally:
        link.close()


def answers_beside_slow_clients(folder, port, options, patience):
    with server(folder, port, options) as process:
        links = dripping.connect_to_one_worker(process, port, SLOW)
        with dripping.dripping(links, dripping.form()) as served:
            time.sleep(1.5)
            assert len(served) == SLOW, "the slow ones are still being waited for"
            with ThreadPoolExecutor(OTHERS) as pool:
                return list(pool.map(lambda _: status(port, patience), range(OTHERS)))


def test_others_are_answered_while_one_worker_waits_for_all_the_slow_clients(tmp_path, port):
    options = demo._server_options(str(port))
    assert answers_beside_slow_clients(tmp_path, port, options, patience=10) == [200] * OTHERS


def test_control_with_few_threads_the_others_wait_too(tmp_path, port):
    options = demo._server_options(str(port))
    options[options.index("--blocking-threads") + 1] = str(FEW_THREADS)
    assert None in answers_beside_slow_clients(tmp_path, port, options, patience=3)
