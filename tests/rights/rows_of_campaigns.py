"""Who gets which answer on the pages of activities, schedules and forecasts."""

import uuid
from datetime import timedelta

from django.utils import timezone

from coordination.campaigns.models import CampaignActivity, ScheduleBatch
from coordination.forecast.models import Experience
from tests.files import upload
from tests.rights.answers import HIDDEN, KOMINFO, KPU, NOT_ALLOWED, Row, only

SEES_PAIRS = (*KPU, "kpu_viewer", "bawaslu", "bawaslu_lead")
SCHEDULE = b"kode,metode,tanggal,waktu\n"


def _by_schedule(things):
    return [things.schedule.key]


def _planning(things):
    day = timezone.localdate() + timedelta(days=2)
    return {
        "client_id": uuid.uuid4(), "region": things.obstacle.region.code, "method": things.activity.method_id,
        "platform": "zoom", "need": "host", "starts_at": f"{day}T09:00", "ends_at": f"{day}T11:00", "place": "Uji",
    }  # fmt: skip


def _by_activity(things):
    return [things.activity.number]


ROWS = {
    "campaigns:list": Row(),
    "campaigns:new": Row(
        get=only(KPU, 200, 302),
        post={"*": 302},
        body=_planning,
        outside={"*": 302, **dict.fromkeys(KPU, 422)},
        effect=lambda things: CampaignActivity.objects.count(),
        done_by=KPU,
    ),
    "campaigns:detail": Row(args=_by_activity, outside=HIDDEN),
    "campaigns:edit": Row(
        args=_by_activity,
        get=only(KPU, 200, 302),
        post={"*": 302},
        own_only=KPU,
        body=lambda things: _planning(things) | {"version": things.activity.version},
        effect=lambda things: CampaignActivity.objects.get(pk=things.activity.pk).place,
        done_by=KPU,
        outside=HIDDEN,
    ),
    "campaigns:step": Row(
        args=lambda things: [things.activity.number, "cancel"],
        post=only(KPU, 302, 409),
        own_only=KPU,
        body=lambda things: {"version": things.activity.version, "note": "Uji"},
        outside=HIDDEN,
    ),
    "campaigns:calendar": Row(),
    "campaigns:renew_feed": Row(get=NOT_ALLOWED, post={"*": 302}),
    "campaigns:feed": Row(args=lambda things: [things.calendar.secret], open_to_all=True, shows=True),
    # Who must not know the candidates is not told that there is such a report.
    "campaigns:treatment": Row(get=only(SEES_PAIRS, 200, 404)),
    "forecast:list": Row(),
    "forecast:rules": Row(),
    "forecast:honesty": Row(),
    "forecast:detail": Row(args=_by_activity, outside=HIDDEN),
    "forecast:network_held": Row(
        args=lambda things: [things.held.number],
        get=only(KPU, 200, 302),
        post={"*": 302},
        own_only=KPU,
        body=lambda things: {"client_id": uuid.uuid4(), "answer": "no", "trouble": "Uji"},
        effect=lambda things: Experience.objects.filter(activity=things.held).count(),
        done_by=KPU,
        outside=HIDDEN,
    ),
    "schedules:list": Row(get=only(SEES_PAIRS, 200, 404)),
    "schedules:new": Row(
        get=only(SEES_PAIRS, 302, 404) | dict.fromkeys(KPU, 200),
        post=only(SEES_PAIRS, 302, 404),
        body=lambda things: {"client_id": uuid.uuid4(), "file": upload("jadwal.csv", SCHEDULE, "text/csv")},
    ),
    "schedules:sample": Row(args=lambda things: ["csv"], get=only(SEES_PAIRS, 200, 404)),
    "schedules:batch": Row(args=_by_schedule, get=only(SEES_PAIRS, 200, 404), outside=HIDDEN),
    "schedules:step": Row(
        args=lambda things: [*_by_schedule(things), "setujui"],
        get=NOT_ALLOWED,
        post={"*": 302} | dict.fromkeys((*KOMINFO, "kominfo_viewer"), 404),
        outside=HIDDEN,
        effect=lambda things: ScheduleBatch.objects.get(pk=things.schedule.pk).state,
        done_by=KPU,
        own_only=KPU,
    ),
}
