from decimal import Decimal

from django.db import migrations

# The portal's own, after what platforms of video meetings and live streams ask for; no rule of the ministry.
THRESHOLDS = [
    # level, least download and upload (Mbps), most latency and jitter (ms), most loss (%)
    ("strong", 10, 5, 100, 30, 1),
    ("medium", 3, Decimal("1.5"), 200, 50, 3),
    ("weak", None, None, None, None, None),
    ("no_signal", None, None, None, None, None),
]
FIELDS = (
    "level", "least_download_mbps", "least_upload_mbps", "most_latency_ms", "most_jitter_ms", "most_loss_percent",
)  # fmt: skip


def add(apps, schema_editor):
    threshold = apps.get_model("networks", "Threshold")
    for row in THRESHOLDS:
        threshold.objects.create(**dict(zip(FIELDS, row, strict=True)))


def remove(apps, schema_editor):
    apps.get_model("networks", "Threshold").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("networks", "0003_assessments")]

    operations = [migrations.RunPython(add, remove)]
