"""Background work on many rows, of which a broken one must not keep the others from theirs."""

import logging

log = logging.getLogger(__name__)


def each_apart(keys, act):
    """Call `act` with each key, whatever becomes of the others. Returns the sum of what it returned.

    Raises the first failure at the end, so that the run counts as failed; the log tells of each.
    """
    total, failures = 0, []
    for key in list(keys):
        try:
            total += act(key)
        except Exception as failure:
            log.exception("%s failed for %s", act, key)
            failures.append(failure)
    if failures:
        raise failures[0]
    return total
