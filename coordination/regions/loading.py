"""Brings the region tables to the state of the reference, in place: rows keep their keys whatever changes."""

import csv
import gzip
import hashlib
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from coordination.regions.models import PAPUA, ReferenceLoad, TimeZone
from coordination.regions.searching import lexemes, words

REFERENCE = Path(__file__).parent / "reference"
# Two loads at once would both insert; the second waits for the first and then finds nothing to do.
LOAD_LOCK = 7_273_2021

CREATE_STAGING = """
    DROP TABLE IF EXISTS pg_temp.staging;
    CREATE TEMP TABLE staging (
        code text, name text, full_name text, level int, parent_code text, latitude float8, longitude float8,
        time_zone text, population int, words text[]
    ) ON COMMIT DROP
"""
COPY_STAGING = "COPY staging FROM STDIN"
CHANGE_CODES = """
    UPDATE regions_region r SET code = %(new)s, path = %(new)s || '.'
    WHERE code = %(old)s AND EXISTS (SELECT FROM staging WHERE code = %(new)s)
      AND NOT EXISTS (SELECT FROM staging WHERE code = %(old)s)
      AND NOT EXISTS (SELECT FROM regions_region WHERE code = %(new)s)
"""
KEEP_OLD_CODE = """
    INSERT INTO regions_earliercode (region_id, code, valid_to, source)
    SELECT id, %(old)s, %(valid_to)s, %(source)s FROM regions_region WHERE code = %(new)s
    ON CONFLICT DO NOTHING
"""
KEEP_OLD_NAMES = """
    INSERT INTO regions_othername (region_id, name, valid_to, source)
    SELECT r.id, r.name, %(today)s, 'earlier reference'
    FROM regions_region r JOIN staging s USING (code) WHERE r.name <> s.name
    ON CONFLICT DO NOTHING
"""
UPDATE_CHANGED = """
    UPDATE regions_region r SET
        name = s.name, full_name = s.full_name, latitude = s.latitude, longitude = s.longitude,
        time_zone = s.time_zone, population = s.population, path = s.code || '.', valid_to = NULL,
        parent_id = (SELECT id FROM regions_region p WHERE p.code = s.parent_code), search = array_to_tsvector(s.words)
    FROM staging s
    WHERE r.code = s.code AND (
        (r.name, r.full_name, r.latitude, r.longitude, r.time_zone, r.population, r.valid_to, r.search) IS DISTINCT FROM
        (s.name, s.full_name, s.latitude, s.longitude, s.time_zone, s.population, NULL::date,
         array_to_tsvector(s.words))
        OR r.parent_id IS DISTINCT FROM (SELECT id FROM regions_region p WHERE p.code = s.parent_code)
    )
"""
INSERT_NEW = """
    INSERT INTO regions_region
        (code, name, full_name, level, parent_id, path, latitude, longitude, time_zone, population, search, valid_from)
    SELECT s.code, s.name, s.full_name, s.level, p.id, s.code || '.', s.latitude, s.longitude, s.time_zone,
        s.population, array_to_tsvector(s.words), %(valid_from)s
    FROM staging s LEFT JOIN regions_region p ON p.code = s.parent_code
    WHERE s.level = %(level)s AND NOT EXISTS (SELECT FROM regions_region r WHERE r.code = s.code)
"""
END_MISSING = """
    UPDATE regions_region r SET valid_to = %(today)s
    WHERE valid_to IS NULL AND NOT EXISTS (SELECT FROM staging s WHERE s.code = r.code)
"""
KEEP_OTHER_NAME = """
    INSERT INTO regions_othername (region_id, name, valid_to, source)
    SELECT id, %(name)s, %(valid_to)s, %(source)s FROM regions_region WHERE code = %(code)s
    ON CONFLICT DO NOTHING
"""

ALL_OTHER_WORDS = """
    SELECT r.code, o.name FROM regions_othername o JOIN regions_region r ON r.id = o.region_id
    UNION ALL SELECT r.code, e.code FROM regions_earliercode e JOIN regions_region r ON r.id = e.region_id
"""
ADD_WORDS = "UPDATE staging SET words = words || %(words)s::text[] WHERE code = %(code)s"


def load(folder=REFERENCE, *, today=None, say=lambda text: None):
    """Load the reference in `folder`. Returns {"new", "changed", "ended", "recoded"} in numbers, all 0 if known.

    One transaction: readers see the old tree or the new one. Regions that the reference no longer has are ended, not
    deleted; changed codes and names are kept with their dates.
    """
    today = today or date.today()  # noqa: DTZ011 -- the day of the load as the operator's clock has it
    files = [folder / name for name in ("regions.csv.gz", "code_changes.csv", "other_names.csv")]
    # The program is part of what is loaded: other search words need other rows.
    programs = [Path(__file__), Path(__file__).with_name("searching.py")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in [*files, *programs])).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        # Before the lock: the limits of the pages are shorter than another load that has to be waited for.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        newest = ReferenceLoad.objects.order_by("-pk").first()
        if newest and newest.digest == digest:
            return dict.fromkeys(("new", "changed", "ended", "recoded"), 0)
        say("reading")
        _stage(cursor, _rows(files[0]))
        counts = _apply(cursor, _read_csv(files[1]), _read_csv(files[2]), today, say, first=newest is None)
        ReferenceLoad.objects.create(digest=digest)
        cursor.execute("ANALYZE regions_region")
        # Without it the first searches walk what the index has not sorted in yet: 50 ms instead of 20.
        cursor.execute("SELECT gin_clean_pending_list('region_search')")
    return counts


def _read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rows(path):
    """One tuple a region for the staging table."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        regions = {row["code"]: row for row in csv.DictReader(file)}
    shown = {}
    for code in sorted(regions):
        row, parent = regions[code], code.rpartition(".")[0]
        above = shown.get(parent, ())
        shown[code] = _shown(code, row["name"]), *above
        yield (
            code, row["name"], ", ".join((row["name"], *above)), code.count(".") + 1, parent,
            row["latitude"] or None, row["longitude"] or None, TimeZone[row["zone"]].value, row["population"] or None,
            lexemes(row["name"], code, above=above[:-1]),
        )  # fmt: skip


def _shown(code, name):
    """How a region is written behind those below it; a district is a "distrik" in Papua."""
    if len(code) == 8:
        return f"{'Distrik' if code.startswith(PAPUA) else 'Kec.'} {name}"
    return name


def _stage(cursor, rows):
    cursor.execute(CREATE_STAGING)
    with cursor.copy(COPY_STAGING) as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute("CREATE INDEX ON staging (code)")
    cursor.execute("ANALYZE staging")


def _apply(cursor, changes, others, today, say, *, first):
    counts = {"recoded": 0, "new": 0}
    for change in changes:
        cursor.execute(CHANGE_CODES, {"old": change["old_code"], "new": change["new_code"]})
        counts["recoded"] += cursor.rowcount
    cursor.execute(KEEP_OLD_NAMES, {"today": today})
    for level, tier in enumerate(("provinces", "regencies and cities", "districts", "villages"), 1):
        say(tier)
        cursor.execute(INSERT_NEW, {"level": level, "valid_from": None if first else today})
        counts["new"] += cursor.rowcount
    say("earlier names and codes, changed regions")
    _keep_names_and_codes(cursor, changes, others)
    cursor.execute(UPDATE_CHANGED)
    counts["changed"] = 0 if first else cursor.rowcount
    cursor.execute(END_MISSING, {"today": today})
    counts["ended"] = cursor.rowcount
    return counts


def _keep_names_and_codes(cursor, changes, others):
    """Store the earlier names and codes, and make all that were ever stored words of the search."""
    for change in changes:
        values = {"old": change["old_code"], "new": change["new_code"]}
        cursor.execute(KEEP_OLD_CODE, values | {"valid_to": change["valid_to"], "source": change["source"]})
    for row in others:
        cursor.execute(KEEP_OTHER_NAME, row | {"valid_to": row["valid_to"] or None})
    cursor.execute(ALL_OTHER_WORDS)
    for code, name in cursor.fetchall():
        cursor.execute(ADD_WORDS, {"code": code, "words": [name.replace(".", ""), *words(name)]})
