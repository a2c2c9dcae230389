"""Both offices are warned of an activity at risk that no request covers: 14, 7 and 3 days before, once each."""

from datetime import timedelta

import pytest
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
from coordination.requests.warning import warn_due

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"


def at_risk(days=20):
    planned = activity(VILLAGE, starts_at=tomorrow_at(9, days=days), actor=lead("kpu", "32.73"))
    assessment(VILLAGE)
    assert forecast_for(planned).risk == "high"
    return planned


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


@pytest.mark.parametrize(("state", "warned"), [(State.DRAFT, True), (State.WITHDRAWN, True), (State.SUBMITTED, False),
                                               (State.RESOLVED, False)])  # fmt: skip
def test_a_request_that_was_submitted_covers_its_activities(state, warned):
    planned = at_risk(days=5)
    item = coordination_request(state, VILLAGE, filer=planned.registered_by)
    item.activities.add(planned)
    warn_due()
    assert bool(given(planned)) is warned


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
