from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "UPDATE offices_official SET email = lower(email) WHERE email <> lower(email)",
                "UPDATE offices_invitation SET email = lower(email) WHERE email <> lower(email)",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint("official", "official_email_is_used_once"),
        migrations.AddConstraint(
            "official",
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="official_email_is_used_once",
                violation_error_message="This e-mail address belongs to another account.",
            ),
        ),
        migrations.AddConstraint(
            "official",
            models.UniqueConstraint(
                Lower("username"),
                name="official_username_is_used_once",
                violation_error_message="This user name is taken.",
            ),
        ),
    ]
