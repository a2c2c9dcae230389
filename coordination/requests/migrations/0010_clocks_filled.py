from django.db import migrations, transaction
from django.db.models import Max

PIECE = 5000
# The portal's own defaults (product rule 5): amounts by urgency, and what they count.
DAYS, HOURS = "working_days", "working_hours"
RULES = {
    "verify": {"normal": (1, DAYS), "urgent": (1, DAYS), "critical": (4, HOURS)},
    "answer": {"normal": (2, DAYS), "urgent": (1, DAYS), "critical": (1, DAYS)},
    "follow_up": {"normal": (5, DAYS), "urgent": (3, DAYS), "critical": (1, DAYS)},
    "end": {"normal": (14, DAYS), "urgent": (7, DAYS), "critical": (3, DAYS)},
    "confirm": {"normal": (10, DAYS), "urgent": (10, DAYS), "critical": (10, DAYS)},
}

# From the history: when each clock of a submitted request began. Ended ones keep theirs for the record.
FILL = """
UPDATE requests_coordinationrequest AS request SET
    verify_started_at = began.verify, stage_started_at = began.stage, end_started_at = began.done,
    end_urgency = request.urgency, end_stopped_minutes = request.stopped_minutes
FROM (
    SELECT subject_id,
        max(at) FILTER (WHERE verb IN ('submit', 'forward')) AS verify,
        max(at) FILTER (WHERE from_state <> to_state OR verb = 'forward') AS stage,
        coalesce(max(at) FILTER (WHERE verb IN ('forward', 'reopen')), min(at) FILTER (WHERE verb = 'submit')) AS done
    FROM history_event
    WHERE subject_type_id = (
        SELECT id FROM django_content_type WHERE app_label = 'requests' AND model = 'coordinationrequest'
    ) AND subject_id > %s AND subject_id <= %s
    GROUP BY subject_id
) AS began
WHERE began.subject_id = request.id AND request.number IS NOT NULL AND request.verify_started_at IS NULL
"""


def add_rules(apps, schema_editor):
    rule = apps.get_model("requests", "DeadlineRule")
    rows = [
        rule(stage=stage, urgency=urgency, amount=amount, unit=unit)
        for stage, by_urgency in RULES.items()
        for urgency, (amount, unit) in by_urgency.items()
    ]
    rule.objects.bulk_create(rows, ignore_conflicts=True)


def fill(apps, schema_editor):
    """In pieces, each kept at once: nobody waits for the rows of more than one, and broken off it goes on."""
    last = apps.get_model("requests", "CoordinationRequest").objects.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last, PIECE):
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.execute(FILL, [start, start + PIECE])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("requests", "0009_clocks"), ("history", "0002_append_only"), ("workdays", "0002_seed")]
    operations = [
        migrations.RunPython(add_rules, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
