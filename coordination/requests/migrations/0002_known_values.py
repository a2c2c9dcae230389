from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without reading the rows, so that the pages wait for a moment only; the next migration reads them.
    dependencies = [("requests", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(urgency__in=["normal", "urgent", "critical"]), name="request_urgency_is_known"
            ),
        ),
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=~models.Q(state__in=("submitted", "accepted", "in_progress"))
                | models.Q(near_at__isnull=False),
                name="request_with_running_clock_knows_when_it_is_near",
            ),
        ),
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(decline_reason=""), name="request_declined_has_reason"
            ),
        ),
    ]
