from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("obstacles", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="obstacle",
            index=models.Index(fields=["-updated_at", "-id"], name="obstacle_last_changed"),
        ),
    ]
