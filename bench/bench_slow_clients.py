"""What ordinary clients get while slow ones drip one byte a second into the app server of `make serve`.

    python -m bench.bench_slow_clients                      # the server's own options
    python -m bench.bench_slow_clients --threads 8 32 96    # beside other numbers of threads

It starts a demo of its own (bench/stand.py). Four ordinary clients ask once a second for SECONDS, in turn for the
sign-in page and for a page of somebody signed in, each time by a new connection as another person's browser would. A
request counts as answered when its status is 200 within LIMIT; those not even begun, since the one before hung, count
as unanswered.
"""

import argparse
import contextlib
import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

from bench import stand
from portal.serving import demo
from tests import dripping

SLOW, ORDINARY, SECONDS, LIMIT, BAR = 48, 4, 20, 1.0, 0.95
WARM_UP, SETTLE = 6, 2
PAGES = ("/masuk/", "/permohonan/")


def ask(port, path, cookie):
    """Seconds until the whole answer, or None when it did not come in time or was no page."""
    begin = time.monotonic()
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        link.request("GET", path, headers={"Cookie": cookie} if path != "/masuk/" else {})
        answer = link.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        link.close()
    passed = time.monotonic() - begin
    return passed if answer.status == 200 and passed <= LIMIT else None


def ask_every_second(port, cookie, place):
    """The answer times of one client; the four begin a quarter of a second apart."""
    begin, times = time.monotonic() + place / ORDINARY, []
    for turn in range(SECONDS):
        time.sleep(max(0, begin + turn - time.monotonic()))
        if time.monotonic() < begin + SECONDS:
            times.append(ask(port, PAGES[(turn + place) % 2], cookie))
    return times


def measure(server, port, cookie, name, slow):
    """One line of the table; `slow` makes the slow clients that are there meanwhile."""
    with slow() as served:
        time.sleep(SETTLE)
        held = "+".join(map(str, dripping.spread(server, port))) or "0"
        with ThreadPoolExecutor(ORDINARY) as pool:
            runs = list(pool.map(lambda place: ask_every_second(port, cookie, place), range(ORDINARY)))
        closed = SLOW - len(served) if served else 0
    times = sorted(seconds for run in runs for seconds in run if seconds is not None)
    share = len(times) / (ORDINARY * SECONDS)
    p50, p95 = (statistics.median(times), times[int(len(times) * 0.95)]) if times else (float("nan"),) * 2
    verdict = "reached" if share >= BAR else "MISSED"
    print(f"{name:<26}{held:>12}{closed:>8}{share:>11.1%}{p50 * 1000:>9.0f}{p95 * 1000:>9.0f}  {verdict}", flush=True)


def variants(server, port, cookie):
    """What the slow clients do, by name."""
    spread, crowd = partial(dripping.connect, port), partial(dripping.connect_to_one_worker, server, port)
    ways = {
        "body": (spread, dripping.form()),
        "body, signed in": (spread, dripping.form("/permohonan/baru/", cookie)),
        "body, all on one worker": (crowd, dripping.form()),
        "headers": (spread, dripping.HEADERS),
    }
    slow = {
        name: lambda connect=connect, beginning=beginning: dripping.dripping(connect(SLOW), beginning)
        for name, (connect, beginning) in ways.items()
    }
    return {"nobody slow": contextlib.nullcontext} | slow


def with_threads(number):
    """The options of `make serve` with another number of threads."""

    def options(port):
        words = demo._server_options(port)
        if number:
            words[words.index("--blocking-threads") + 1] = str(number)
        return words

    return options


def run(bench, environment, options, cookie, name):
    """One variant with a server of its own, so that none finds what another left."""
    server, address = bench.serve(options, environment)
    port = urlsplit(address).port
    for path in PAGES * WARM_UP:
        ask(port, path, cookie)
    measure(server, port, cookie, name, variants(server, port, cookie)[name])
    bench.end(server)


def main():
    parser = argparse.ArgumentParser(description="Ordinary clients beside slow ones.")
    parser.add_argument("--threads", type=int, nargs="*", default=[None], help="threads of each worker to try")
    numbers = parser.parse_args().threads
    with stand.stand() as bench:
        environment = bench.portal()
        stand.use(environment)
        cookie = stand.session_of(stand.ACCOUNT)
        print(f"\n{SLOW} slow clients, {ORDINARY} ordinary ones, {SECONDS} s; bar: {BAR:.0%} within {LIMIT:.0f} s")
        for number in numbers:
            options = with_threads(number)
            print(f"\n{' '.join(options('PORT'))}")
            print(f"{'slow clients send':<26}{'on workers':>12}{'closed':>8}{'answered':>11}{'p50 ms':>9}{'p95 ms':>9}")
            for name in variants(None, None, cookie):
                run(bench, environment, options, cookie, name)


if __name__ == "__main__":
    main()
