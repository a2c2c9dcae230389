from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("offices", "0003_known_values")]

    operations = [
        ValidateConstraint("office", name="office_kind_is_known"),
        ValidateConstraint("official", name="official_role_is_known"),
    ]
