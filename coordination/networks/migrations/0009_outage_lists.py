import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import coordination.common.models


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0008_planned_outages"),
        ("offices", "0006_known_roles_of_invitations_validated"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OutageBatch",
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
                "verbose_name": "import of planned outages",
                "verbose_name_plural": "imports of planned outages",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="plannedoutage",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outages",
                to="networks.outagebatch",
                verbose_name="import",
            ),
        ),
        migrations.CreateModel(
            name="OutageFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("column", models.CharField(blank=True, max_length=40, verbose_name="column")),
                ("sentence", models.CharField(max_length=500, verbose_name="fault")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="faults", to="networks.outagebatch"
                    ),
                ),
            ],
            options={
                "verbose_name": "fault in an import",
                "verbose_name_plural": "faults in imports",
                "ordering": ["number", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StagedOutage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("provider", models.CharField(max_length=120, verbose_name="announced by")),
                ("reference", models.CharField(max_length=80, verbose_name="reference of the notice")),
                (
                    "kind",
                    models.CharField(
                        choices=[("operator", "Operator of a network"), ("power", "Electricity")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="regions"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("reduced", "Reduced redundancy"),
                            ("degraded", "Degraded"),
                            ("outage", "Cut off"),
                        ],
                        max_length=10,
                        verbose_name="impact",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("tentative", "Tentative"),
                            ("confirmed", "Confirmed"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="staged", to="networks.outagebatch"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="networks.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "row that waits",
                "verbose_name_plural": "rows that wait",
                "ordering": ["number"],
            },
        ),
        migrations.AddIndex(
            model_name="outagebatch",
            index=models.Index(fields=["-created_at", "-id"], name="outage_batch_newest"),
        ),
        migrations.AddConstraint(
            model_name="outagebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["reading", "waiting", "applying", "done", "undoing", "undone", "discarded", "failed"],
                    )
                ),
                name="outage_batch_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outagebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True), ("applied_at__isnull", False), _connector="OR"
                ),
                name="outage_batch_done_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="outagebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "undone"), _negated=True), ("undone_at__isnull", False), _connector="OR"
                ),
                name="outage_batch_undone_has_a_time",
            ),
        ),
    ]
