from django.db import migrations, models

from coordination.common.operations import AddIndexUnderLoad


class Migration(migrations.Migration):
    atomic = False  # an index built concurrently lets the pages write meanwhile
    dependencies = [("requests", "0015_answer_templates")]

    operations = [
        # With a default of the database, for the version before this one that writes beside it.
        migrations.AddField(
            model_name="coordinationrequest",
            name="started_short",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="less time than the rules allow"
            ),
        ),
        AddIndexUnderLoad(
            model_name="coordinationrequest",
            index=models.Index(fields=["-created_at", "-id"], name="request_alarm", condition=models.Q(is_alarm=True)),
        ),
    ]
