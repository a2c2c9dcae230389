import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0007_absences"),
        ("requests", "0014_one_index_an_office"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "client_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="form id"),
                ),
                (
                    "body_sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="form fingerprint"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("verb", models.CharField(max_length=12, verbose_name="step")),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_templates",
                        to="offices.office",
                        verbose_name="office",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer template",
                "verbose_name_plural": "answer templates",
                "ordering": ["title", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "verb__in",
                                (
                                    "accept",
                                    "start",
                                    "resolve",
                                    "confirm",
                                    "assign",
                                    "wait",
                                    "resume",
                                    "return",
                                    "forward",
                                    "decline",
                                    "reopen",
                                    "withdraw",
                                ),
                            )
                        ),
                        name="answer_template_verb_is_known",
                    )
                ],
            },
        ),
    ]
