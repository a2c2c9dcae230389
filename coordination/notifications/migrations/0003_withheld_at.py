from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_unread")]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="withheld_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="not mailed"),
        ),
    ]
