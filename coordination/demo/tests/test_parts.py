"""The calendar, the routes and the texts, without a database."""

from datetime import UTC, date, datetime, timedelta
from string import Formatter

import pytest

from coordination.demo import texts
from coordination.demo.diary import Diary
from coordination.demo.loading import DAYS
from coordination.demo.pictures import sample_picture
from coordination.demo.routes import OBSTACLE_ROUTES, ROUTES
from coordination.demo.stories import ObstacleStory
from coordination.obstacles.choices import ObstacleKind
from coordination.requests.choices import DeclineReason, Measure, Outcome
from coordination.requests.workflow import STEPS
from coordination.workdays.working_time import WorkingCalendar

CALENDAR = WorkingCalendar("Asia/Jakarta", frozenset({date(2026, 11, 17)}))
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
WORDS = {"place": "gedung pertemuan warga", "village": "Kelurahan Pegunungan Bintang Selatan Raya", "people": 200}


@pytest.mark.parametrize("hours", range(0, 24 * 7, 5))
@pytest.mark.parametrize("zone", ZONES)
def test_moments_lie_in_office_hours_and_never_ahead(hours, zone):
    now = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=hours)
    diary = Diary(now, DAYS, CALENDAR)
    assert all(CALENDAR.is_working_day(day) for day in diary.days)
    for back in (0, 1, DAYS - 1):
        moments = [diary.moment(back, fraction, zone) for fraction in (0, 0.3, 1)]
        assert moments == sorted(moments)
        assert moments[-1] <= now
        assert (moments[0].hour, moments[0].minute) >= (7, 30)
        assert moments[-1].hour <= 16
    assert diary.moment(1, 1, zone) < diary.moment(0, 0, zone)


def test_evenings_run_forward_and_have_passed():
    now = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    evenings = Diary(now, DAYS, CALENDAR).evenings()
    assert evenings == sorted(evenings)
    assert evenings[-1] < now
    assert len(evenings) == DAYS - 1  # the day itself is not over


@pytest.mark.parametrize("route", [*ROUTES.values(), *OBSTACLE_ROUTES.values()])
def test_every_route_fits_into_the_calendar(route):
    assert route.length + max(route.idle) < DAYS


def test_routes_are_made_of_known_steps():
    assert {verb for route in ROUTES.values() for verb in route.verbs} == set(STEPS)
    for route in OBSTACLE_ROUTES.values():
        assert all(callable(getattr(ObstacleStory, verb)) for verb in route.verbs)


def test_texts_fit_their_fields():
    for kind, sheet in texts.SHEETS.items():
        assert kind not in ObstacleKind.NOT_NETWORK
        assert len(sheet.subject.format(**WORDS)) <= 150
        assert len(sheet.third_party) <= 150
        for outcome, measures, text in sheet.results:
            assert outcome in Outcome
            assert set(measures) <= set(Measure)
            assert _blanks(text) <= set(WORDS)
        for text in sheet.descriptions:
            assert text.format(**WORDS)[0].isupper()
    assert set(texts.NOT_NETWORK) <= set(ObstacleKind.NOT_NETWORK)
    assert set(texts.DECLINED) == set(DeclineReason.values)


def _blanks(text):
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def test_the_picture_is_small_and_taken_in_like_an_upload():
    picture = sample_picture("foto.jpg", "Kota Bandung")
    assert picture.content_type == "image/jpeg"
    assert picture.content.size < 30_000
