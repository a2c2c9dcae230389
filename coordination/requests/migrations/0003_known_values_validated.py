from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("requests", "0002_known_values")]

    operations = [
        ValidateConstraint("coordinationrequest", name="request_urgency_is_known"),
        ValidateConstraint("coordinationrequest", name="request_with_running_clock_knows_when_it_is_near"),
        ValidateConstraint("coordinationrequest", name="request_declined_has_reason"),
    ]
