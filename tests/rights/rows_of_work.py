"""Who gets which answer on the pages of requests, obstacles and what they tell people."""

import uuid

from coordination.notifications.choices import Kind, Timing
from coordination.notifications.unsubscribing import token
from coordination.obstacles.models import Obstacle
from coordination.requests.models import AnswerTemplate, CoordinationRequest
from coordination.requests.tests.factories import VALUES
from tests.files import PDF, upload
from tests.rights.answers import HIDDEN, KOMINFO, KPU, NOT_ALLOWED, Row, only


def _by_request(things):
    return [things.request.slug]


def _by_obstacle(things):
    return [things.obstacle.number]


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


def _template(things):
    return {"verb": "confirm", "title": "Uji", "text": "Uji {nomor}"}


OWN_TEMPLATE = ("kpu_lead", "kpu", "kpu_viewer")
ROWS = {
    "my_work": Row(),
    "requests:list": Row(),
    # Inside a region whoever files may; the form refuses regions outside (tested below with foreign bodies).
    "requests:new": Row(
        get=only(KPU, 200, 302),
        post=only(KPU, 302, 302),
        body=_filing,
        outside={"*": 302, **dict.fromkeys(KPU, 422)},
        effect=lambda things: CoordinationRequest.objects.count(),
        done_by=KPU,
    ),
    "requests:detail": Row(args=_by_request, outside=HIDDEN),
    "requests:lateness": Row(),
    "requests:lateness_list": Row(),
    "requests:times": Row(),
    "requests:deadlines": Row(args=_by_request, outside=HIDDEN),
    "requests:edit": Row(
        args=lambda things: [things.draft.slug],
        own_only=(*KPU, "kpu_viewer"),
        get=only(KPU, 200, 404) | {"kpu_viewer": 302},
        post=only((*KPU, "kpu_viewer"), 302, 404),
        body=lambda things: _filing(things) | {"version": things.draft.version},
        outside=HIDDEN,
    ),
    "requests:step": Row(
        args=lambda things: [things.request.slug, "start"],
        post=only(KOMINFO, 302, 409),
        own_only=KOMINFO,
        body=lambda things: VALUES["start"] | {"version": things.request.version},
        outside=HIDDEN,
    ),
    # It only shows the page of the request, with what was typed so far.
    "requests:fill": Row(
        args=lambda things: [things.request.slug, "start"],
        post={"*": 200},
        body=lambda things: VALUES["start"] | {"version": things.request.version, "templat": things.template.pk},
        outside=HIDDEN,
    ),
    "requests:templates": Row(),
    # Each kind of office keeps texts for its own steps: that of the body is one of the election offices'.
    # Whoever may, keeps it for the own office; who may not, see coordination/requests/tests/test_answer_templates.py.
    "requests:new_template": Row(
        get=only(("kpu_lead", "kominfo_lead"), 200, 302),
        post={"kominfo_lead": 422, "*": 302},
        body=lambda things: _template(things) | {"client_id": uuid.uuid4()},
        outside={"kominfo_lead": 422, "*": 302},
    ),
    "requests:template": Row(
        args=lambda things: [things.template.pk],
        own_only=OWN_TEMPLATE,
        get={"kpu_lead": 200, "kpu": 302, "kpu_viewer": 302, "*": 404},
        post=only(OWN_TEMPLATE, 302, 404),
        body=lambda things: _template(things) | {"version": things.template.version},
        effect=lambda things: AnswerTemplate.objects.get(pk=things.template.pk).title,
        done_by=("kpu_lead",),
        outside=HIDDEN,
    ),
    "requests:switch_template": Row(
        args=lambda things: [things.template.pk, "nonaktif"],
        own_only=OWN_TEMPLATE,
        get=NOT_ALLOWED,
        post=only(OWN_TEMPLATE, 302, 404),
        body=lambda things: {"version": things.template.version},
        effect=lambda things: AnswerTemplate.objects.get(pk=things.template.pk).is_active,
        done_by=("kpu_lead",),
        outside=HIDDEN,
    ),
    "requests:comment": Row(
        args=_by_request,
        post=only(KPU + KOMINFO, 302, 422),
        own_only=KPU + KOMINFO,
        body=lambda things: {"client_id": uuid.uuid4(), "text": "Uji"},
        outside=HIDDEN,
    ),
    "requests:attach": Row(
        args=_by_request,
        post=only(KPU + KOMINFO, 302, 422),
        own_only=KPU + KOMINFO,
        body=lambda things: {"files": upload("lain.pdf", PDF + b"%", "application/pdf")},
        outside=HIDDEN,
    ),
    "requests:attachment": Row(args=lambda things: [things.request.slug, things.attachment.key], outside=HIDDEN),
    "obstacles:list": Row(),
    "obstacles:report": Row(
        get=only(KPU + KOMINFO, 200, 302),
        post={"*": 302},
        body=_reporting,
        outside={"*": 302, **dict.fromkeys(KPU + KOMINFO, 422)},
        effect=lambda things: Obstacle.objects.count(),
        done_by=KPU + KOMINFO,
    ),
    "obstacles:detail": Row(args=_by_obstacle, outside=HIDDEN),
    "obstacles:edit": Row(
        args=_by_obstacle,
        get=only(KPU, 200, 302),
        post={"*": 302},
        own_only=KPU,
        body=lambda things: _reporting(things) | {"version": things.obstacle.version},
        effect=lambda things: Obstacle.objects.get(pk=things.obstacle.pk).description,
        done_by=KPU,
        outside=HIDDEN,
    ),
    "obstacles:step": Row(
        args=lambda things: [things.obstacle.number, "confirm"],
        post=only(KOMINFO, 302, 409),
        body=lambda things: {"version": things.obstacle.version, "note": "Uji"},
        outside=HIDDEN,
    ),
    "obstacles:join": Row(
        args=_by_obstacle,
        post=only(KPU + KOMINFO, 302, 409),
        body=lambda things: {"client_id": uuid.uuid4(), "need": "Uji"},
        outside=HIDDEN,
    ),
    "obstacles:photo": Row(args=lambda things: [things.obstacle.number, things.photo.key], outside=HIDDEN),
    "notifications:list": Row(),
    "notifications:read": Row(get=NOT_ALLOWED, post={"*": 302}),
    "notifications:settings": Row(
        post={"*": 302}, body=lambda things: {"version": 1} | dict.fromkeys(Kind.values, Timing.DAILY)
    ),
    "notifications:confirm_address": Row(get=NOT_ALLOWED, post={"*": 302}),
    # Who holds the mail holds the link: what it stops are the mails to the person it was sent to.
    "notifications:unsubscribe": Row(
        args=lambda things: [token(things.filer, Kind.STEPS)],
        post={"*": 200},
        open_to_all=True,
        shows=True,
    ),
    "upload": Row(args=lambda things: [things.upload.key], get=NOT_ALLOWED, post=NOT_ALLOWED),
}
