"""Both offices are warned of an activity at risk that no request covers: 14, 7 and 3 days before, once each."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from coordination.campaigns import planning
from coordination.campaigns.tests.activities import activity, tomorrow_at
from coordination.forecast.tests.factories import forecast_for
from coordination.history.models import Event
from coordination.networks.tests.factories import assessment
from coordination.notifications.models import Notification
from coordination.offices.tests.factories import lead
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request
from coordination.requests.warning import at_risk_uncovered, warn, warn_due

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"


def at_risk(days=20):
    planned = activity(VILLAGE, starts_at=tomorrow_at(9, days=days), actor=lead("kpu", "32.73"))
    assessment(VILLAGE)
    assert forecast_for(planned).risk == "high"
    return planned


def cover(planned, state=State.SUBMITTED):
    """A request in this state that serves the activity."""
    values = {"filer": planned.registered_by, "activity_on": planned.starts_there.date()}
    coordination_request(state, VILLAGE, **values).activities.add(planned)


def given(planned):
    """The stages at which a warning was recorded."""
    return [event.data["days_before"] for event in Event.objects.about(planned).filter(verb="warn")]


def test_each_stage_warns_once_however_often_it_is_looked_at():
    planned = at_risk()
    begin = timezone.now()
    for hours in range(0, 20 * 24, 6):
        warn_due(begin + timedelta(hours=hours))
    assert given(planned) == [14, 7, 3]


def test_what_is_registered_late_is_warned_of_once_and_not_three_times():
    planned = at_risk(days=2)
    warn_due()
    warn_due()
    assert given(planned) == [3]


def test_both_offices_are_told():
    handler = lead("kominfo", "32.73")
    planned = at_risk(days=5)
    warn_due()
    told = Notification.objects.filter(event__in=Event.objects.about(planned).filter(verb="warn").order_by())
    assert set(told.values_list("addressee__office", flat=True)) == {planned.office_id, handler.office_id}


@pytest.mark.parametrize(("state", "warned"), [(State.DRAFT, True), (State.WITHDRAWN, True), (State.DECLINED, True),
                                               (State.SUBMITTED, False), (State.RESOLVED, False)])  # fmt: skip
def test_a_request_that_was_submitted_covers_its_activities(state, warned):
    planned = at_risk(days=5)
    cover(planned, state)
    warn_due()
    assert bool(given(planned)) is warned


@pytest.mark.parametrize(("state", "stages"), [(State.SUBMITTED, [3]), (State.RESOLVED, [])])
def test_a_request_that_is_due_after_an_activity_that_moved_does_not_cover_it(state, stages):
    planned = at_risk(days=20)
    cover(planned, state)
    earlier = tomorrow_at(9, days=1)
    type(planned).objects.filter(pk=planned.pk).update(starts_at=earlier, ends_at=earlier + timedelta(hours=2))
    warn_due()
    assert given(planned) == stages


@pytest.mark.parametrize("change", ["cancel", "cover", "low"])
def test_what_changed_since_it_was_looked_at_is_not_warned_of(change):
    planned = at_risk(days=5)
    seen = at_risk_uncovered(timezone.now()).get()
    if change == "cancel":
        planning.perform(planned, "cancel", actor=planned.registered_by, version=planned.version, note="Batal")
    elif change == "cover":
        cover(planned)
    else:
        type(planned.forecast).objects.update(risk="unknown")
    assert not warn(seen, timezone.now())
    assert given(planned) == []


def test_what_was_warned_of_is_not_touched_again_each_hour(django_assert_num_queries):
    at_risk(days=5)
    assert warn_due() == 1
    with django_assert_num_queries(1):
        assert warn_due() == 0


def test_the_database_knows_the_stages():
    with pytest.raises(IntegrityError, match="risk_warning_stage_is_known"):
        at_risk().risk_warnings.create(days_before=5)


def test_a_warning_tells_how_near_and_how_great_the_risk_is():
    planned = at_risk(days=5)
    warn_due()
    event = Event.objects.about(planned).get(verb="warn")
    assert str(event.words) == "H-7: risiko jaringan tinggi, dan belum ada permohonan untuk kegiatan ini"


@pytest.mark.parametrize("change", ["cancelled", "low"])
def test_there_is_no_warning_without_a_risk(change):
    planned = at_risk(days=5)
    if change == "cancelled":
        planning.perform(planned, "cancel", actor=planned.registered_by, version=planned.version, note="Batal")
    else:
        assessment(VILLAGE, download_mbps=20, upload_mbps=9, latency_ms=40)
        assert forecast_for(planned).risk == "low"
    warn_due()
    assert given(planned) == []
