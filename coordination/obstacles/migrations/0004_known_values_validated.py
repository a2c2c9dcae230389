from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("obstacles", "0003_known_values")]

    operations = [
        ValidateConstraint("obstacle", name="obstacle_kind_is_known"),
        ValidateConstraint("obstacle", name="obstacle_is_not_merged_into_itself"),
    ]
