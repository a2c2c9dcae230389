"""How much one person may measure: enough for a dozen measurements in ten minutes, too little to flood anybody."""

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection, transaction

WINDOW_SECONDS = 600
MOST_REQUESTS = 240
MOST_BYTES = 24_000_000
# Any constant will do, as long as no other pair of locks in this database begins with it.
_LOCK = 7_273_023


@dataclass(frozen=True)
class Spent:
    """What was taken in the window of this number."""

    window: int
    requests: int = 0
    transferred: int = 0


def take(person, size):
    """Count one request that moves `size` bytes. Returns 0, or after how many seconds there is room for it again.

    Windows are fixed, so that around their border twice as much can pass; what is refused is not counted.
    """
    now = time.time()
    window = int(now // WINDOW_SECONDS)
    key = f"measuring:{person.pk}"
    with transaction.atomic(), connection.cursor() as cursor:
        # Reading and writing the counter are two steps; without the lock requests at once would count as one.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, person.pk % 2**31])
        spent = cache.get(key)
        if spent is None or spent.window != window:
            spent = Spent(window)
        if spent.requests >= MOST_REQUESTS or spent.transferred + size > MOST_BYTES:
            return int((window + 1) * WINDOW_SECONDS - now) + 1
        cache.set(key, Spent(window, spent.requests + 1, spent.transferred + size), 2 * WINDOW_SECONDS)
    return 0
