"""When the demonstration is refused, and that it can be loaded on any day."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from coordination.batches.choices import ImportState
from coordination.campaigns.models import ScheduleBatch
from coordination.campaigns.tests.factories import pilkada
from coordination.demo import loading
from coordination.history.models import Event
from coordination.history.recording import faults
from coordination.networks.models import ImportBatch
from coordination.offices.models import Office, Official
from coordination.offices.tests.factories import admin
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_settings")]


def test_it_is_refused_with_the_settings_of_production(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="PORTAL_DEMO"):
        call_command("load_demo")


def test_it_is_refused_where_somebody_has_an_account(tmp_path):
    pilkada(tmp_path)
    admin()
    with pytest.raises(loading.Refused):
        loading.load()
    assert Official.objects.count() == 1
    assert not Office.objects.exists()


def test_it_is_refused_without_elections():
    with pytest.raises(loading.Refused):
        loading.load()


def test_a_failure_leaves_nothing(tmp_path, monkeypatch):
    pilkada(tmp_path)
    monkeypatch.setattr(loading, "_show_whole", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        loading.load()
    assert not Official.objects.exists()
    assert not Office.objects.exists()


@pytest.mark.parametrize(
    "now",
    [datetime(2026, 3, 24, 1, 0, tzinfo=UTC), datetime(2027, 1, 3, 17, 30, tzinfo=UTC)],
    ids=["days after Lebaran", "a night early in the year"],
)
def test_it_can_be_loaded_on_any_day(tmp_path, monkeypatch, now):
    monkeypatch.setattr(loading, "ORDINARY_REGENCIES", 0)
    monkeypatch.setattr(loading, "SHOWN_WHOLE", ("32.73",))
    monkeypatch.setattr(timezone, "now", lambda: now)  # imports happen in the present
    pilkada(tmp_path)
    assert loading.load(now=now)
    mine = CoordinationRequest.objects.filter(filing_office__region__code="32.73")
    assert set(mine.values_list("state", flat=True)) == set(State.values)
    assert mine.overdue(now).exists()
    assert mine.near_deadline(now).exists()
    assert not Event.objects.filter(at__gt=now).exists()
    assert list(faults()) == []
    assert ImportBatch.objects.get().state == ScheduleBatch.objects.get().state == ImportState.DONE
    assert ScheduleBatch.objects.get().faulty == 0
