from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_notifications_held")]

    operations = [
        ValidateConstraint(model_name="notification", name="notification_kind_is_known"),
        ValidateConstraint(model_name="notification", name="notification_reason_is_known"),
        migrations.RemoveField(model_name="notification", name="mailed_at"),
        migrations.RemoveField(model_name="notification", name="withheld_at"),
        migrations.RemoveField(model_name="notification", name="message_id"),
    ]
