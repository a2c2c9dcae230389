import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0003_assessments"),
        ("obstacles", "0005_captured_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="obstacle",
            name="measurement",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="obstacles",
                to="networks.assessment",
                verbose_name="measurement",
            ),
        ),
    ]
