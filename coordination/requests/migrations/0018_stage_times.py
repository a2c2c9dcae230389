import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0007_absences"),
        ("requests", "0017_may_take_over"),
    ]

    operations = [
        migrations.CreateModel(
            name="StageTime",
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
                ("ended_at", models.DateTimeField(verbose_name="clock ended")),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        help_text="By the calendar of the region; of the result without the time for which the clock stood still.",
                        verbose_name="working minutes",
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(help_text="As it stood when the stage ended.", verbose_name="deadline"),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_times",
                        to="offices.office",
                        verbose_name="office whose deadline it was",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_times",
                        to="requests.coordinationrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "time of a stage",
                "verbose_name_plural": "times of stages",
                "ordering": ["-ended_at", "-id"],
                "indexes": [
                    models.Index(fields=["-ended_at", "-id"], name="stage_time_newest"),
                    models.Index(fields=["office", "-ended_at"], name="stage_time_by_office"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "stage", "started_at"), name="stage_time_once_a_clock"),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ("verify", "answer", "end"))), name="stage_time_stage_is_timed"
                    ),
                ],
            },
        ),
    ]
