from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without reading the rows, so that the pages wait for a moment only; the next migration reads them.
    dependencies = [("obstacles", "0007_obstacle_of_measurement")]

    operations = [
        AddConstraintNotValid(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=models.Q(form__in=["condition", "event"]), name="obstacle_form_is_known"
            ),
        ),
        AddConstraintNotValid(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=models.Q(technology__in=["", "none", "2g", "3g", "4g", "5g", "fixed", "satellite"]),
                name="obstacle_technology_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=models.Q(latitude=None) | models.Q(latitude__range=(-12, 7), longitude__range=(94, 142)),
                name="obstacle_lies_in_the_country",
            ),
        ),
    ]
