from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("requests", "0020_longest_times")]

    operations = [
        AddIndexUnderLoad(
            model_name="coordinationrequest",
            index=models.Index(
                fields=["due_at", "id"],
                include=["state", "near_at", "is_alarm"],
                name="request_open",
                condition=models.Q(
                    state__in=("submitted", "returned", "accepted", "in_progress", "waiting", "resolved")
                ),
            ),
        ),
    ]
