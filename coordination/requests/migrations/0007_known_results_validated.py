from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("requests", "0006_known_results")]

    operations = [
        ValidateConstraint("coordinationrequest", name="request_outcome_is_known"),
        ValidateConstraint("coordinationrequest", name="request_decline_reason_is_known"),
        ValidateConstraint("coordinationrequest", name="request_measures_are_known"),
    ]
