from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("requests", "0003_known_values_validated")]

    operations = [
        AddIndexUnderLoad(
            model_name="coordinationrequest",
            index=models.Index(
                fields=["due_at", "id"], name="request_by_deadline", condition=models.Q(due_at__isnull=False)
            ),
        ),
        RemoveIndexConcurrently(model_name="coordinationrequest", name="request_due"),
    ]
