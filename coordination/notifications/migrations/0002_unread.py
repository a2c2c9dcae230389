from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("notifications", "0001_initial")]

    operations = [
        AddIndexUnderLoad(
            model_name="notification",
            index=models.Index(fields=["addressee"], name="notification_unread", condition=models.Q(read_at=None)),
        ),
    ]
