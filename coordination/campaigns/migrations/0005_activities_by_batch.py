from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("campaigns", "0004_schedules")]

    operations = [
        AddIndexUnderLoad(
            model_name="campaignactivity",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch", "id"], name="activity_of_batch"
            ),
        ),
    ]
