from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without reading the rows, so that the pages wait for a moment only; the next migration reads them.
    dependencies = [("offices", "0004_known_values_validated")]

    operations = [
        AddConstraintNotValid(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(role__in=["officer", "lead", "viewer"]), name="invitation_role_is_known"
            ),
        ),
    ]
