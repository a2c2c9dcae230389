"""Requests per second and answer times of the main pages beside a floor, in one run; bytes and queries of each.

    make serve                     # once, for its data; then stop it
    python -m bench.bench_pages    # with the DATABASE_URL and the keys of a demo, see docs/figures.md

Four connections for SECONDS each page; the client runs on the same machine, so quote ratios, not requests.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

import brotli
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from coordination.offices.models import Official  # noqa: E402
from coordination.requests.models import CoordinationRequest  # noqa: E402

ACCOUNT = "kpu-3273"
CONNECTIONS, SECONDS, WARM_UP = 4, 6, 20


def session_of(user):
    """The key of a signed-in session."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key


def addresses(user):
    item = CoordinationRequest.objects.visible_to(user).exclude(number=None).order_by("-updated_at").first()
    return {
        "floor": "/lantai/",
        "my work": reverse("my_work"),
        "list of requests": reverse("requests:list"),
        "search": f"{reverse('requests:list')}?q=sinyal",
        "request": item.get_absolute_url(),
        "request form": reverse("requests:new"),
        "obstacles": reverse("obstacles:list"),
        "report form": reverse("obstacles:report"),
        "region": item.region.get_absolute_url(),
    }


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(link, address, key):
    link.request("GET", address, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}", "Accept-Encoding": "gzip"})
    answer = link.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}")


def load(port, address, key):
    """All answer times in milliseconds of CONNECTIONS clients that ask again and again for SECONDS."""
    times, stop = [], time.monotonic() + SECONDS

    def ask():
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < stop:
            begin = time.perf_counter()
            fetch(link, address, key)
            times.append((time.perf_counter() - begin) * 1000)

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times)


def weight(address, user):
    """(compressed bytes of the page, queries)."""
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(user)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    return len(answer.content), len(queries)


def main():
    settings.ALLOWED_HOSTS = ["*"]
    settings.ROOT_URLCONF = "bench.urls"  # as bench/server.py has it: the floor is weighed like any page
    user, port = Official.objects.get(username=ACCOUNT), free_port()
    key, pages = session_of(user), addresses(user)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "64",
               "--host", "127.0.0.1", "--port", str(port), "--no-log", "bench.server:application"]  # fmt: skip
    server = subprocess.Popen(command)
    try:
        print(f"CSS: {len(brotli.compress((settings.BASE_DIR / 'static/css/portal.css').read_bytes()))} bytes brotli")
        print(f"{'page':<18}{'req/s':>8}{'of floor':>10}{'p50 ms':>9}{'p95 ms':>9}{'bytes gz':>10}{'queries':>9}")
        time.sleep(5)
        floor = None
        for name, address in pages.items():
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            for _ in range(WARM_UP):
                fetch(link, address, key)
            times = load(port, address, key)
            rate = len(times) / SECONDS
            floor = floor or rate
            size, queries = weight(address, user)
            p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
            print(
                f"{name:<18}{rate:>8.0f}{rate / floor:>10.2f}{p50:>9.1f}{p95:>9.1f}{size:>10}{queries:>9}", flush=True
            )
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
