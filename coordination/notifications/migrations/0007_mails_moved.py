from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

# Backwards each row gets an id of its own, where Django would give all of them the same.
DROP = "ALTER TABLE notifications_notification DROP COLUMN message_id"
BRING_BACK = [
    "ALTER TABLE notifications_notification ADD message_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid()",
    "ALTER TABLE notifications_notification ALTER message_id DROP DEFAULT",
]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_notifications_held")]

    operations = [
        ValidateConstraint(model_name="notification", name="notification_kind_is_known"),
        ValidateConstraint(model_name="notification", name="notification_reason_is_known"),
        migrations.RemoveField(model_name="notification", name="mailed_at"),
        migrations.RemoveField(model_name="notification", name="withheld_at"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, BRING_BACK)],
            state_operations=[migrations.RemoveField(model_name="notification", name="message_id")],
        ),
    ]
