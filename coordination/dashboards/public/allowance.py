"""How often one address may search: far more than the people behind it type, too little to read all names out."""

import ipaddress
import time

from django.core.cache import caches

# Thousands of phones may share one address of their operator.
WINDOW_SECONDS, MOST_SEARCHES = 60, 600
# What one line is given of the newer addresses.
LINE = 64


def take(address):
    """Count one search from this internet address; False when there were MOST_SEARCHES in this minute already.

    Reading and writing the counter are two steps, so that a few at once may count as one.
    """
    key = f"search:{_line(address)}:{int(time.time() // WINDOW_SECONDS)}"
    cache = caches["public"]
    searched = cache.get(key, 0)
    if searched >= MOST_SEARCHES:
        return False
    cache.set(key, searched + 1, WINDOW_SECONDS)
    return True


def _line(address):
    found = ipaddress.ip_address(address)
    return found if found.version == 4 else ipaddress.ip_network((found, LINE), strict=False).network_address
