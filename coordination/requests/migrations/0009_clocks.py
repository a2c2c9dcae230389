import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_activities_by_batch"),
        ("obstacles", "0009_known_forms_and_places_validated"),
        ("offices", "0006_known_roles_of_invitations_validated"),
        ("regions", "0001_initial"),
        ("requests", "0008_activities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeadlineRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("normal", "Normal"), ("urgent", "Urgent"), ("critical", "Very urgent")],
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("verify", "Verification"),
                            ("answer", "First answer and person in charge"),
                            ("follow_up", "Follow-up"),
                            ("end", "Result"),
                            ("confirm", "Confirmation"),
                        ],
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("amount", models.PositiveSmallIntegerField(verbose_name="amount")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        max_length=15,
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of deadlines",
                "verbose_name_plural": "rules of deadlines",
                "ordering": ["stage", "amount"],
            },
        ),
        migrations.CreateModel(
            name="MissedDeadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("verify", "Verification"),
                            ("answer", "First answer and person in charge"),
                            ("follow_up", "Follow-up"),
                            ("end", "Result"),
                            ("confirm", "Confirmation"),
                        ],
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="clock started")),
                ("due_at", models.DateTimeField(verbose_name="deadline")),
                ("noticed_at", models.DateTimeField(verbose_name="noticed")),
            ],
            options={
                "verbose_name": "missed deadline",
                "verbose_name_plural": "missed deadlines",
                "ordering": ["-noticed_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="end_started_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="end_stopped_minutes",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="end_urgency",
            field=models.CharField(
                blank=True,
                choices=[("normal", "Normal"), ("urgent", "Urgent"), ("critical", "Very urgent")],
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="is_alarm",
            field=models.BooleanField(default=False, editable=False, verbose_name="late with no further office above"),
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="ladder_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="goes up"),
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="missed",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("verify", "Verification"),
                        ("answer", "First answer and person in charge"),
                        ("follow_up", "Follow-up"),
                        ("end", "Result"),
                        ("confirm", "Confirmation"),
                    ],
                    max_length=10,
                ),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="missed deadline",
            ),
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="raised_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests_raised",
                to="offices.office",
                verbose_name="superior office informed",
            ),
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="stage_started_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="coordinationrequest",
            name="verify_started_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="deadlinerule",
            constraint=models.UniqueConstraint(fields=("urgency", "stage"), name="deadline_rule_once_a_stage"),
        ),
        migrations.AddConstraint(
            model_name="deadlinerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("urgency__in", ["normal", "urgent", "critical"])),
                name="deadline_rule_urgency_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["verify", "answer", "follow_up", "end", "confirm"])),
                name="deadline_rule_stage_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__in", ["working_days", "working_hours", "calendar_days"])),
                name="deadline_rule_unit_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 1), ("amount__lte", 365)),
                name="deadline_rule_amount_is_sensible",
                violation_error_message="Between 1 and 365.",
            ),
        ),
        migrations.AddField(
            model_name="misseddeadline",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missed_deadlines",
                to="offices.office",
                verbose_name="office that was late",
            ),
        ),
        migrations.AddField(
            model_name="misseddeadline",
            name="raised_to",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: there was no further office above, which is an alarm.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="offices.office",
                verbose_name="superior office informed",
            ),
        ),
        migrations.AddField(
            model_name="misseddeadline",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missed_deadlines",
                to="requests.coordinationrequest",
                verbose_name="request",
            ),
        ),
        migrations.AddIndex(
            model_name="misseddeadline",
            index=models.Index(fields=["office", "-due_at"], name="missed_by_office"),
        ),
        migrations.AddConstraint(
            model_name="misseddeadline",
            constraint=models.UniqueConstraint(
                fields=("request", "stage", "started_at"), name="deadline_is_missed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="misseddeadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["verify", "answer", "follow_up", "end", "confirm"])),
                name="missed_deadline_stage_is_known",
            ),
        ),
    ]
