from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0012_clocks_validated")]

    operations = [
        migrations.AlterField("watch", "since", field=models.DateTimeField(verbose_name="since")),
    ]
