from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("obstacles", "0006_measurement")]

    operations = [
        AddIndexUnderLoad(
            model_name="obstacle",
            index=models.Index(
                fields=["measurement"],
                name="obstacle_of_measurement",
                condition=models.Q(measurement__isnull=False),
            ),
        ),
    ]
