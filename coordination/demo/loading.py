"""Loads the demonstration: all of it or nothing, into a portal that nobody uses yet."""

import random
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.campaigns.models import Election
from coordination.common.errors import DomainError
from coordination.demo import accounts
from coordination.demo.activities import show_activities
from coordination.demo.coming import make_election, show_coming
from coordination.demo.diary import Diary
from coordination.demo.levels import show_levels
from coordination.demo.outages import show_outages
from coordination.demo.pictures import sample_picture
from coordination.demo.routes import OBSTACLE_ROUTES, ROUTES
from coordination.demo.schedule import show_schedule
from coordination.demo.standing_in import show_absences, show_templates
from coordination.demo.stories import ObstacleStory, RequestStory, Stage, village
from coordination.demo.texts import NOT_NETWORK
from coordination.notifications.models import Notification
from coordination.obstacles.choices import ObstacleKind
from coordination.offices.choices import Kind
from coordination.offices.models import Office, Official
from coordination.regions.models import Region
from coordination.requests.escalation import escalate_due
from coordination.requests.models import CoordinationRequest
from coordination.requests.workflow import close_unconfirmed
from coordination.workdays.calendars import calendar_of

ELECTION = "pilkada-2020"
DAYS = 30  # working days that the stories may reach back
SEED = 2020
NEWS_FOR = timedelta(days=2)
LOCK = 7_273_2022

# The two regencies of the guided tour show every route; of the others a part shows one or two.
SHOWN_WHOLE = ("32.73", "32.04")
ORDINARY_REGENCIES = 90
PASSED_OVER = ("32.05", "36.02", "73.16")  # on the red list: their requests go to the province
PROVINCES = {
    "32": ("in progress", "submitted", "closed"),
    "13": ("waiting",),
    "62": ("in progress",),
    "72": ("closed",),
}


class Refused(DomainError):
    """The demonstration is not for this portal; nothing was loaded."""


def load(say=lambda text: None, now=None):
    """Load offices, accounts, obstacles and requests. Returns whether anything was done.

    Raises Refused outside demo settings, when somebody already has an account, and without regions and elections.
    """
    if not settings.DEMO:
        raise Refused(_("The demonstration loads only with PORTAL_DEMO=True; these are the settings of production."))
    with transaction.atomic():
        _lock()
        if Office.objects.filter(client_id=accounts.MARK).exists():
            return False
        if Official.objects.exists():
            raise Refused(_("Somebody already has an account here, so the demonstration is not loaded."))
        election = Election.objects.filter(slug=ELECTION).first()
        if election is None:
            raise Refused(_("Load the regions and the elections first."))
        _load(election, say, now or timezone.now())
    return True


def _lock():
    """Two loads at once: the second waits, and then finds the first one's work."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _load(election, say, now):
    rng = random.Random(SEED)
    cast = accounts.make(election, rng)
    say(f"{len(cast.offices)} offices, {len(cast.seats) + 1} accounts")
    stage = Stage(cast, Diary(now, DAYS, calendar_of(None)), rng)
    regencies = accounts.regencies_with_offices(election)
    made_up = make_election(regencies, timezone.localdate(now))
    for code in SHOWN_WHOLE:
        _show_whole(stage, Region.objects.get(code=code), made_up)
    _show_ordinary(stage, regencies.exclude(code__in=SHOWN_WHOLE + accounts.RED_LIST))
    for code in PASSED_OVER:
        _request(stage, Region.objects.get(code=code), "in progress")
    for code, routes in PROVINCES.items():
        for route in routes:
            _request(stage, Region.objects.get(code=code), route, kind=ObstacleKind.FIBRE_CUT)
    for evening in stage.diary.evenings():
        stage.plan(evening, _send_up)
        stage.plan(evening, _close_unconfirmed)
    stage.perform(_progress(say))
    for code in SHOWN_WHOLE:
        show_absences(stage, Region.objects.get(code=code))
        show_templates(stage, Region.objects.get(code=code))
    _read_what_is_older(now - NEWS_FOR)
    _simulate(stage, made_up, say)


def _simulate(stage, made_up, say):
    """What the figures of the whole country need, by chance of its own: the same whatever the stories drew before.

    Last, since imports happen in the present.
    """
    rng = random.Random(SEED)
    levels = show_levels(stage, SHOWN_WHOLE, rng)
    activities = show_schedule(stage, made_up, SHOWN_WHOLE, rng)
    say(f"{levels.new} levels and {activities.new} activities, all simulated")


def _read_what_is_older(moment):
    """People look at their portal every few days: only the latest notifications are still new."""
    Notification.objects.filter(created_at__lt=moment).update(read_at=F("created_at") + NEWS_FOR)


def _send_up(at):
    """What the background worker would have done by that evening with what was late."""
    escalate_due(now=at)


def _close_unconfirmed(at):
    """What it would have done that evening with what nobody confirmed."""
    if close_unconfirmed(now=at):
        CoordinationRequest.objects.filter(closed_at=at).update(updated_at=at)


def _progress(say):
    """Say how far it is, four times in all."""

    def tell(done, of):
        if done * 4 // of > (done - 1) * 4 // of:
            say(f"{done} of {of} acts of reporting, filing and answering")

    return tell


def _show_whole(stage, regency, made_up):
    """Every route of a request, every state of an obstacle, and reasons that are not the network's."""
    picture = sample_picture("foto-lokasi.jpg", regency.name)
    for number, name in enumerate(ROUTES):
        # A picture with one obstacle, an attachment with another request: enough to see how they look.
        extra = {"photo": picture} if number == 1 else {"file": picture} if number == 7 else {}
        _request(stage, regency, name, **extra)
    for number, name in enumerate([*OBSTACLE_ROUTES, "open", "confirmed"]):
        _obstacle(stage, regency, name, photo=picture if number < 2 else None)
    for kind in NOT_NETWORK:
        _obstacle(stage, regency, "open", kind=kind)
    show_activities(stage, regency)
    show_coming(stage, regency, made_up)
    show_outages(stage, regency)


def _show_ordinary(stage, regencies):
    rng = stage.rng
    chosen = rng.sample(list(regencies.order_by("path")), min(ORDINARY_REGENCIES, regencies.count()))
    for regency in chosen:
        for name in _weighted(ROUTES, rng, rng.choice((1, 1, 1, 2))):
            _request(stage, regency, name)
        for name in _weighted(OBSTACLE_ROUTES, rng, rng.choice((0, 0, 1))):
            _obstacle(stage, regency, name)


def _weighted(routes, rng, number):
    return rng.choices(list(routes), [route.weight for route in routes.values()], k=number)


def _request(stage, place, route, **more):
    RequestStory(stage, _somewhere(stage, place), stage.cast.office(Kind.KPU, place.code), **more).plan(ROUTES[route])


def _obstacle(stage, place, route, **more):
    story = ObstacleStory(stage, _somewhere(stage, place), stage.cast.office(Kind.KPU, place.code), **more)
    story.plan(OBSTACLE_ROUTES[route])


def _somewhere(stage, place):
    """A village of a regency; a province stands for itself."""
    return village(place, stage.rng) if place.parent_id else place
