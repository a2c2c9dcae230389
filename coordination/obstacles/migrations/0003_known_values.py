from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without reading the rows, so that the pages wait for a moment only; the next migration reads them.
    dependencies = [("obstacles", "0002_obstacle_last_changed")]

    operations = [
        AddConstraintNotValid(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "blank_spot",
                        "weak_signal",
                        "congestion",
                        "only_2g_3g",
                        "one_operator",
                        "backhaul",
                        "fibre_cut",
                        "sea_cable_cut",
                        "power",
                        "tower_down",
                        "device_broken",
                        "terrain",
                        "weather",
                        "security",
                        "interference",
                        "local_network",
                        "other",
                        "quota",
                        "gadget",
                        "skill",
                        "interest",
                    ]
                ),
                name="obstacle_kind_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")),
                name="obstacle_is_not_merged_into_itself",
            ),
        ),
    ]
