from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("requests", "0019_open_of_region")]

    operations = [
        AddIndexUnderLoad(
            model_name="stagetime",
            index=models.Index(fields=["-minutes", "-id"], name="stage_time_longest"),
        ),
    ]
