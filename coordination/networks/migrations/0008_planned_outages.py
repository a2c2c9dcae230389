import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0007_shared_batches"),
        ("offices", "0006_known_roles_of_invitations_validated"),
        ("regions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlannedOutage",
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
                (
                    "captured_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="written on the device"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("number", models.CharField(editable=False, max_length=30, unique=True, verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("tentative", "Tentative"),
                            ("confirmed", "Confirmed"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="tentative",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("operator", "Operator of a network"), ("power", "Electricity")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("provider", models.CharField(max_length=120, verbose_name="announced by")),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="reference of the notice")),
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
                        default="outage",
                        max_length=10,
                        verbose_name="impact",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                ("source_text", models.TextField(blank=True, max_length=10000, verbose_name="text of the notice")),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_outages",
                        to="offices.office",
                        verbose_name="registering office",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_outages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="registered by",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_outages",
                        to="networks.operator",
                        verbose_name="operator",
                    ),
                ),
                (
                    "regions",
                    models.ManyToManyField(related_name="planned_outages", to="regions.region", verbose_name="regions"),
                ),
            ],
            options={
                "verbose_name": "planned outage",
                "verbose_name_plural": "planned outages",
                "ordering": ["starts_at", "id"],
                "indexes": [models.Index(fields=["starts_at", "id"], name="outage_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="outage_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"), "+", models.Value(datetime.timedelta(days=92))
                                ),
                            )
                        ),
                        name="outage_lasts_three_months_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["tentative", "confirmed", "moved", "cancelled"])),
                        name="outage_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("impact__in", ["none", "reduced", "degraded", "outage"])),
                        name="outage_impact_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "operator"), models.Q(("kind", "power"), ("operator", None)), _connector="OR"
                        ),
                        name="outage_of_power_has_no_operator",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("provider", ""), _negated=True), name="outage_is_announced_by_somebody"
                    ),
                    models.UniqueConstraint(
                        models.F("office"),
                        django.db.models.functions.text.Lower("provider"),
                        django.db.models.functions.text.Lower("reference"),
                        condition=models.Q(
                            models.Q(("reference", ""), _negated=True), models.Q(("state", "cancelled"), _negated=True)
                        ),
                        name="outage_once_an_office_and_reference",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
