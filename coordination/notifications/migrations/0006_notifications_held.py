from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # indexes built concurrently let the pages write meanwhile
    dependencies = [("notifications", "0005_mails_filled")]

    operations = [
        AddIndexUnderLoad(
            model_name="notification",
            index=models.Index(fields=["mail"], name="notification_by_mail", condition=models.Q(mail__isnull=False)),
        ),
        AddIndexUnderLoad(
            model_name="notification",
            index=models.Index(
                fields=["collect_at"],
                name="notification_to_be_collected",
                condition=models.Q(mail=None, collect_at__isnull=False),
            ),
        ),
        AddConstraintNotValid(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=["", "steps", "comments", "deadlines", "obstacles", "activities", "outages"]
                ),
                name="notification_kind_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    reason__in=[
                        "",
                        "in_charge",
                        "files",
                        "handles",
                        "superior",
                        "stands_in",
                        "is_away",
                        "leads",
                        "nobody_above",
                        "watches",
                        "reported",
                        "joined",
                        "answers",
                        "registered",
                        "plans_there",
                        "own_note",
                    ]
                ),
                name="notification_reason_is_known",
            ),
        ),
    ]
