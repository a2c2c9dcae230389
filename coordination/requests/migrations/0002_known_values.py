from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # added without a scan and validated after it, so that the pages write meanwhile
    dependencies = [("requests", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(urgency__in=["normal", "urgent", "critical"]), name="request_urgency_is_known"
            ),
        ),
        ValidateConstraint("coordinationrequest", name="request_urgency_is_known"),
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=~models.Q(state__in=("submitted", "accepted", "in_progress"))
                | models.Q(near_at__isnull=False),
                name="request_with_running_clock_knows_when_it_is_near",
            ),
        ),
        ValidateConstraint("coordinationrequest", name="request_with_running_clock_knows_when_it_is_near"),
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(decline_reason=""), name="request_declined_has_reason"
            ),
        ),
        ValidateConstraint("coordinationrequest", name="request_declined_has_reason"),
    ]
