from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without reading the rows, so that the pages wait for a moment only; the next migration reads them.
    dependencies = [("requests", "0005_captured_at")]

    operations = [
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    outcome__in=["", "permanent", "interim", "other_place", "other_method", "passed_on", "too_late"]
                ),
                name="request_outcome_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(decline_reason__in=["", "not_ours", "out_of_scope", "duplicate"]),
                name="request_decline_reason_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="coordinationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    measures__contained_by=[
                        "survey",
                        "bandwidth",
                        "access_point",
                        "vsat",
                        "mobile_tower",
                        "tower_on",
                        "repair",
                        "power",
                        "move",
                        "radio",
                        "later",
                        "operator",
                        "other",
                    ]
                ),
                name="request_measures_are_known",
            ),
        ),
    ]
