"""Millions of simulated rows for benchmarks, written in a few minutes by the database itself.

They keep every constraint and lie unevenly over the country, as real ones do: one regency has twenty times the mean,
and of half the villages nobody ever wrote. Numbers begin with HB-SIMULASI and PK-SIMULASI. Only for databases that are
thrown away: the hashes of the planted events are unique and name the one before, but nobody signed them.
"""

from contextlib import contextmanager

# Places are drawn by weight: each stands once for each of its slots, and a row draws a slot.
SLOTS = 400_000
HEAVIEST = 20  # times the mean of all regencies
PLACES = """
CREATE TEMPORARY TABLE crowd_slots AS
WITH regencies AS (
    SELECT path, -ln(1 - random()) AS weight, row_number() OVER (ORDER BY path DESC) = 1 AS is_heaviest
    FROM regions_region WHERE level = 2
), places AS (
    SELECT region.id, region.path, region.name, regency.path AS regency, regency.is_heaviest,
        -ln(1 - random()) * CASE level WHEN 4 THEN 1 WHEN 3 THEN 3 ELSE 20 END AS weight,
        CASE WHEN regency.is_heaviest THEN {heaviest} ELSE regency.weight END AS of_regency
    FROM regions_region AS region
    JOIN regencies AS regency ON regency.path = substr(region.path, 1, 6)
    WHERE level >= 2 AND valid_to IS NULL AND (level < 4 OR random() < .5)
), shares AS (
    SELECT *, weight / sum(weight) OVER (PARTITION BY regency) * of_regency
        / sum(of_regency / of_its_places) OVER () AS share
    FROM (SELECT *, count(*) OVER (PARTITION BY regency) AS of_its_places FROM places) AS counted
)
SELECT row_number() OVER () AS slot, shares.id AS region_id, shares.name AS region_name,
    COALESCE(kpu.id, any_kpu.id) AS filing_office_id, COALESCE(kominfo.id, any_kominfo.id) AS handling_office_id
FROM shares
LEFT JOIN LATERAL ({office}) AS kpu(id) ON true
LEFT JOIN LATERAL ({other}) AS kominfo(id) ON true
CROSS JOIN (SELECT id FROM offices_office WHERE kind = 'kpu' ORDER BY id LIMIT 1) AS any_kpu
CROSS JOIN (SELECT id FROM offices_office WHERE kind = 'kominfo' ORDER BY id LIMIT 1) AS any_kominfo
CROSS JOIN LATERAL generate_series(1, ceil(share * {slots})::int)
"""
OFFICE = """SELECT office.id FROM offices_office AS office JOIN regions_region AS at ON at.id = office.region_id
    WHERE office.kind = '{kind}' AND at.path = shares.regency ORDER BY office.id LIMIT 1"""

ROWS = """
INSERT INTO {table} ({columns})
SELECT {values}
FROM (
    SELECT serial, 1 + floor(random() * (SELECT count(*) FROM crowd_slots))::bigint AS slot,
        random() AS dice, random() AS other, now() - random() * random() * interval '400 days' AS began
    FROM generate_series({first}, {last}) AS serial
) AS drawn
JOIN crowd_slots AS at USING (slot)
CROSS JOIN (SELECT * FROM {table} WHERE number IS NOT NULL ORDER BY id LIMIT 1) AS like_this
"""
# What differs from row to row; the rest is that of the first row there is.
COMMON = {
    "client_id": "gen_random_uuid()", "body_sha256": "''", "captured_at": "NULL", "version": "1",
    "region_id": "at.region_id", "region_name": "at.region_name", "created_at": "began",
    "updated_at": "least(now(), began + other * interval '30 days')",
}  # fmt: skip
OBSTACLE_STATE = """(CASE WHEN dice < .15 THEN 'open' WHEN dice < .25 THEN 'confirmed' WHEN dice < .3 THEN 'mitigated'
    WHEN dice < .95 THEN 'cleared' ELSE 'merged' END)"""
OBSTACLE = COMMON | {
    "number": "'HB-SIMULASI-' || serial", "state": OBSTACLE_STATE, "description": "'SIMULASI ' || serial",
    "kind": "(ARRAY['weak_signal', 'blank_spot', 'power', 'fibre_cut', 'tower_down', 'quota'])[1 + floor(other * 6)]",
    "form": "'condition'", "since": "began", "until": "NULL", "measurement_id": "NULL", "place": "''",
    "latitude": "NULL", "longitude": "NULL", "measure": "''", "office_id": "at.filing_office_id",
    "merged_into_id": "CASE WHEN dice >= .95 THEN like_this.id END",
}  # fmt: skip
RUNS = "dice < .05"
REQUEST = COMMON | {
    "number": "'PK-SIMULASI-' || serial", "subject": "'SIMULASI ' || serial", "text": "'SIMULASI'",
    "state": """(CASE WHEN dice < .02 THEN 'submitted' WHEN dice < .03 THEN 'accepted' WHEN dice < .05
        THEN 'in_progress' WHEN dice < .06 THEN 'waiting' WHEN dice < .07 THEN 'returned' WHEN dice < .08
        THEN 'resolved' WHEN dice < .9 THEN 'closed' WHEN dice < .96 THEN 'declined' ELSE 'withdrawn' END)""",
    "urgency": "(CASE WHEN other < .1 THEN 'critical' WHEN other < .3 THEN 'urgent' ELSE 'normal' END)",
    "end_urgency": "'normal'", "end_stopped_minutes": "0", "stopped_minutes": "0", "activity_on": "NULL",
    "filing_office_id": "at.filing_office_id", "handling_office_id": "at.handling_office_id",
    "person_in_charge_id": "NULL", "submitted_at": "began",
    "resolved_at": "CASE WHEN dice >= .07 AND dice < .9 THEN began + other * interval '20 days' END",
    "closed_at": "CASE WHEN dice >= .08 AND dice < .9 THEN began + other * interval '30 days' END",
    "outcome": "(CASE WHEN dice >= .07 AND dice < .9 THEN (ARRAY['permanent', 'interim', 'other_place',"
               " 'passed_on'])[1 + floor(other * 4)] ELSE '' END)",
    "measures": "(CASE WHEN dice >= .07 AND dice < .9 THEN ARRAY['survey'] ELSE '{}' END)",
    "decline_reason": "(CASE WHEN dice >= .9 AND dice < .96 THEN 'out_of_scope' ELSE '' END)",
    "verify_started_at": "began", "stage_started_at": "began", "end_started_at": "began",
    "stopped_at": f"CASE WHEN {RUNS} THEN NULL ELSE began END",
    "due_at": f"CASE WHEN {RUNS} THEN began + other * interval '300 days' END",
    "near_at": f"CASE WHEN {RUNS} THEN began + other * interval '225 days' END",
    "end_due_at": "began + interval '300 days'", "verify_due_at": "began + interval '1 day'",
    "answer_due_at": "began + interval '2 days'",
    "missed": "'{}'", "raised_to_id": "NULL", "is_alarm": "false", "ladder_due_at": "NULL", "started_short": "false",
}  # fmt: skip
LINKS = """
INSERT INTO requests_coordinationrequest_obstacles (coordinationrequest_id, obstacle_id)
SELECT request.id, obstacle.id FROM requests_coordinationrequest AS request
JOIN obstacles_obstacle AS obstacle ON obstacle.number = 'HB-SIMULASI-' || substr(request.number, 13)
WHERE request.number LIKE 'PK-SIMULASI-%' AND substr(request.number, 13)::int BETWEEN {first} AND {last}
"""
NAMED = """
INSERT INTO obstacles_obstacle_operators (obstacle_id, operator_id)
SELECT obstacle.id, named.id FROM obstacles_obstacle AS obstacle
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS turn, count(*) OVER () AS of_all
    FROM networks_operator) AS named
    ON named.turn = obstacle.id % (named.of_all + 1)
WHERE obstacle.number LIKE 'HB-SIMULASI-%' AND substr(obstacle.number, 13)::int >= {first}
"""
TIMES = """
INSERT INTO requests_stagetime (request_id, stage, office_id, started_at, ended_at, minutes, due_at)
SELECT request.id, stage, request.handling_office_id, request.created_at,
    least(now(), request.created_at + drawn.minutes * interval '3 minutes'), drawn.minutes,
    request.created_at + interval '2 days'
FROM requests_coordinationrequest AS request
CROSS JOIN unnest(ARRAY['verify', 'answer', 'end']) AS stage
CROSS JOIN LATERAL (SELECT floor(random() * random() * 4000)::int AS minutes WHERE request.id > 0) AS drawn
WHERE request.number LIKE 'PK-SIMULASI-%' AND substr(request.number, 13)::int >= {first}
    AND request.state <> 'submitted'
"""
EVENTS = """
INSERT INTO history_event (sequence, at, actor_id, office_id, subject_type_id, subject_id, verb, from_state, to_state,
    note, data, only_for_id, previous_hash, hash)
SELECT head.sequence + serial, now() - interval '400 days' * (1 - serial / {events}.0), NULL,
    any_office.id, kind.id, floor(random() * kind.last)::bigint + 1,
    (ARRAY['comment', 'confirm', 'accept', 'start'])[1 + serial % 4], '', '', 'SIMULASI', '{{}}', NULL,
    CASE serial WHEN 1 THEN head.hash ELSE encode(sha256(('SIMULASI' || head.sequence + serial - 1)::bytea), 'hex') END,
    encode(sha256(('SIMULASI' || head.sequence + serial)::bytea), 'hex')
FROM generate_series(1, {events}) AS serial
CROSS JOIN (SELECT COALESCE(max(sequence), 0) AS sequence,
    COALESCE((SELECT hash FROM history_event ORDER BY sequence DESC LIMIT 1), '') AS hash FROM history_event) AS head
CROSS JOIN (SELECT id FROM offices_office ORDER BY id LIMIT 1) AS any_office
JOIN (
    SELECT row_number() OVER (ORDER BY app_label) - 1 AS turn, id, CASE app_label WHEN 'obstacles'
        THEN (SELECT max(id) FROM obstacles_obstacle)
        ELSE (SELECT max(id) FROM requests_coordinationrequest) END AS last
    FROM django_content_type
    WHERE (app_label, model) IN (('obstacles', 'obstacle'), ('requests', 'coordinationrequest'))
) AS kind ON kind.turn = serial % 2
"""


def fill(connection, *, requests=0, obstacles=0, events=0):
    """Add so many simulated rows of each kind to a database with regions, offices, an obstacle and a request.

    `connection` (Django's or psycopg's) is a superuser's: the keys between tables are not checked row by row. Indexes
    are taken away and made anew. Requests name an obstacle each as far as there are as many planted at the same time,
    and have a time for each stage; most obstacles name an operator.
    """
    from coordination.obstacles.models import Obstacle  # noqa: PLC0415 - after django.setup()
    from coordination.requests.models import CoordinationRequest  # noqa: PLC0415

    with connection.cursor() as cursor, _unchecked(cursor):
        office = {name: OFFICE.format(kind=kind) for name, kind in (("office", "kpu"), ("other", "kominfo"))}
        cursor.execute(PLACES.format(slots=SLOTS, heaviest=HEAVIEST, **office))
        cursor.execute("ANALYZE crowd_slots")
        first = {
            model: _plant(cursor, model, drawn, number)
            for model, drawn, number in ((Obstacle, OBSTACLE, obstacles), (CoordinationRequest, REQUEST, requests))
        }
        if obstacles and requests and first[Obstacle] == first[CoordinationRequest]:
            with _without_indexes(cursor, "requests_coordinationrequest_obstacles"):
                begin = first[Obstacle]
                cursor.execute(LINKS.format(first=begin, last=begin + min(obstacles, requests) - 1))
        if obstacles:
            with _without_indexes(cursor, "obstacles_obstacle_operators"):
                cursor.execute(NAMED.format(first=first[Obstacle]))
        if requests:
            with _without_indexes(cursor, "requests_stagetime"):
                cursor.execute(TIMES.format(first=first[CoordinationRequest]))
        if events:
            with _without_indexes(cursor, "history_event"):
                cursor.execute(EVENTS.format(events=events))
        cursor.execute("DROP TABLE crowd_slots")
        cursor.execute("VACUUM ANALYZE")  # what autovacuum does elsewhere


def _plant(cursor, model, drawn, number):
    """Add rows of one kind. Returns the first serial in their numbers."""
    table = model._meta.db_table
    cursor.execute(f"SELECT 1 + count(*) FROM {table} WHERE number LIKE '__-SIMULASI-%'")
    first = cursor.fetchone()[0]
    if number:
        fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
        columns = [field.column for field in fields]
        values = ", ".join(drawn.get(column, f"like_this.{column}") for column in columns)
        with _without_indexes(cursor, table):
            cursor.execute(
                ROWS.format(
                    table=table, columns=", ".join(columns), values=values, first=first, last=first + number - 1
                )
            )
    return first


@contextmanager
def _unchecked(cursor):
    """Without the triggers that look up the other row of each key."""
    cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0; SET synchronous_commit = off")
    yield
    cursor.execute("RESET session_replication_role; RESET statement_timeout; RESET synchronous_commit")


@contextmanager
def _without_indexes(cursor, table):
    """Take away the indexes that no constraint needs, and make the same ones again."""
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)", [table],
    )  # fmt: skip
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute("RESET maintenance_work_mem")
