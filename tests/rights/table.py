"""Who gets which answer where. Every address of the URLconf has its row; one without fails the build.

A row gives the answer to GET and to POST for readers inside (own region or one below), for those outside (sister
region, none in common, or the thing lies above them), by role where roles differ ("*" is everybody else). Strangers
are sent to sign in (302) unless the row says that it is open. `args` names the thing, `body` is a valid form, so that
a POST is refused for want of rights and not for want of a field. Where the allowed and the refused are answered alike,
`effect` reads what the POST would change, and `done_by` names the roles for whom it does.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from coordination.campaigns.models import CampaignActivity, ScheduleBatch
from coordination.forecast.models import Experience
from coordination.networks.models import ImportBatch, OutageBatch, PlannedOutage
from coordination.networks.outage_lists import SAMPLE
from coordination.obstacles.models import Obstacle
from coordination.offices.models import Invitation, Official
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import VALUES
from tests.files import PDF, upload

ANYONE = {"*": 200}
NOT_ALLOWED = {"*": 405}
HIDDEN = {"*": 404}


def _nothing(things):
    return []


def _empty(things):
    return {}


@dataclass(frozen=True)
class Row:
    get: dict = field(default_factory=lambda: dict(ANYONE))
    post: dict = field(default_factory=lambda: dict(NOT_ALLOWED))
    outside: dict | None = None  # None: the address names no thing, so everybody is inside
    args: object = _nothing
    body: object = _empty
    open_to_all: bool = False
    shows: bool = False  # the address itself is the right to what it shows
    own_only: tuple = ()  # roles whose entry counts in the own region alone; elsewhere they are "*"
    effect: object = None
    done_by: tuple = ()


def _by_request(things):
    return [things.request.slug]


def _by_obstacle(things):
    return [things.obstacle.number]


def _by_schedule(things):
    return [things.schedule.key]


def _office(things):
    return [things.filer.office.pk]


def _filing(things):
    return {
        "client_id": uuid.uuid4(), "region": things.obstacle.region.code, "subject": "Uji", "text": "Uji",
        "urgency": "normal", "obstacles": [things.obstacle.pk], "decision": "draft",
    }  # fmt: skip


def _reporting(things):
    return {
        "client_id": uuid.uuid4(), "region": things.obstacle.region.code, "kind": "power",
        "since": "2026-01-05T09:00", "description": "Uji", "decision": "new",
    }  # fmt: skip


def _measuring(things):
    return {
        "client_id": uuid.uuid4(), "region": things.obstacle.region.code, "measured_at": "2026-01-05T09:00",
        "download_mbps": "2",
    }  # fmt: skip


def _planning(things):
    day = timezone.localdate() + timedelta(days=2)
    return {
        "client_id": uuid.uuid4(), "region": things.obstacle.region.code, "method": things.activity.method_id,
        "platform": "zoom", "need": "host", "starts_at": f"{day}T09:00", "ends_at": f"{day}T11:00", "place": "Uji",
    }  # fmt: skip


def _by_activity(things):
    return [things.activity.number]


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


KPU = ("kpu", "kpu_lead")
KOMINFO = ("kominfo", "kominfo_lead")
SEES_PAIRS = (*KPU, "kpu_viewer", "bawaslu", "bawaslu_lead")
SCHEDULE = b"kode,metode,tanggal,waktu\n"


def _only(roles, answer, other):
    return dict.fromkeys(roles, answer) | {"*": other}


TABLE = {
    "my_work": Row(),
    "requests:list": Row(),
    # Inside a region whoever files may; the form refuses regions outside (tested below with foreign bodies).
    "requests:new": Row(
        get=_only(KPU, 200, 302),
        post=_only(KPU, 302, 302),
        body=_filing,
        outside={"*": 302, **dict.fromkeys(KPU, 422)},
        effect=lambda things: CoordinationRequest.objects.count(),
        done_by=KPU,
    ),
    "requests:detail": Row(args=_by_request, outside=HIDDEN),
    "requests:edit": Row(
        args=lambda things: [things.draft.slug],
        own_only=(*KPU, "kpu_viewer"),
        get=_only(KPU, 200, 404) | {"kpu_viewer": 302},
        post=_only((*KPU, "kpu_viewer"), 302, 404),
        body=lambda things: _filing(things) | {"version": things.draft.version},
        outside=HIDDEN,
    ),
    "requests:step": Row(
        args=lambda things: [things.request.slug, "start"],
        post=_only(KOMINFO, 302, 409),
        own_only=KOMINFO,
        body=lambda things: VALUES["start"] | {"version": things.request.version},
        outside=HIDDEN,
    ),
    "requests:comment": Row(
        args=_by_request,
        post=_only(KPU + KOMINFO, 302, 422),
        own_only=KPU + KOMINFO,
        body=lambda things: {"client_id": uuid.uuid4(), "text": "Uji"},
        outside=HIDDEN,
    ),
    "requests:attach": Row(
        args=_by_request,
        post=_only(KPU + KOMINFO, 302, 422),
        own_only=KPU + KOMINFO,
        body=lambda things: {"files": upload("lain.pdf", PDF + b"%", "application/pdf")},
        outside=HIDDEN,
    ),
    "requests:attachment": Row(args=lambda things: [things.request.slug, things.attachment.key], outside=HIDDEN),
    "obstacles:list": Row(),
    "obstacles:report": Row(
        get=_only(KPU + KOMINFO, 200, 302),
        post={"*": 302},
        body=_reporting,
        outside={"*": 302, **dict.fromkeys(KPU + KOMINFO, 422)},
        effect=lambda things: Obstacle.objects.count(),
        done_by=KPU + KOMINFO,
    ),
    "obstacles:detail": Row(args=_by_obstacle, outside=HIDDEN),
    "obstacles:edit": Row(
        args=_by_obstacle,
        get=_only(KPU, 200, 302),
        post={"*": 302},
        own_only=KPU,
        body=lambda things: _reporting(things) | {"version": things.obstacle.version},
        effect=lambda things: Obstacle.objects.get(pk=things.obstacle.pk).description,
        done_by=KPU,
        outside=HIDDEN,
    ),
    "obstacles:step": Row(
        args=lambda things: [things.obstacle.number, "confirm"],
        post=_only(KOMINFO, 302, 409),
        body=lambda things: {"version": things.obstacle.version, "note": "Uji"},
        outside=HIDDEN,
    ),
    "obstacles:join": Row(
        args=_by_obstacle,
        post=_only(KPU + KOMINFO, 302, 409),
        body=lambda things: {"client_id": uuid.uuid4(), "need": "Uji"},
        outside=HIDDEN,
    ),
    "obstacles:photo": Row(args=lambda things: [things.obstacle.number, things.photo.key], outside=HIDDEN),
    "networks:measure": Row(
        get=_only(KPU + KOMINFO, 200, 302),
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
    "campaigns:list": Row(),
    "campaigns:new": Row(
        get=_only(KPU, 200, 302),
        post={"*": 302},
        body=_planning,
        outside={"*": 302, **dict.fromkeys(KPU, 422)},
        effect=lambda things: CampaignActivity.objects.count(),
        done_by=KPU,
    ),
    "campaigns:detail": Row(args=_by_activity, outside=HIDDEN),
    "campaigns:edit": Row(
        args=_by_activity,
        get=_only(KPU, 200, 302),
        post={"*": 302},
        own_only=KPU,
        body=lambda things: _planning(things) | {"version": things.activity.version},
        effect=lambda things: CampaignActivity.objects.get(pk=things.activity.pk).place,
        done_by=KPU,
        outside=HIDDEN,
    ),
    "campaigns:step": Row(
        args=lambda things: [things.activity.number, "cancel"],
        post=_only(KPU, 302, 409),
        own_only=KPU,
        body=lambda things: {"version": things.activity.version, "note": "Uji"},
        outside=HIDDEN,
    ),
    "campaigns:calendar": Row(),
    "campaigns:renew_feed": Row(get=NOT_ALLOWED, post={"*": 302}),
    "campaigns:feed": Row(args=lambda things: [things.calendar.secret], open_to_all=True, shows=True),
    # Who must not know the candidates is not told that there is such a report.
    "campaigns:treatment": Row(get=_only(SEES_PAIRS, 200, 404)),
    "forecast:list": Row(),
    "forecast:rules": Row(),
    "forecast:honesty": Row(),
    "forecast:detail": Row(args=_by_activity, outside=HIDDEN),
    "forecast:network_held": Row(
        args=lambda things: [things.held.number],
        get=_only(KPU, 200, 302),
        post={"*": 302},
        own_only=KPU,
        body=lambda things: {"client_id": uuid.uuid4(), "answer": "no", "trouble": "Uji"},
        effect=lambda things: Experience.objects.filter(activity=things.held).count(),
        done_by=KPU,
        outside=HIDDEN,
    ),
    "outages:list": Row(),
    "outages:new": Row(
        get=_only(KOMINFO, 200, 302),
        post={"*": 302},
        body=_announcing,
        outside={"*": 302, **dict.fromkeys(KOMINFO, 422)},
        effect=lambda things: PlannedOutage.objects.count(),
        done_by=KOMINFO,
    ),
    # A notice is read and shown to its sender; what it names is sought among what the sender may change.
    "outages:notice": Row(
        get=_only(KOMINFO, 200, 302),
        post=_only(KOMINFO, 200, 302),
        body=lambda things: {"text": "X-MAINTNOTE-PROVIDER: Uji\nX-MAINTNOTE-MAINTENANCE-ID: 1"},
    ),
    "outage_lists:list": Row(),
    "outage_lists:new": Row(
        get=_only(("kominfo_lead",), 200, 302),
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
        get=_only(KOMINFO, 200, 302),
        post={"*": 302},
        body=lambda things: _announcing(things) | {"version": things.outage.version},
        effect=lambda things: PlannedOutage.objects.get(pk=things.outage.pk).provider,
        done_by=KOMINFO,
        outside=HIDDEN,
    ),
    "outages:step": Row(
        args=lambda things: [things.outage.number, "confirm"],
        post=_only(KOMINFO, 302, 409),
        body=lambda things: {"version": things.outage.version, "note": "Uji"},
        outside=HIDDEN,
    ),
    "schedules:list": Row(get=_only(SEES_PAIRS, 200, 404)),
    "schedules:new": Row(
        get=_only(SEES_PAIRS, 302, 404) | dict.fromkeys(KPU, 200),
        post=_only(SEES_PAIRS, 302, 404),
        body=lambda things: {"client_id": uuid.uuid4(), "file": upload("jadwal.csv", SCHEDULE, "text/csv")},
    ),
    "schedules:sample": Row(args=lambda things: ["csv"], get=_only(SEES_PAIRS, 200, 404)),
    "schedules:batch": Row(args=_by_schedule, get=_only(SEES_PAIRS, 200, 404), outside=HIDDEN),
    "schedules:step": Row(
        args=lambda things: [*_by_schedule(things), "setujui"],
        get=NOT_ALLOWED,
        post={"*": 302} | dict.fromkeys((*KOMINFO, "kominfo_viewer"), 404),
        outside=HIDDEN,
        effect=lambda things: ScheduleBatch.objects.get(pk=things.schedule.pk).state,
        done_by=KPU,
        own_only=KPU,
    ),
    "levels:list": Row(),
    # Rows of foreign regions are faults of the list, found by the worker; see coordination/networks/tests.
    "levels:new": Row(
        get=_only(("kominfo_lead",), 200, 302),
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
    "offices:list": Row(),
    "offices:detail": Row(args=_office, outside=HIDDEN),
    "offices:invite": Row(
        args=_office,
        get=_only(("kpu_lead",), 200, 302),
        post=_only(("kpu_lead",), 200, 302),
        own_only=("kpu_lead",),
        body=lambda things: {"client_id": uuid.uuid4(), "name": "Uji", "role": "officer"},
        outside=HIDDEN,
    ),
    # Who may not is told so by a message on the page that the redirect leads to; see coordination/people/tests.
    "offices:revoke": Row(
        args=lambda things: [things.invitation.pk],
        get=NOT_ALLOWED,
        post={"*": 302},
        outside=HIDDEN,
        effect=lambda things: Invitation.objects.get(pk=things.invitation.pk).revoked_at,
        done_by=("kpu_lead",),
        own_only=("kpu_lead",),
    ),
    "offices:edit": Row(
        args=lambda things: [things.filer.pk],
        get=_only(("kpu_lead",), 200, 302),
        post={"*": 302},
        body=lambda things: {"version": things.filer.version, "name": "Uji", "role": "lead"},
        own_only=("kpu_lead",),
        effect=lambda things: Official.objects.get(pk=things.filer.pk).name,
        done_by=("kpu_lead",),
        outside=HIDDEN,
    ),
    "offices:switch": Row(
        args=lambda things: [things.filer.pk, "nonaktif"],
        get=NOT_ALLOWED,
        post={"*": 302},
        body=lambda things: {"version": things.filer.version},
        effect=lambda things: Official.objects.get(pk=things.filer.pk).is_active,
        done_by=("kpu_lead",),
        own_only=("kpu_lead",),
        outside=HIDDEN,
    ),
    "accept_invitation": Row(args=lambda things: [things.token], post={"*": 422}, open_to_all=True, shows=True),
    "notifications:list": Row(),
    "notifications:read": Row(get=NOT_ALLOWED, post={"*": 302}),
    "regions": Row(),
    "region_search": Row(),
    "region": Row(args=lambda things: [things.obstacle.region.code], outside=HIDDEN),
    "account_inactive": Row(open_to_all=True),
    "account_login": Row(get={"*": 302}, post={"*": 302}, open_to_all=True),
    "account_logout": Row(post={"*": 302}),
    "account_change_password": Row(post={"*": 200}),
    "account_reset_password": Row(post={"*": 200}, open_to_all=True),
    "account_reset_password_done": Row(open_to_all=True, post={"*": 405}),
    "account_reset_password_from_key": Row(args=lambda things: ["x", "y"], post={"*": 200}, open_to_all=True),
    "account_reset_password_from_key_done": Row(open_to_all=True, post={"*": 405}),
    "usersessions_list": Row(post={"*": 302}),
    "upload": Row(args=lambda things: [things.upload.key], get=NOT_ALLOWED, post=NOT_ALLOWED),
    "service_worker": Row(open_to_all=True, post={"*": 405}),
    "manifest": Row(open_to_all=True, post={"*": 405}),
    "offline": Row(open_to_all=True, post={"*": 405}),
    "set_language": Row(get={"*": 302}, post={"*": 302}, open_to_all=True),
    "favicon": Row(get={"*": 301}, post={"*": 301}, open_to_all=True),
    "healthz": Row(open_to_all=True, post={"*": 405}),
    "readyz": Row(open_to_all=True, post={"*": 405}),
}
