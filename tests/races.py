"""Runs the same call in several threads at once, each with its own database connection."""

import threading

from django.db import connection


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
