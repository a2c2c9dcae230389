from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("obstacles", "0008_known_forms_and_places")]

    operations = [
        ValidateConstraint("obstacle", name="obstacle_form_is_known"),
        ValidateConstraint("obstacle", name="obstacle_technology_is_known"),
        ValidateConstraint("obstacle", name="obstacle_lies_in_the_country"),
    ]
