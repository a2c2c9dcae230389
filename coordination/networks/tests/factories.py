"""Measurements, lists and planned outages for tests, recorded through the same door as the pages use."""

import importlib
import uuid
from datetime import timedelta

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from coordination.networks import maintaining, rollup
from coordination.networks.choices import Impact, OutageKind
from coordination.networks.models import ImportBatch, OutageBatch, StatedLevel, Threshold
from coordination.networks.recording import record_assessment
from coordination.offices.tests.factories import lead, official
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


def import_batch(actor=None, **fields):
    """An import of levels that has been applied, with nothing in it yet."""
    return _batch(ImportBatch, actor, **{"kind": "levels", "source": "Daftar uji"} | fields)


def outage_batch(actor=None, **fields):
    """An import of planned outages that has been applied, with nothing in it yet."""
    return _batch(OutageBatch, actor, **fields)


def _batch(model, actor, **fields):
    fields = {
        "name": "daftar.csv", "content_type": "text/csv", "size": 1, "sha256": uuid.uuid4().hex, "state": "done",
        "applied_at": timezone.now(), "file": "importbatch/none.csv",
    } | fields  # fmt: skip
    actor = actor or lead("kominfo")
    return model.objects.create(official=actor, office=actor.office, **fields)


def stated(code, level, *, batch=None, source="Daftar uji", on=None, **fields):
    """A level that a list states for the region of this code, as applying it leaves it."""
    place, day = region(code), on or timezone.localdate()
    row, _new = StatedLevel.objects.update_or_create(
        region=place, source=source, stated_on=day, operator=None, superseded_by=None,
        defaults={"level": level, "batch": batch or import_batch()} | fields,
    )  # fmt: skip
    with transaction.atomic():
        rollup.refresh([place.pk])
    return row


def outage(*codes, actor=None, starts_at=None, hours=4, **values):
    """A planned outage of tomorrow in the regions of these codes, by the first one's ICT office unless told otherwise;
    one of the electricity."""
    codes = codes or ("32.73.01.1001",)
    actor = actor or official("kominfo", ".".join(codes[0].split(".")[:2]))
    starts_at = starts_at or timezone.now() + timedelta(days=1)
    values = {
        "kind": OutageKind.POWER, "provider": "PLN UP3 Uji", "reference": "", "impact": Impact.OUTAGE,
        "regions": [region(code) for code in codes], "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
    } | values  # fmt: skip
    row, _is_new = maintaining.register(values, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)
    row.refresh_from_db()
    return row
