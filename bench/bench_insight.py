"""Dashboards, maps, pages of regions, lists and the public page with 1,000 requests and with 1,000,000, in one run.

    python -m bench.bench_insight [--small]

The demonstration's data with a crowd beside it (bench/crowd.py) on a database that is thrown away: 1,000 simulated
requests, 2,000 obstacles and 10,000 events first, then a thousand times as many of each. Each page is asked for again
and again through the server, one request after the other, by somebody who sees the whole country; lists also by the
office of one city, public pages without signing in. The ratio is that of the medians. Beside it: what counting costs.
--small stops at 100,000 requests, to try it out.
"""

import http.client
import statistics
import sys
import time
from urllib.parse import urlsplit

import psycopg

from bench import stand
from portal.serving import demo

BAR_RATIO, BAR_MS = 1.5, 300
READER, OF_A_CITY = "kpu-ri", "kpu-3273"
WARM_UP, ROUNDS = 5, 60
FEW = {"requests": 1_000, "obstacles": 2_000, "events": 10_000}
TIMES, TIMES_SMALL = 1_000, 100


def addresses():
    """{name: (reader, path)} of what is measured, None for whoever is not signed in.

    The busiest regency is the one with the most rows, the village one with none.
    """
    from coordination.regions.models import Region  # noqa: PLC0415 - after django.setup()

    busy = busiest()
    quiet = (
        Region.objects.filter(level=4, obstacles=None, requests=None).order_by("path").values_list("code", flat=True)[0]
    )
    pages = {"floor": "/lantai/", "dashboard, country": "/dasbor/", "map, country": "/peta/"}
    for name, code in (("province", "32"), ("ordinary regency", "32.73"), ("busiest regency", busy)):
        pages |= {
            f"dashboard, {name}": f"/dasbor/{code}/", f"map, {name}": f"/peta/{code}/",
            f"region, {name}": f"/wilayah/{code}/", f"public, {name}": f"/status/{code}/",
        }  # fmt: skip
    pages |= {"region, quiet village": f"/wilayah/{quiet}/", "public, quiet village": f"/status/{quiet}/"}
    pages = {name: (None if name.startswith("public") else READER, path) for name, path in pages.items()}
    return pages | {f"{name}, {who}": (who, path) for who in (READER, OF_A_CITY) for name, path in lists().items()}


def lists():
    """{name: path} of lists, and of a request in the city, the same one with few and with many."""
    from coordination.requests.models import CoordinationRequest  # noqa: PLC0415 - after django.setup()

    there = CoordinationRequest.objects.filter(region__path__startswith="32.73.", number__isnull=False)
    return {
        "my work": "/", "requests": "/permohonan/", "requests submitted": "/permohonan/?state=submitted",
        "requests late": "/permohonan/?deadline=lewat", "search": "/permohonan/?q=simulasi+bandung",
        "request": there.earliest("pk").get_absolute_url(), "obstacles": "/hambatan/",
        "times": "/permohonan/waktu/", "longest times": "/permohonan/waktu/?order=terlama",
        "lateness report": "/permohonan/keterlambatan/",
    }  # fmt: skip


def busiest():
    """The code of the regency in which the crowd is densest."""
    from coordination.regions.models import Region  # noqa: PLC0415 - after django.setup()

    return Region.objects.filter(level=2).order_by("-path").values_list("code", flat=True)[0]


def measure(address, pages):
    """{name: sorted milliseconds} of ROUNDS rounds through all the pages, so that what disturbs hits all alike."""
    keys = {reader: stand.session_of(reader) for reader in (READER, OF_A_CITY)}
    link = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    times = {name: [] for name in pages}
    for turn in range(WARM_UP + ROUNDS):
        for name, (reader, path) in pages.items():
            headers = {"Accept-Encoding": "br"}
            if reader:
                headers["Cookie"] = keys[reader]
            begin = time.perf_counter()
            link.request("GET", path, headers=headers)
            answer = link.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
            if turn >= WARM_UP:
                times[name].append((time.perf_counter() - begin) * 1000)
    return {name: sorted(values) for name, values in times.items()}


def fill_up(numbers, superuser):
    """Plant the crowd and count everything, as the worker would; say how long each took."""
    from bench import crowd  # noqa: PLC0415 - after django.setup()
    from coordination.dashboards import keeping  # noqa: PLC0415

    for name, act in (
        (f"{numbers['requests']:,} requests, {numbers['obstacles']:,} obstacles, {numbers['events']:,} events planted",
         lambda: crowd.fill(superuser, **numbers)),
        ("the country counted", lambda: keeping.refresh("")),
        ("the largest province (Jawa Barat) counted", lambda: keeping.refresh("32.")),
        ("Kota Bandung counted", lambda: keeping.refresh("32.73.")),
        ("the busiest regency counted", lambda: keeping.refresh(f"{busiest()}.")),
        ("a sweep after one change", lambda: sweep(keeping)),
    ):  # fmt: skip
        begin = time.perf_counter()
        act()
        print(f"{name}: {time.perf_counter() - begin:.1f} s", flush=True)


def sweep(keeping):
    """What the minute's jobs do when one thing changed since the last time."""
    from django.utils import timezone  # noqa: PLC0415

    from coordination.dashboards.choices import Tier  # noqa: PLC0415
    from coordination.dashboards.models import Progress  # noqa: PLC0415
    from coordination.history.models import Event  # noqa: PLC0415

    last, now = Event.objects.order_by("-sequence").first(), timezone.now()
    for tier in Tier:
        values = {"seen": last.sequence - 1, "until": now, "rests_until": now}
        Progress.objects.update_or_create(tier=tier, defaults=values)
        keeping.sweep(tier)


def with_floor(port):
    """The options of the server of `make serve`, for the portal with the floor beside its pages."""
    return [*demo._server_options(port)[:-1], "bench.server:application"]


def main():
    times = TIMES_SMALL if "--small" in sys.argv[1:] else TIMES
    with stand.stand() as bench:
        environment = bench.portal() | {"DATABASE_STATEMENT_TIMEOUT": "0"}
        stand.use(environment)
        results = []
        for numbers in (FEW, {name: number * times - number for name, number in FEW.items()}):
            with psycopg.connect(bench.cluster.url(database="portal"), autocommit=True) as superuser:
                fill_up(numbers, superuser)
            process, address = bench.serve(with_floor, environment)
            results.append(measure(address, addresses()))
            bench.end(process)
        return show(*results)


def show(few, many):
    """Print the table. Returns 1 where a page misses a bar."""
    print(f"{'page':<30}{'few p50':>9}{'many p50':>10}{'ratio':>7}{'many p95':>10}")
    missed = 0
    for name, times in many.items():
        before, after = statistics.median(few[name]), statistics.median(times)
        p95 = times[int(len(times) * 0.95)]
        bad = after / before > BAR_RATIO or p95 > BAR_MS
        missed += bad
        print(f"{name:<30}{before:>9.1f}{after:>10.1f}{after / before:>7.2f}{p95:>10.1f}{'  missed' if bad else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
