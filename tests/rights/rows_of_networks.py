"""Who gets which answer on the pages of measurements, levels and planned outages."""

import uuid
from datetime import timedelta

from django.utils import timezone

from coordination.networks.models import ImportBatch, OutageBatch, PlannedOutage
from coordination.networks.outage_lists import SAMPLE
from tests.files import upload
from tests.rights.answers import HIDDEN, KOMINFO, KPU, NOT_ALLOWED, Row, only


def _measuring(things):
    return {
        "client_id": uuid.uuid4(), "region": things.obstacle.region.code, "measured_at": "2026-01-05T09:00",
        "download_mbps": "2",
    }  # fmt: skip


def _announcing(things):
    day = timezone.localdate() + timedelta(days=2)
    return {
        "client_id": uuid.uuid4(), "kind": "power", "provider": "Uji", "regions": things.obstacle.region.code,
        "starts_at": f"{day}T09:00", "ends_at": f"{day}T11:00", "impact": "outage", "state": "confirmed",
    }  # fmt: skip


def _by_outage(things):
    return [things.outage.number]


def _importing(things):
    return {
        "client_id": uuid.uuid4(), "kind": "levels", "source": "Uji", "stated_on": "2026-01-05",
        "file": upload("daftar.csv", b"kode,tingkat\n32.73.01.1001,kuat\n", "text/csv"),
    }  # fmt: skip


ROWS = {
    "networks:measure": Row(
        get=only(KPU + KOMINFO, 200, 302),
        post={"*": 302},
        body=_measuring,
        outside={"*": 302, **dict.fromkeys(KPU + KOMINFO, 422)},
    ),
    "networks:list": Row(),
    "networks:detail": Row(args=lambda things: [things.measurement.key], outside=HIDDEN),
    "networks:screenshot": Row(args=lambda things: [things.measurement.key, things.screenshot.key], outside=HIDDEN),
    # What the script measures with names nothing and keeps nothing; a form is not what it takes.
    "networks:ping": Row(),
    "networks:download": Row(),
    "networks:upload": Row(get=NOT_ALLOWED, post={"*": 415}),
    "outages:list": Row(),
    "outages:new": Row(
        get=only(KOMINFO, 200, 302),
        post={"*": 302},
        body=_announcing,
        outside={"*": 302, **dict.fromkeys(KOMINFO, 422)},
        effect=lambda things: PlannedOutage.objects.count(),
        done_by=KOMINFO,
    ),
    # A notice is read and shown to its sender; what it names is sought among what the sender may change.
    "outages:notice": Row(
        get=only(KOMINFO, 200, 302),
        post=only(KOMINFO, 200, 302),
        body=lambda things: {"text": "X-MAINTNOTE-PROVIDER: Uji\nX-MAINTNOTE-MAINTENANCE-ID: 1"},
    ),
    "outage_lists:list": Row(),
    "outage_lists:new": Row(
        get=only(("kominfo_lead",), 200, 302),
        post={"*": 302},
        body=lambda things: {"client_id": uuid.uuid4(), "file": upload("daftar.csv", SAMPLE.encode(), "text/csv")},
    ),
    "outage_lists:sample": Row(),
    "outage_lists:batch": Row(args=lambda things: [things.outage_batch.key], outside=HIDDEN),
    "outage_lists:step": Row(
        args=lambda things: [things.outage_batch.key, "setujui"],
        get=NOT_ALLOWED,
        post={"*": 302},
        outside=HIDDEN,
        effect=lambda things: OutageBatch.objects.get(pk=things.outage_batch.pk).state,
        done_by=("kominfo_lead",),
        own_only=("kominfo_lead",),
    ),
    "outages:detail": Row(args=_by_outage, outside=HIDDEN),
    "outages:edit": Row(
        args=_by_outage,
        get=only(KOMINFO, 200, 302),
        post={"*": 302},
        body=lambda things: _announcing(things) | {"version": things.outage.version},
        effect=lambda things: PlannedOutage.objects.get(pk=things.outage.pk).provider,
        done_by=KOMINFO,
        outside=HIDDEN,
    ),
    "outages:step": Row(
        args=lambda things: [things.outage.number, "confirm"],
        post=only(KOMINFO, 302, 409),
        body=lambda things: {"version": things.outage.version, "note": "Uji"},
        outside=HIDDEN,
    ),
    "levels:list": Row(),
    # Rows of foreign regions are faults of the list, found by the worker; see coordination/networks/tests.
    "levels:new": Row(
        get=only(("kominfo_lead",), 200, 302),
        post={"*": 302},
        body=_importing,
    ),
    "levels:sample": Row(args=lambda things: ["levels"]),
    "levels:batch": Row(args=lambda things: [things.batch.key], outside=HIDDEN),
    "levels:step": Row(
        args=lambda things: [things.batch.key, "setujui"],
        get=NOT_ALLOWED,
        post={"*": 302},
        outside=HIDDEN,
        effect=lambda things: ImportBatch.objects.get(pk=things.batch.pk).state,
        done_by=("kominfo_lead",),
        own_only=("kominfo_lead",),
    ),
}
