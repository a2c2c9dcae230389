"""Requests in any state, brought there by the same steps as on the pages."""

import datetime
import uuid

from django.utils import timezone

from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from coordination.requests import answer_templates, filing
from coordination.requests.choices import State, Urgency
from coordination.requests.workflow import perform

# The forms take no day far off.
SOON = timezone.localdate() + datetime.timedelta(days=30)
VALUES = {
    "submit": {},
    "accept": {"note": "Kami periksa hari ini."},
    "start": {"planned_measure": "Survei lapangan", "target_date": SOON},
    "wait": {"waiting_for": "Telkomsel", "waiting_reference": "TT-1", "waiting_until": SOON},
    "resume": {},
    "resolve": {"outcome": "interim", "measures": ["survey"], "note": "Titik akses ditambah."},
    "confirm": {},
    "return": {"note": "Lengkapi titik lokasinya."},
    "decline": {"reason": "not_ours", "note": "Silakan ke operator."},
    "reopen": {"note": "Masih putus."},
    "withdraw": {"note": "Kegiatan batal."},
    "forward": {"note": "Di luar kemampuan kami."},
}
ROUTES = {
    State.DRAFT: [],
    State.SUBMITTED: ["submit"],
    State.RETURNED: ["submit", "return"],
    State.ACCEPTED: ["submit", "accept"],
    State.IN_PROGRESS: ["submit", "accept", "start"],
    State.WAITING: ["submit", "accept", "start", "wait"],
    State.RESOLVED: ["submit", "accept", "start", "resolve"],
    State.CLOSED: ["submit", "accept", "start", "resolve", "confirm"],
    State.DECLINED: ["submit", "decline"],
    State.WITHDRAWN: ["submit", "withdraw"],
}


def coordination_request(state=State.SUBMITTED, code="32.73.01.1001", *, filer=None, handler=None, **values):
    """A request in `state`, filed by the regency's election office and handled by its ICT office."""
    regency = ".".join(code.split(".")[:2])
    filer = filer or lead("kpu", regency)
    handler = handler or lead("kominfo", regency)
    values = {
        "region": region(code),
        "subject": "Sinyal lemah untuk pertemuan daring",
        "text": "Mohon diperiksa sebelum kegiatan.",
        "urgency": Urgency.NORMAL,
        "activity_on": None,
        "obstacles": values.pop("obstacles", None) or [obstacle(code, actor=filer)],
    } | values
    request, _new = filing.file_request(
        values, actor=filer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, submit=False
    )
    for verb in ROUTES[state]:
        actor = filer if verb in ("submit", "confirm", "withdraw", "reopen") else handler
        request = perform(request, verb, actor=actor, version=request.version, values=VALUES[verb])
    return request


def template(actor, verb="accept", text="Permohonan {nomor} kami terima.", title="Kami terima"):
    """A text that the lead `actor` keeps for a step of the own office."""
    values = {"verb": verb, "title": title, "text": text}
    return answer_templates.keep(values, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)[0]


__all__ = ["VALUES", "coordination_request", "lead", "official", "template"]
