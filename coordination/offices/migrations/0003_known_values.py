from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without reading the rows, so that the pages wait for a moment only; the next migration reads them.
    dependencies = [("offices", "0002_one_account_whatever_the_capitals")]

    operations = [
        AddConstraintNotValid(
            model_name="office",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=["kpu", "kominfo", "bawaslu"]), name="office_kind_is_known"
            ),
        ),
        AddConstraintNotValid(
            model_name="official",
            constraint=models.CheckConstraint(
                condition=models.Q(role__in=["officer", "lead", "viewer"]), name="official_role_is_known"
            ),
        ),
    ]
