from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("networks", "0010_experience")]

    operations = [
        ValidateConstraint("assessment", name="assessment_method_is_a_known_one"),
        ValidateConstraint("assessment", name="assessment_level_follows_from_something"),
    ]
