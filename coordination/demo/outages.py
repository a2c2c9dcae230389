"""Planned outages of the demonstration, around the day on which it is loaded: one for each state."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from coordination.demo.stories import village
from coordination.networks import maintaining
from coordination.networks.choices import Impact, OutageKind, OutageState
from coordination.networks.models import Operator, PlannedOutage
from coordination.offices.choices import Kind

BACK = 5  # working days ago that they were announced


@dataclass(frozen=True)
class Announced:
    days: int  # ahead of the day of loading
    hour: int
    hours: int
    kind: str
    provider: str
    operator: str | None
    impact: str
    note: str
    everywhere: bool = False  # in the whole regency, else in one village
    verb: str | None = None
    why: str = ""


PLN, NETWORK = OutageKind.POWER, OutageKind.OPERATOR
ANNOUNCED = (
    Announced(-2, 9, 3, PLN, "PLN UP3 (simulasi)", None, Impact.OUTAGE, "Pemangkasan pohon di jalur 20 kV.",
              verb="confirm"),
    Announced(3, 9, 4, PLN, "PLN UP3 (simulasi)", None, Impact.OUTAGE, "Penggantian trafo; BTS memakai aki.",
              verb="confirm"),
    Announced(5, 0, 5, NETWORK, "Telkomsel NOC (simulasi)", "Telkomsel", Impact.DEGRADED,
              "Peningkatan perangkat lunak; layanan data melambat pada malam hari.", everywhere=True),
    Announced(8, 1, 4, NETWORK, "Biznet (simulasi)", "Biznet", Impact.REDUCED_REDUNDANCY,
              "Pemindahan kabel serat optik karena pelebaran jalan.", everywhere=True, verb="move",
              why="Izin galian baru terbit; pekerjaan mundur satu malam."),
    Announced(6, 10, 2, PLN, "PLN UP3 (simulasi)", None, Impact.OUTAGE, "Pemeliharaan gardu.", verb="call_off",
              why="Pekerjaan digabung dengan penggantian trafo."),
)  # fmt: skip


def show_outages(stage, regency):
    """Put the outages of a regency on the stage: announced by its ICT office, then confirmed, moved or cancelled."""
    officer = stage.cast.officer(stage.cast.office(Kind.KOMINFO, regency.code).pk)
    today = stage.diary.now.astimezone(ZoneInfo(regency.time_zone)).date()
    for number, plan in enumerate(ANNOUNCED):
        begins = datetime.combine(today + timedelta(days=plan.days), time(plan.hour), ZoneInfo(regency.time_zone))
        values = {
            "kind": plan.kind, "provider": plan.provider, "impact": plan.impact, "note": plan.note,
            "operator": Operator.objects.get(name=plan.operator) if plan.operator else None,
            "reference": f"SIM-{begins:%y%m}-{number + 1:03d}", "starts_at": begins,
            "ends_at": begins + timedelta(hours=plan.hours), "state": OutageState.TENTATIVE,
            "regions": [regency if plan.everywhere else village(regency, stage.rng)],
        }  # fmt: skip
        at = stage.diary.moment(BACK, (number + 1) / 10, regency.time_zone)
        stage.plan(at, partial(_announce, values, plan, officer))


def _announce(values, plan, officer, at):
    made, _new = maintaining.register(
        values, actor=officer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, at=at
    )
    if plan.verb:
        later = timedelta(days=1) if plan.verb == "move" else timedelta()
        window = {name: values[name] + later for name in ("starts_at", "ends_at")} if later else {}
        maintaining.perform(made, plan.verb, actor=officer, version=1, note=plan.why, at=at, **window)
    PlannedOutage.objects.filter(pk=made.pk).update(updated_at=at)
