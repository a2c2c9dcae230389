from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models
from django.db.models import Func

from coordination.common.operations import AddIndexUnderLoad

LEVELS = {1: "province", 2: "regency", 3: "district", 4: "village"}


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("regions", "0001_initial")]

    operations = [
        AddIndexUnderLoad(
            model_name="region",
            index=GistIndex(
                Func("longitude", "latitude", function="point"),
                name=f"region_near_{name}",
                condition=models.Q(level=level),
            ),
        )
        for level, name in LEVELS.items()
    ]
