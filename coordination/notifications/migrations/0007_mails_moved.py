from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

# The version before this one goes on writing these columns while it serves beside this one; the release after this
# drops them.
LEAVE = """ALTER TABLE notifications_notification ALTER message_id SET DEFAULT gen_random_uuid()"""
TAKE_BACK = """ALTER TABLE notifications_notification ALTER message_id DROP DEFAULT"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_notifications_held")]

    operations = [
        ValidateConstraint(model_name="notification", name="notification_kind_is_known"),
        ValidateConstraint(model_name="notification", name="notification_reason_is_known"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(LEAVE, TAKE_BACK)],
            state_operations=[
                migrations.RemoveField(model_name="notification", name="mailed_at"),
                migrations.RemoveField(model_name="notification", name="withheld_at"),
                migrations.RemoveField(model_name="notification", name="message_id"),
            ],
        ),
    ]
