"""Keeps the level that each region shows: its own newest, else the most common among the villages below.

Of two that are equally common the worse is shown, and so it is of two lists of one day. What was measured on a day is
newer than what a list states for it.
"""

from django.db import connection, transaction

from coordination.regions.models import Level, Region

# Any constant will do, as long as no other pair of locks in this database begins with it.
_LOCK = 7_273_024

TOUCHED = """
    WITH RECURSIVE touched AS (
        SELECT id, parent_id, level FROM regions_region WHERE id = ANY(%s)
        UNION SELECT r.id, r.parent_id, r.level FROM regions_region r JOIN touched t ON r.id = t.parent_id
    ) SELECT level, array_agg(id ORDER BY id) FROM touched GROUP BY level
"""
# Each tier reads the rows of the one below it, so that a province adds up a few dozen rows and not its villages. The
# order makes the database find all rows before it writes the first: on a table that was empty it would otherwise walk,
# for each village, through all that it has written just before.
REFRESH = """
    WITH found AS (
        SELECT r.id, own.assessment_id, own.stated_id, own.level AS own,
            CASE WHEN r.level = 4 THEN own.at ELSE below.oldest_at END AS oldest_at,
            CASE WHEN r.level = 4 THEN own.at ELSE below.newest_at END AS newest_at,
            CASE WHEN r.level = 4 THEN (own.level IS NOT DISTINCT FROM 'strong')::int ELSE below.strong END AS strong,
            CASE WHEN r.level = 4 THEN (own.level IS NOT DISTINCT FROM 'medium')::int ELSE below.medium END AS medium,
            CASE WHEN r.level = 4 THEN (own.level IS NOT DISTINCT FROM 'weak')::int ELSE below.weak END AS weak,
            CASE WHEN r.level = 4 THEN (own.level IS NOT DISTINCT FROM 'no_signal')::int
                ELSE below.no_signal END AS no_signal
        FROM regions_region r
        LEFT JOIN LATERAL (
            SELECT * FROM (
                (SELECT a.level, a.measured_at AS at, a.id AS assessment_id, NULL::bigint AS stated_id
                FROM networks_assessment a WHERE a.region_id = r.id AND a.level IS NOT NULL
                ORDER BY a.measured_at DESC, a.id DESC LIMIT 1)
                UNION ALL
                (SELECT s.level, s.stated_on::timestamp AT TIME ZONE r.time_zone, NULL, s.id
                FROM networks_statedlevel s WHERE s.region_id = r.id AND s.superseded_by_id IS NULL
                ORDER BY s.stated_on DESC, array_position(%(worst_first)s::text[], s.level::text), s.id DESC LIMIT 1)
            ) AS newest_of_each ORDER BY at DESC, assessment_id NULLS LAST LIMIT 1
        ) AS own ON true
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(l.strong), 0) AS strong, coalesce(sum(l.medium), 0) AS medium,
                coalesce(sum(l.weak), 0) AS weak, coalesce(sum(l.no_signal), 0) AS no_signal,
                min(l.oldest_at) AS oldest_at, max(l.newest_at) AS newest_at
            FROM regions_region c JOIN networks_regionlevel l ON l.region_id = c.id
            WHERE c.parent_id = r.id AND c.valid_to IS NULL
        ) AS below
        WHERE r.id = ANY(%(regions)s)
    ), decided AS (
        SELECT *, coalesce(own, CASE greatest(strong, medium, weak, no_signal)
            WHEN 0 THEN NULL WHEN no_signal THEN 'no_signal' WHEN weak THEN 'weak' WHEN medium THEN 'medium'
            ELSE 'strong' END) AS level
        FROM found
    ), gone AS (
        DELETE FROM networks_regionlevel WHERE region_id IN (SELECT id FROM decided WHERE level IS NULL)
    )
    INSERT INTO networks_regionlevel AS kept (
        region_id, level, is_derived, assessment_id, stated_id, oldest_at, newest_at, strong, medium, weak, no_signal
    )
    SELECT id, level, own IS NULL, assessment_id, stated_id, oldest_at, newest_at, strong, medium, weak, no_signal
    FROM decided WHERE level IS NOT NULL ORDER BY id
    ON CONFLICT (region_id) DO UPDATE SET (
        level, is_derived, assessment_id, stated_id, oldest_at, newest_at, strong, medium, weak, no_signal
    ) = (
        excluded.level, excluded.is_derived, excluded.assessment_id, excluded.stated_id, excluded.oldest_at,
        excluded.newest_at, excluded.strong, excluded.medium, excluded.weak, excluded.no_signal
    )
    WHERE kept IS DISTINCT FROM excluded
"""
MANY = 5000
WORST_FIRST = ["no_signal", "weak", "medium", "strong"]


def refresh(region_ids):
    """Bring these regions and all above them up to date, in the caller's transaction. Call before `record`.

    A province is taken by one transaction at a time: two that add up its villages at once would each miss the other's.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Levels are refreshed only inside the transaction of the change.")
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, [list(region_ids)])
        touched = dict(cursor.fetchall())
        for province in touched.get(Level.PROVINCE, ()):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, province % 2**31])
        for level in sorted(touched, reverse=True):
            cursor.execute(REFRESH, {"regions": touched[level], "worst_first": WORST_FIRST})
            if len(touched[level]) > MANY:
                cursor.execute("ANALYZE networks_regionlevel")  # the planner cannot know of them before the commit


def rebuild():
    """Bring every region up to date, a province at a time: after regions changed, and once a night to be sure."""
    for province in Region.objects.filter(level=Level.PROVINCE).order_by("pk"):
        with transaction.atomic():
            refresh(Region.objects.filter(path__startswith=province.path).values_list("pk", flat=True))
