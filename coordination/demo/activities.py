"""Activities of the demonstration in the last campaign that was held there; coming.py has those of the present day."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from coordination.campaigns import planning
from coordination.campaigns.choices import Need, Platform
from coordination.campaigns.models import CampaignActivity, CampaignMethod, CandidatePair
from coordination.campaigns.stages import elections_in
from coordination.demo.stories import village
from coordination.offices.choices import Kind

BACK = 24  # working days ago that they were registered, as a list of what had been
PAIRS = ("Contoh A dan Contoh B (simulasi)", "Contoh C dan Contoh D (simulasi)")
CALLED_OFF = "Gedung terendam banjir; tim kampanye memindahkan ke pekan berikutnya."


@dataclass(frozen=True)
class Plan:
    day: int  # of the campaign
    hour: int
    hours: int
    method: str
    platform: str
    need: str
    place: str
    people: int | None
    pair: int | None  # which of PAIRS
    verb: str = "hold"


PLANS = (
    Plan(6, 9, 2, "pertemuan-terbatas", Platform.ZOOM, Need.HOST, "Gedung serbaguna", 120, 0),
    Plan(9, 13, 2, "pertemuan-terbatas", Platform.MEET, Need.JOIN, "Aula kantor kelurahan", 60, 1),
    Plan(15, 19, 3, "tatap-muka-dialog", Platform.YOUTUBE, Need.STREAM, "Lapangan RW 05", 300, 0),
    Plan(21, 19, 2, "tatap-muka-dialog", Platform.FACEBOOK, Need.STREAM, "Balai pertemuan", 200, 1),
    Plan(30, 20, 2, "debat-publik", Platform.YOUTUBE, Need.WATCH, "Nonton bareng di balai warga", 150, None),
    Plan(34, 10, 2, "pertemuan-terbatas", Platform.ZOOM, Need.HOST, "Gedung serbaguna", 90, 1, "cancel"),
)


def show_activities(stage, regency):
    """Put the plans of a regency on the stage: registered, then held or cancelled."""
    over = elections_in(regency).filter(voting_date__lt=stage.diary.now)
    election = over.order_by("-voting_date").first()
    contest = election.contests.filter(region=regency).first() if election else None
    if contest is None:
        return
    pairs = [
        CandidatePair.objects.get_or_create(contest=contest, number=number, defaults={"names": names})[0]
        for number, names in enumerate(PAIRS, 1)
    ]
    officer = stage.cast.officer(stage.cast.office(Kind.KPU, regency.code).pk)
    methods = CampaignMethod.objects.in_bulk(field_name="slug")
    for number, plan in enumerate(PLANS):
        begins = datetime.combine(election.campaign_from + timedelta(days=plan.day), time(plan.hour))
        begins = begins.replace(tzinfo=ZoneInfo(regency.time_zone))
        values = {
            "election": election, "region": village(regency, stage.rng), "place": plan.place,
            "candidate_pair": None if plan.pair is None else pairs[plan.pair], "method": methods[plan.method],
            "platform": plan.platform, "need": plan.need, "participants": plan.people, "starts_at": begins,
            "ends_at": begins + timedelta(hours=plan.hours),
            "sttp_number": "" if plan.verb == "cancel" else f"STTP/{number + 1:02d}/SIMULASI/{begins.year}",
        }  # fmt: skip
        at = stage.diary.moment(BACK, (number + 1) / 10, regency.time_zone)
        stage.plan(at, partial(_register, values, plan.verb, officer))


def _register(values, verb, officer, at):
    made, _new = planning.register(values, actor=officer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, at=at)
    note = CALLED_OFF if verb == "cancel" else ""
    planning.perform(made, verb, actor=officer, version=made.version, note=note, at=at)
    CampaignActivity.objects.filter(pk=made.pk).update(updated_at=at)
