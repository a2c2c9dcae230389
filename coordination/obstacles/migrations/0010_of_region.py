from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("obstacles", "0009_known_forms_and_places_validated")]

    operations = [
        AddIndexUnderLoad(
            model_name="obstacle",
            index=models.Index(
                fields=["region", "-created_at", "-id"],
                name="obstacle_standing_of_region",
                condition=models.Q(state__in=("open", "confirmed", "mitigated")),
            ),
        ),
        AddIndexUnderLoad(
            model_name="obstacle",
            index=models.Index(
                fields=["region", "-updated_at", "-id"],
                name="obstacle_past_of_region",
                condition=~models.Q(state__in=("open", "confirmed", "mitigated")),
            ),
        ),
    ]
