from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("requests", "0002_known_values")]

    operations = [
        AddIndexConcurrently(
            model_name="coordinationrequest",
            index=models.Index(
                fields=["due_at", "id"], name="request_by_deadline", condition=models.Q(due_at__isnull=False)
            ),
        ),
        RemoveIndexConcurrently(model_name="coordinationrequest", name="request_due"),
    ]
