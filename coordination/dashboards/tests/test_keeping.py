"""Figures are kept, and counted anew where the history or the clock changed something."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from coordination.campaigns.tests.activities import activity
from coordination.dashboards import keeping
from coordination.dashboards.choices import Tier
from coordination.dashboards.models import Progress, RegionFigures
from coordination.forecast.choices import Risk
from coordination.forecast.models import Forecast
from coordination.history.recording import record
from coordination.networks.tests.factories import assessment, import_batch
from coordination.obstacles.lifecycle import perform as move
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin, lead, official
from coordination.regions.models import Region
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db
NOW = timezone.now
LONG_AGO = NOW() - timedelta(days=9)
# Those of 32.73.01.1001, and another regency.
REGENCY, PROVINCE, OTHER = "32.73.", "32.", "33.74."


def counts(path, place):
    """The sum of a kind of counts that is kept of a region: 0 obstacles, 1 activities at risk, 2 late requests."""
    return sum(numbers[place] for numbers in RegionFigures.objects.get(path=path).figures["below"].values())


def keep(*paths):
    """What a visit and a sweep leave: all of it counted a while ago."""
    for path in paths or (REGENCY, PROVINCE, "", OTHER):
        keeping.figures_of(path)
    sweep()


def sweep(now=None):
    """Both tiers, rested."""
    Progress.objects.update(rests_until=LONG_AGO)
    for tier in Tier:
        keeping.sweep(tier, now=now)


def touched(*, after=timedelta(0)):
    """The paths that a sweep counts anew, `after` a while."""
    now = NOW() + after
    sweep(now)
    return set(RegionFigures.objects.filter(counted_at=now).values_list("path", flat=True))


def test_a_change_is_counted_in_its_regency_its_province_and_the_country_and_nowhere_else():
    region("33.74.01.1001")
    keep()
    obstacle()
    assert touched() == {REGENCY, PROVINCE, ""}
    assert [counts(path, 0) for path in (REGENCY, PROVINCE, "", OTHER)] == [1, 1, 1, 0]
    assert touched() == set()


def test_what_was_ended_is_no_longer_counted():
    row = obstacle()
    keep()
    move(row, "clear", actor=official("kominfo", "32.73"), version=row.version, note="Sudah pulih")
    touched()
    assert counts(REGENCY, 0) == 0


@pytest.mark.parametrize("make", [coordination_request, activity, assessment])
def test_every_record_of_a_place_touches_its_region(make):
    keep()
    make()
    assert touched() == {REGENCY, PROVINCE, ""}


def test_a_deadline_that_passes_is_counted_without_any_event():
    item = coordination_request(State.SUBMITTED)
    due = NOW() + timedelta(hours=1)
    CoordinationRequest.objects.filter(pk=item.pk).update(due_at=due, near_at=due - timedelta(minutes=30))
    keep()
    assert touched(after=timedelta(minutes=1)) == set()
    assert touched(after=timedelta(minutes=40)) == {REGENCY, PROVINCE, ""}
    assert touched(after=timedelta(minutes=61)) == {REGENCY, PROVINCE, ""}
    assert counts(REGENCY, 2) == 1


def test_an_activity_at_risk_counts_from_fourteen_days_before_until_it_begins():
    begins = NOW() + timedelta(days=15)
    planned = activity(starts_at=begins, ends_at=begins + timedelta(hours=1))
    weighed = {"risk": Risk.HIGH, "reasons": [], "computed_at": NOW() - timedelta(days=1)}
    Forecast.objects.update_or_create(activity=planned, defaults=weighed)
    keep()
    assert counts(REGENCY, 1) == 0
    assert touched(after=timedelta(days=1, minutes=1)) == {REGENCY, PROVINCE, ""}
    assert counts(REGENCY, 1) == 1
    assert touched(after=timedelta(days=15, minutes=1)) == {REGENCY, PROVINCE, ""}
    assert counts(REGENCY, 1) == 0


def test_a_forecast_that_was_weighed_anew_touches_its_region():
    planned = activity()
    weighed = {"risk": Risk.HIGH, "reasons": [], "computed_at": NOW() - timedelta(days=1)}
    Forecast.objects.update_or_create(activity=planned, defaults=weighed)
    keep()
    assert touched() == set()
    Forecast.objects.update(risk=Risk.UNKNOWN, computed_at=NOW())
    assert touched() == {REGENCY, PROVINCE, ""}


def test_a_forecast_that_took_a_minute_to_be_weighed_is_not_missed():
    planned = activity()
    Forecast.objects.filter(activity=planned).delete()
    keep()
    Forecast.objects.create(activity=planned, risk=Risk.UNKNOWN, reasons=[], computed_at=NOW() - timedelta(minutes=1))
    assert touched() == {REGENCY, PROVINCE, ""}


@pytest.mark.parametrize(
    ("office", "paths"), [("32", {REGENCY, PROVINCE, ""}), (None, {REGENCY, PROVINCE, "", OTHER, "33."})]
)
def test_a_list_that_was_applied_touches_whatever_lies_below_its_office(office, paths):
    batch = import_batch(lead("kominfo", office))
    region("33.74.01.1001")
    keep()
    with transaction.atomic():
        record(batch, "apply_list", actor=None, office=batch.office)
    assert touched() == paths


def test_what_a_failed_sweep_left_is_counted_by_the_next(monkeypatch):
    keep()
    obstacle()
    with monkeypatch.context() as patched:
        patched.setattr(Obstacle.objects.__class__, "standing", None)
        with pytest.raises(TypeError):
            sweep()
    assert touched() == {REGENCY, PROVINCE, ""}


@pytest.mark.parametrize(("tier", "paths"), [(Tier.REGENCIES, {REGENCY}), (Tier.ABOVE, {PROVINCE, ""})])
def test_each_tier_is_counted_and_rests_by_itself(tier, paths):
    keep()
    obstacle()
    Progress.objects.exclude(tier=tier).update(rests_until=NOW() + timedelta(days=1))
    Progress.objects.filter(tier=tier).update(rests_until=LONG_AGO)
    now = NOW()
    for each in Tier:
        keeping.sweep(each, now=now)
    assert set(RegionFigures.objects.filter(counted_at=now).values_list("path", flat=True)) == paths


def test_counting_rests_nine_times_as_long_as_it_took(monkeypatch):
    keep()
    clock = iter([100.0, 107.0])
    monkeypatch.setattr(keeping.time, "monotonic", lambda: next(clock))
    now = NOW()
    Progress.objects.update(rests_until=now)
    keeping.sweep(Tier.ABOVE, now=now)
    monkeypatch.undo()
    # 7 s of counting, and 63 s of rest after them.
    assert Progress.objects.get(tier=Tier.ABOVE).rests_until == now + timedelta(seconds=70)
    obstacle()
    assert keeping.sweep(Tier.ABOVE, now=now + timedelta(seconds=69)) == 0
    assert keeping.sweep(Tier.ABOVE, now=now + timedelta(seconds=70)) == 2


def test_nothing_that_happened_before_the_first_sweep_is_missed():
    keeping.figures_of(REGENCY)
    obstacle()
    assert Progress.objects.count() == 0
    touched()
    assert counts(REGENCY, 0) == 1


def test_a_page_counts_on_the_spot_what_nobody_counted_yet_and_keeps_it(django_assert_max_num_queries):
    obstacle()
    assert sum(numbers[0] for numbers in keeping.figures_of(REGENCY).figures["below"].values()) == 1
    with django_assert_max_num_queries(1):
        keeping.figures_of(REGENCY)


def test_figures_of_an_older_shape_are_counted_anew():
    obstacle()
    RegionFigures.objects.create(path=REGENCY, edition=0, counted_at=NOW(), figures={})
    assert "below" in keeping.figures_of(REGENCY).figures
    assert RegionFigures.objects.get(path=REGENCY).edition > 0


def test_an_older_release_leaves_alone_what_a_newer_one_keeps():
    obstacle()
    RegionFigures.objects.create(path=REGENCY, edition=keeping.EDITION + 1, counted_at=NOW(), figures={})
    assert "below" in keeping.figures_of(REGENCY).figures
    assert RegionFigures.objects.get(path=REGENCY).edition == keeping.EDITION + 1


def test_who_waited_for_another_reader_shows_what_that_one_counted(monkeypatch):
    obstacle()
    kept = keeping.figures_of(REGENCY)
    found = iter([None, kept])  # nothing yet; and once the other reader is done
    monkeypatch.setattr(keeping, "_kept", lambda path: next(found))
    monkeypatch.setattr(keeping, "count", None)
    assert keeping.figures_of(REGENCY) == kept


def test_a_page_does_not_overwrite_what_a_sweep_counted_meanwhile(monkeypatch):
    obstacle()

    def count_meanwhile(path, now):
        keeping.refresh(path, now=now + timedelta(minutes=1))
        return original(path, now)

    original = keeping.count
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "count", lambda path, now: patched.undo() or count_meanwhile(path, now))
        began = NOW()
        keeping.figures_of(REGENCY)
    assert RegionFigures.objects.get().counted_at > began + timedelta(seconds=50)


@pytest.mark.parametrize(
    ("reader", "own", "seen"),
    [(("kpu", "32.73"), "32.73", True), (("kpu", "32.73"), "32", False), (("kpu", "32"), "32.73", True),
     (("kpu", "33.74"), "32.73", False), (("kpu", "32"), None, False), (("kpu",), None, True)],
)  # fmt: skip
def test_figures_are_for_those_who_answer_for_the_region(reader, own, seen):
    found = own and (Region.objects.filter(code=own).first() or region(own))
    assert (keeping.figures_for(official(*reader), found) is not None) == seen


def test_whoever_has_no_office_reads_no_figures():
    stranger = official("kpu")
    stranger.office = None
    assert keeping.figures_for(stranger, None) is None
    assert keeping.figures_for(admin(), None) is not None
