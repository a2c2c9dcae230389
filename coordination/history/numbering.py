"""Numbers such as PK-3273-2026-0007: gap-free for each series, regency and year."""

from zoneinfo import ZoneInfo

from django.db import connection

_NEXT = """
    INSERT INTO history_numberseries (series, region_id, year, last)
    VALUES (%(series)s, %(region)s, %(year)s, %(count)s)
    ON CONFLICT (series, region_id, year) DO UPDATE SET last = history_numberseries.last + %(count)s
    RETURNING last
"""


_HOLD = """
    INSERT INTO history_numberseries (series, region_id, year, last) VALUES (%s, %s, %s, 0)
    ON CONFLICT (series, region_id, year) DO UPDATE SET last = history_numberseries.last
"""


def year_of(region, now):
    """The year in which a moment lies by the region's own clock."""
    return now.astimezone(ZoneInfo(region.time_zone)).year


def hold(series, regency, year):
    """Lock a series until the transaction ends, for whoever must record something before taking the number."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [series, regency.pk, year])


def next_number(series, regency, year):
    """The next number of the series. Call inside the transaction that uses it: a rollback gives it back.

    The row of the series stays locked until that transaction ends, so nobody can take the number after
    one that is then given back; that is what leaves no gap.
    """
    return next_numbers(series, regency, year, 1)[0]


def next_numbers(series, regency, year, count):
    """So many numbers of the series at once, in their order. What holds for next_number holds for all of them."""
    if not connection.in_atomic_block:
        raise RuntimeError("A number is given only inside the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"series": series, "region": regency.pk, "year": year, "count": count})
        (last,) = cursor.fetchone()
    return [f"{series}-{regency.digits}-{year}-{number:04d}" for number in range(last - count + 1, last + 1)]
