from django.db import migrations, transaction
from django.db.models import Max

PIECE = 5000
# What was mailed or withheld keeps that; what is owed since yesterday stays owed, under its Message-ID.
MAILS = """
INSERT INTO notifications_mail (addressee_id, kind, message_id, created_at, due_at, next_try_at, sent_at, sent_to,
    withheld_at, withheld_because, attempts, last_error)
SELECT told.addressee_id, 'single', told.message_id, told.created_at, told.created_at,
    CASE WHEN coalesce(told.mailed_at, told.withheld_at) IS NULL THEN now() END, told.mailed_at, '',
    CASE WHEN told.mailed_at IS NULL THEN told.withheld_at END,
    CASE WHEN told.mailed_at IS NULL AND told.withheld_at IS NOT NULL THEN 'out_of_sight' ELSE '' END, 0, ''
FROM notifications_notification AS told JOIN offices_official AS person ON person.id = told.addressee_id
WHERE told.id > %s AND told.id <= %s AND told.mail_id IS NULL AND (
    coalesce(told.mailed_at, told.withheld_at) IS NOT NULL
    OR person.email <> '' AND told.created_at > now() - interval '1 day'
)
ON CONFLICT (message_id) DO NOTHING
"""
POINTERS = """
UPDATE notifications_notification AS told SET mail_id = mail.id FROM notifications_mail AS mail
WHERE told.id > %s AND told.id <= %s AND told.mail_id IS NULL AND mail.message_id = told.message_id
"""
# Jobs of a task that is no more; what they were to mail is owed as above.
OLD_JOBS = "DELETE FROM procrastinate_jobs WHERE task_name = 'notifications.mail_event' AND status = 'todo'"

BACK = """
UPDATE notifications_notification AS told SET mailed_at = mail.sent_at, withheld_at = mail.withheld_at
FROM notifications_mail AS mail WHERE mail.id = told.mail_id
"""


def fill(apps, schema_editor):
    """In pieces, each kept at once: broken off and run again, it goes on."""
    last = apps.get_model("notifications", "Notification").objects.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last, PIECE):
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.execute(MAILS, [start, start + PIECE])
            cursor.execute(POINTERS, [start, start + PIECE])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OLD_JOBS)


def give_back(apps, schema_editor):
    """What became of each mail stands with its notification again."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BACK)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0004_mails"), ("procrastinate", "0001_initial")]
    operations = [migrations.RunPython(fill, give_back)]
