from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("requests", "0018_stage_times")]

    operations = [
        AddIndexUnderLoad(
            model_name="coordinationrequest",
            index=models.Index(
                fields=["region", "-created_at", "-id"],
                name="request_open_of_region",
                condition=models.Q(
                    state__in=("submitted", "returned", "accepted", "in_progress", "waiting", "resolved")
                ),
            ),
        ),
    ]
