from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("obstacles", "0001_initial")]

    operations = [
        AddIndexUnderLoad(
            model_name="obstacle",
            index=models.Index(fields=["-updated_at", "-id"], name="obstacle_last_changed"),
        ),
    ]
