from django.db import migrations

from coordination.workdays.seeding import seed


def fill(apps, schema_editor):
    seed(*(apps.get_model("workdays", name) for name in ("DayOff", "CalendarYear", "Ramadan")))


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
