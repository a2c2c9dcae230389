import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import coordination.common.models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_activities"),
        ("offices", "0006_known_roles_of_invitations_validated"),
        ("regions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ScheduleFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("column", models.CharField(blank=True, max_length=40, verbose_name="column")),
                ("sentence", models.CharField(max_length=500, verbose_name="fault")),
            ],
            options={
                "verbose_name": "fault in an import",
                "verbose_name_plural": "faults in imports",
                "ordering": ["number", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StagedActivity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("place", models.CharField(blank=True, max_length=200)),
                (
                    "platform",
                    models.CharField(
                        choices=[
                            ("zoom", "Zoom"),
                            ("meet", "Google Meet"),
                            ("youtube", "YouTube Live"),
                            ("facebook", "Facebook Live"),
                            ("instagram", "Instagram Live"),
                            ("tiktok", "TikTok Live"),
                            ("whatsapp", "WhatsApp"),
                            ("other", "Other"),
                            ("none", "None (face to face)"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("host", "Host a video meeting"),
                            ("join", "Join a video meeting"),
                            ("stream", "Stream live"),
                            ("watch", "Watch"),
                            ("none", "Nothing"),
                        ],
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("participants", models.PositiveIntegerField(null=True)),
                ("sttp_number", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "verbose_name": "row that waits",
                "verbose_name_plural": "rows that wait",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ScheduleBatch",
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
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=coordination.common.models._private_path, verbose_name="file"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content_type", models.CharField(max_length=40, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="added")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Being read"),
                            ("waiting", "Waiting for approval"),
                            ("applying", "Being applied"),
                            ("done", "Applied"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("discarded", "Discarded"),
                            ("failed", "Could not be read"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows read")),
                ("faulty", models.PositiveIntegerField(default=0, verbose_name="rows with a fault")),
                ("new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("same", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("failure", models.CharField(blank=True, max_length=1000, verbose_name="why it could not be read")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                        verbose_name="for which office",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of a schedule",
                "verbose_name_plural": "imports of schedules",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="campaignactivity",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="activities",
                to="campaigns.schedulebatch",
                verbose_name="import",
            ),
        ),
        migrations.AddField(
            model_name="schedulefault",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="faults", to="campaigns.schedulebatch"
            ),
        ),
        migrations.AddField(
            model_name="stagedactivity",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="staged", to="campaigns.schedulebatch"
            ),
        ),
        migrations.AddField(
            model_name="stagedactivity",
            name="candidate_pair",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.candidatepair"
            ),
        ),
        migrations.AddField(
            model_name="stagedactivity",
            name="election",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.election"
            ),
        ),
        migrations.AddField(
            model_name="stagedactivity",
            name="method",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaignmethod"
            ),
        ),
        migrations.AddField(
            model_name="stagedactivity",
            name="office",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="offices.office"),
        ),
        migrations.AddField(
            model_name="stagedactivity",
            name="region",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.region"),
        ),
        migrations.AddIndex(
            model_name="schedulebatch",
            index=models.Index(fields=["-created_at", "-id"], name="schedule_batch_newest"),
        ),
        migrations.AddConstraint(
            model_name="schedulebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["reading", "waiting", "applying", "done", "undoing", "undone", "discarded", "failed"],
                    )
                ),
                name="schedule_batch_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="schedulebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True), ("applied_at__isnull", False), _connector="OR"
                ),
                name="schedule_batch_done_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="schedulebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "undone"), _negated=True), ("undone_at__isnull", False), _connector="OR"
                ),
                name="schedule_batch_undone_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagedactivity",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="staged_activity_once_a_row"),
        ),
    ]
