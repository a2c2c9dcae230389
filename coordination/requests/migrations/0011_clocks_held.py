from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # indexes built concurrently let the pages write meanwhile
    dependencies = [("requests", "0010_clocks_filled")]

    operations = [
        AddIndexUnderLoad(
            model_name="coordinationrequest",
            index=models.Index(
                fields=["ladder_due_at"], name="request_ladder", condition=models.Q(ladder_due_at__isnull=False)
            ),
        ),
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=~models.Q(state__in=("submitted", "accepted", "in_progress"))
                | models.Q(
                    verify_started_at__isnull=False, stage_started_at__isnull=False, end_started_at__isnull=False
                ),
                name="request_with_running_clock_knows_since_when",
            ),
        ),
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(missed__contained_by=["verify", "answer", "follow_up", "end", "confirm"]),
                name="request_missed_is_known",
            ),
        ),
    ]
