from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("requests", "0011_clocks_held")]

    operations = [
        ValidateConstraint("coordinationrequest", name="request_with_running_clock_knows_since_when"),
        ValidateConstraint("coordinationrequest", name="request_missed_is_known"),
    ]
