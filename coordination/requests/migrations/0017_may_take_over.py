from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0016_started_short")]

    operations = [
        # With a default of the database, for the version before this one that writes beside it.
        migrations.AddField(
            model_name="watch",
            name="may_take_over",
            field=models.BooleanField(db_default=False, default=False, verbose_name="may take it over"),
        ),
    ]
