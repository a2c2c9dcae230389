"""Measurements for tests, recorded through the same door as the pages use."""

import importlib
import uuid

from django.apps import apps
from django.utils import timezone

from coordination.networks.models import Threshold
from coordination.networks.recording import record_assessment
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region


def thresholds():
    """The portal's thresholds, best first; made anew where a transactional test has emptied the tables."""
    if not Threshold.objects.exists():
        importlib.import_module("coordination.networks.migrations.0004_thresholds").add(apps, None)
    return Threshold.objects.best_first()


def assessment(code="32.73.01.1001", *, actor=None, screenshots=(), **values):
    """A measurement in the region of this code, by its election office unless told otherwise; a weak one."""
    thresholds()
    actor = actor or official("kpu", ".".join(code.split(".")[:2]))
    values = {
        "region": region(code), "measured_at": timezone.now(), "download_mbps": 2, "upload_mbps": 1, "latency_ms": 180,
    } | values  # fmt: skip
    row, _is_new = record_assessment(
        values, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, screenshots=screenshots
    )
    row.refresh_from_db()
    return row
