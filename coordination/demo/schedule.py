"""Simulated activities of the made-up election all over the country: the weaker the network of a regency, the less is
held online there, more or less. Who looks for the connection in the figures finds what was put in here."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from coordination.campaigns.choices import Need, Platform
from coordination.campaigns.importing import ScheduleImport
from coordination.campaigns.models import CampaignActivity, CampaignMethod
from coordination.campaigns.queries import voting_regencies
from coordination.campaigns.schedules import Planned
from coordination.demo import lists
from coordination.demo.lists import Drawn
from coordination.networks.choices import NetworkLevel
from coordination.offices.choices import Kind
from coordination.offices.models import Official

HEADER = ("kode", "tempat", "metode", "platform", "kebutuhan", "tanggal", "waktu", "peserta", "sttp")
# So many regencies try it online; in the others people only meet.
TRYING = 120
# By the level that a regency shows: how likely it is among them, one with 2 being twice as likely as one with 1, and
# the share that it holds online then, as the middle of a wide range.
EAGER = {NetworkLevel.STRONG: 5, NetworkLevel.MEDIUM: 2, NetworkLevel.WEAK: 0.6, NetworkLevel.NO_SIGNAL: 0.4}
ONLINE = {NetworkLevel.STRONG: 0.65, NetworkLevel.MEDIUM: 0.5, NetworkLevel.WEAK: 0.35, NetworkLevel.NO_SIGNAL: 0.2}
UNMEASURED_EAGER, UNMEASURED_ONLINE, SPREAD = 2, 0.5, 0.3
DAYS = (-19, -12, -6, -2, 3, 6, 10, 14, 19)  # from the day of loading
NOTICE = 3  # days before it that the police have its notice
HOURS, LONG = (9, 13, 15, 19), timedelta(hours=2)
PLACES = ("Gedung serbaguna", "Aula kecamatan", "Balai pertemuan", "Lapangan desa", "Rumah warga")
PEOPLE = (30, 50, 80, 120, 200)


@dataclass(frozen=True)
class Form:
    method: str
    platform: str = Platform.NONE
    need: str = Need.NONE


OVER_A_NETWORK = (
    Form("pertemuan-terbatas", Platform.ZOOM, Need.HOST),
    Form("pertemuan-terbatas", Platform.MEET, Need.JOIN),
    Form("tatap-muka-dialog", Platform.YOUTUBE, Need.STREAM),
    Form("tatap-muka-dialog", Platform.FACEBOOK, Need.STREAM),
    Form("debat-publik", Platform.YOUTUBE, Need.WATCH),
)
WITHOUT = (
    Form("pertemuan-terbatas"), Form("pertemuan-terbatas"), Form("tatap-muka-dialog"), Form("tatap-muka-dialog"),
    Form("bahan-kampanye"),
)  # fmt: skip


class DrawnSchedule(Drawn, ScheduleImport):
    pass


def show_schedule(stage, election, but, rng):
    """Let the admin import activities for the election offices of all regencies but those with the codes `but`.

    Returns the batch.
    """
    regencies = voting_regencies(election).exclude(code__in=but).select_related("network").order_by("path")
    levels = {regency: regency.network.level if hasattr(regency, "network") else None for regency in regencies}
    methods = CampaignMethod.objects.in_bulk(field_name="slug")
    trying, today = _some(levels, rng), timezone.localdate(stage.diary.now)
    activities = [
        CampaignActivity(election=election, region=regency, method=methods[form.method], **values)
        for regency, level in levels.items()
        for form, values in _drawn(regency, level, regency in trying, today, rng)
    ]
    rows = [
        Planned(number, stage.cast.office(Kind.KPU, activity.region.code).pk, activity)
        for number, activity in enumerate(activities, lists.FIRST)
    ]
    lines = [HEADER, *map(_line, activities)]
    admin = Official.objects.get(username="admin")
    return lists.bring(DrawnSchedule(rows), "simulasi-jadwal.csv", lines, actor=admin)


def _some(levels, rng):
    """Those that try it, drawn without putting back, by the weights of EAGER (Efraimidis and Spirakis)."""
    drawn = {regency: rng.random() ** (1 / EAGER.get(level, UNMEASURED_EAGER)) for regency, level in levels.items()}
    return set(sorted(drawn, key=drawn.get)[-TRYING:])


def _drawn(regency, level, is_trying, today, rng):
    """(Form, the other fields) of each activity of a regency, no two on one day."""
    number = rng.randint(2, 5) if is_trying else rng.randint(1, 2)
    share = rng.gauss(ONLINE.get(level, UNMEASURED_ONLINE), SPREAD) if is_trying else 0
    for place, days in enumerate(rng.sample(DAYS, number), 1):
        form = rng.choice(OVER_A_NETWORK if rng.random() < share else WITHOUT)
        day = today + timedelta(days=days)
        begins = datetime.combine(day, time(rng.choice(HOURS)), ZoneInfo(regency.time_zone))
        yield form, {
            "place": rng.choice(PLACES), "platform": form.platform, "need": form.need, "starts_at": begins,
            "ends_at": begins + LONG, "participants": rng.choice(PEOPLE),
            "sttp_number": f"STTP/{place:02d}/SIMULASI/{today.year}" if days < NOTICE else "",
        }  # fmt: skip


def _line(activity):
    """The activity as a line of the list."""
    return (
        activity.region.code, activity.place, activity.method.slug, activity.platform.value, activity.need.value,
        f"{activity.starts_at:%Y-%m-%d}", f"{activity.starts_at:%H.%M} - {activity.ends_at:%H.%M}",
        activity.participants, activity.sttp_number,
    )  # fmt: skip
