"""Copies of what strangers are shown, kept for all of them in the cache: any number of readers cost one reading."""

import hashlib
import time
from typing import NamedTuple

from django.core.cache import caches

# How long a copy is shown, and how long it stays to be compared with the next one and shown while that is made.
FRESH_SECONDS, KEPT_SECONDS = 300, 24 * 60 * 60
# Whoever began to make a copy and did not come to an end does not keep others from it for longer.
MAKING_SECONDS = 60


class Copy(NamedTuple):
    body: bytes
    digest: str
    changed_at: float  # when the body was made, in seconds since 1970; making the same again does not change it
    checked_at: float


def keep(name, make):
    """The Copy under this name, made anew by `make() -> bytes` when it is older than FRESH_SECONDS.

    While one reader makes it anew all others get the old one.
    """
    cache, now = caches["public"], time.time()
    kept = cache.get(name)
    if kept and (now - kept.checked_at < FRESH_SECONDS or not cache.add(f"{name}:making", 1, MAKING_SECONDS)):
        return kept
    body = make()
    digest = hashlib.sha256(body).hexdigest()[:32]
    changed_at = kept.changed_at if kept and kept.digest == digest else now
    copy = Copy(body, digest, changed_at, now)
    cache.set(name, copy, KEPT_SECONDS)
    if kept:
        cache.delete(f"{name}:making")
    return copy
