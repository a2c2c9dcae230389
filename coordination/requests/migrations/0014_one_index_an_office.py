import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0006_known_roles_of_invitations_validated"),
        ("requests", "0013_watched_since"),
    ]

    operations = [
        migrations.AlterField(
            model_name="coordinationrequest",
            name="filing_office",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests_filed",
                to="offices.office",
                verbose_name="filing office",
            ),
        ),
        migrations.AlterField(
            model_name="coordinationrequest",
            name="handling_office",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests_handled",
                to="offices.office",
                verbose_name="handling office",
            ),
        ),
    ]
