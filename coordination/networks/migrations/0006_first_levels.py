from django.db import migrations

# A frozen part of rollup.REFRESH: before this migration nothing but measurements can give a region a level.
OWN = """
    INSERT INTO networks_regionlevel
        (region_id, level, is_derived, assessment_id, oldest_at, newest_at, strong, medium, weak, no_signal)
    SELECT r.id, a.level, false, a.id,
        CASE WHEN r.level = 4 THEN a.measured_at END, CASE WHEN r.level = 4 THEN a.measured_at END,
        (r.level = 4 AND a.level = 'strong')::int, (r.level = 4 AND a.level = 'medium')::int,
        (r.level = 4 AND a.level = 'weak')::int, (r.level = 4 AND a.level = 'no_signal')::int
    FROM (
        SELECT DISTINCT ON (region_id) id, region_id, level, measured_at FROM networks_assessment
        WHERE level IS NOT NULL ORDER BY region_id, measured_at DESC, id DESC
    ) a JOIN regions_region r ON r.id = a.region_id
    ON CONFLICT DO NOTHING
"""
BELOW = """
    INSERT INTO networks_regionlevel AS kept
        (region_id, level, is_derived, oldest_at, newest_at, strong, medium, weak, no_signal)
    SELECT c.parent_id, CASE greatest(sum(l.strong), sum(l.medium), sum(l.weak), sum(l.no_signal))
            WHEN sum(l.no_signal) THEN 'no_signal' WHEN sum(l.weak) THEN 'weak' WHEN sum(l.medium) THEN 'medium'
            ELSE 'strong' END,
        true, min(l.oldest_at), max(l.newest_at), sum(l.strong), sum(l.medium), sum(l.weak), sum(l.no_signal)
    FROM networks_regionlevel l JOIN regions_region c ON c.id = l.region_id
    WHERE c.level = %s AND c.valid_to IS NULL AND l.newest_at IS NOT NULL
    GROUP BY c.parent_id
    ON CONFLICT (region_id) DO UPDATE SET (oldest_at, newest_at, strong, medium, weak, no_signal) = (
        excluded.oldest_at, excluded.newest_at, excluded.strong, excluded.medium, excluded.weak, excluded.no_signal
    )
"""


def add(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OWN)
        for level in (4, 3, 2):
            cursor.execute(BELOW, [level])


class Migration(migrations.Migration):
    dependencies = [("networks", "0005_levels")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
