"""Runs the same call in several threads at once, each with its own database connection."""

import contextlib
import functools
import threading

from django.db import connection

TRIES = 5


def at_once(calls):
    """Run all `calls` together from one barrier. Returns their results; an exception is returned, not raised."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            barrier.wait(timeout=20)
            results[place] = call()
        except Exception as error:  # noqa: BLE001 -- the test looks at what each one got
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def control(test):
    """Decorates a test that shows what goes wrong without a lock: on a busy machine not in each try."""

    @functools.wraps(test)
    def several_tries(*args, **options):
        for _ in range(TRIES - 1):
            with contextlib.suppress(AssertionError):
                return test(*args, **options)
        return test(*args, **options)

    return several_tries
