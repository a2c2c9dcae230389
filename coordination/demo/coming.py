"""A made-up election that runs on the day of loading, since none does in truth: what is planned in it, what was held,
and what was measured at those places, so that the forecast has something to tell."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from coordination.campaigns import planning
from coordination.campaigns.choices import Confidence, Need, Platform, StageKind
from coordination.campaigns.models import CampaignActivity, CampaignMethod, Contest, Election, ElectionMethod, Stage
from coordination.demo.stories import village
from coordination.forecast import experience
from coordination.forecast.choices import Answer
from coordination.forecast.refreshing import refresh_regency
from coordination.networks.recording import record_assessment
from coordination.offices.choices import Kind

NAME, SOURCE = "Pemilihan Contoh (simulasi)", "Contoh untuk peragaan, bukan ketentuan"
BEGAN, ENDS, QUIET = timedelta(days=30), timedelta(days=45), timedelta(days=3)
DAY, AFTER = timedelta(days=1), timedelta(hours=1)
MEASURED_BACK, PLANNED_BACK = 16, 14  # working days ago
# Download and upload in Mbps, latency in ms.
FIGURES = {"strong": (24, 9, 45), "medium": (6, 2, 120), "weak": (1.2, 0.4, 310)}


@dataclass(frozen=True)
class Plan:
    days: int  # ahead of the day of loading, or back
    hour: int
    hours: int
    method: str
    platform: str
    need: str
    place: str
    people: int
    network: str | None  # what was measured in its village
    answer: str = ""
    trouble: str = ""


PLANS = (
    Plan(
        -9,
        13,
        2,
        "pertemuan-terbatas",
        Platform.ZOOM,
        Need.HOST,
        "Aula kecamatan",
        90,
        "weak",
        Answer.TROUBLE,
        "Gambar macet selama setengah jam, suara tetap jalan.",
    ),
    Plan(-8, 10, 2, "pertemuan-terbatas", Platform.MEET, Need.JOIN, "Balai RW 02", 40, "medium", Answer.YES),
    Plan(
        -6,
        19,
        2,
        "tatap-muka-dialog",
        Platform.YOUTUBE,
        Need.STREAM,
        "Lapangan RW 05",
        250,
        "weak",
        Answer.NO,
        "Siaran berhenti setelah lima menit dan tidak dapat disambung lagi.",
    ),
    Plan(-4, 9, 2, "pertemuan-terbatas", Platform.ZOOM, Need.HOST, "Gedung serbaguna", 120, "strong", Answer.YES),
    Plan(-1, 15, 1, "pertemuan-terbatas", Platform.ZOOM, Need.JOIN, "Balai warga", 30, "medium"),
    Plan(2, 9, 2, "pertemuan-terbatas", Platform.ZOOM, Need.HOST, "Aula kelurahan", 80, "weak"),
    Plan(4, 19, 2, "tatap-muka-dialog", Platform.FACEBOOK, Need.STREAM, "Balai pertemuan", 200, "strong"),
    Plan(6, 13, 2, "pertemuan-terbatas", Platform.MEET, Need.HOST, "Gedung serbaguna", 100, "medium"),
    Plan(9, 10, 2, "pertemuan-terbatas", Platform.ZOOM, Need.JOIN, "Balai RW 07", 35, None),
    Plan(13, 20, 2, "debat-publik", Platform.YOUTUBE, Need.WATCH, "Nonton bareng di balai warga", 150, "weak"),
)


def make_election(regencies, today):
    """The election, held in all these regencies, with every method of campaigning."""
    begins, ends = today - BEGAN, today + ENDS
    voting = ends + QUIET + DAY
    election = Election.objects.create(
        slug="contoh", name=NAME, source=SOURCE, campaign_from=begins, campaign_to=ends, voting_date=voting
    )
    kinds = {
        StageKind.CAMPAIGN: ("Masa kampanye", begins, ends),
        StageKind.QUIET: ("Masa tenang", ends + DAY, ends + QUIET),
        StageKind.VOTING: ("Pemungutan suara", voting, voting),
    }
    shared = {"election": election, "source": SOURCE, "confidence": Confidence.HIGH}
    for kind, (name, first, last) in kinds.items():
        Stage.objects.create(kind=kind, name=name, starts_on=first, ends_on=last, **shared)
    for method in CampaignMethod.objects.all():
        ElectionMethod.objects.create(method=method, **shared)
    Contest.objects.bulk_create(Contest(region=regency, **shared) for regency in regencies)
    return election


def show_coming(stage, regency, election):
    """Put what is planned in a regency on the stage, with what was measured there and what was answered."""
    officer = stage.cast.officer(stage.cast.office(Kind.KPU, regency.code).pk)
    surveyor = stage.cast.officer(stage.cast.office(Kind.KOMINFO, regency.code).pk)
    methods = CampaignMethod.objects.in_bulk(field_name="slug")
    zone = ZoneInfo(regency.time_zone)
    today = stage.diary.now.astimezone(zone).date()
    for number, plan in enumerate(PLANS):
        begins = datetime.combine(today + plan.days * DAY, time(plan.hour), zone)
        values = {
            "election": election, "region": village(regency, stage.rng), "place": plan.place,
            "method": methods[plan.method], "platform": plan.platform, "need": plan.need,
            "participants": plan.people, "starts_at": begins, "ends_at": begins + timedelta(hours=plan.hours),
            "sttp_number": f"STTP/{number + 1:02d}/SIMULASI/{begins.year}" if plan.days < 3 else "",
        }  # fmt: skip
        share = (number + 1) / (len(PLANS) + 1)
        if plan.network:
            at = stage.diary.moment(MEASURED_BACK, share, regency.time_zone)
            stage.plan(at, partial(_measure, values, plan.network, surveyor))
        at = stage.diary.moment(PLANNED_BACK, share, regency.time_zone)
        stage.plan(at, partial(_plan, values, officer))
        if plan.answer:
            stage.plan(values["ends_at"] + AFTER, partial(_answer, values, plan, officer))


def _measure(values, network, surveyor, at):
    figures = dict(zip(("download_mbps", "upload_mbps", "latency_ms"), FIGURES[network], strict=True))
    place = {"region": values["region"], "place": values["place"], "measured_at": at, "source": "Simulasi"}
    record_assessment(
        place | figures, actor=surveyor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, at=at
    )  # fmt: skip


def _plan(values, officer, at):
    """Register it, with the forecast that it had then."""
    made, _new = planning.register(values, actor=officer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, at=at)
    refresh_regency(made.region.regency_path, now=at)


def _answer(values, plan, officer, at):
    """Tell how the network did, unless the demonstration is loaded for a day that has not come."""
    held = CampaignActivity.objects.get(region=values["region"], starts_at=values["starts_at"], place=plan.place)
    if held.has_begun:
        told = {"answer": plan.answer, "trouble": plan.trouble}
        experience.answer(held, told, actor=officer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, at=at)
        CampaignActivity.objects.filter(pk=held.pk).update(updated_at=at)
