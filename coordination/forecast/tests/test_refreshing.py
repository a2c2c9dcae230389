"""Whatever a forecast rests on, a change of it is weighed within the job that the change leaves behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from procrastinate.contrib.django.models import ProcrastinateJob

from coordination.campaigns import planning
from coordination.campaigns.tests.activities import activity, schedule_batch, tomorrow_at
from coordination.forecast import refreshing, tasks
from coordination.forecast.evidence import RegencyEvidence
from coordination.forecast.models import Forecast, Rule
from coordination.forecast.refreshing import (
    refresh_below,
    refresh_for_all_that_wait,
    refresh_regency,
    sweep,
)
from coordination.forecast.tests.factories import forecast_for, shipped_rules
from coordination.history.recording import record
from coordination.networks import maintaining
from coordination.networks.models import Assessment, PlannedOutage, RegionLevel
from coordination.networks.tasks import rebuild_levels
from coordination.networks.tests.factories import assessment, import_batch, outage, stated
from coordination.obstacles.lifecycle import perform as move
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin, lead
from coordination.regions.models import Region
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"


def run_jobs():
    """Do what waits in the queue for the forecast, as the worker does."""
    waiting = ProcrastinateJob.objects.filter(task_name="forecast.refresh", status="todo")
    paths = [job.args["path"] for job in waiting]
    waiting._raw_delete("default")
    for path in paths:
        refresh_below(path)
    return paths


def strong():
    return assessment(VILLAGE, download_mbps=20, upload_mbps=9, latency_ms=40)


CHANGES = {
    "the activity is registered": (lambda: None, "unknown"),
    "somebody measures": (strong, "low"),
    "an obstacle is reported": (lambda: strong() and obstacle(VILLAGE, kind="tower_down"), "high"),
    "one of the whole city is": (lambda: strong() and obstacle("32.73", kind="tower_down"), "high"),
    "an outage is announced": (lambda: strong() and outage(VILLAGE, starts_at=tomorrow_at(8)), "high"),
    "an outage of the whole province is": (lambda: strong() and outage("32", starts_at=tomorrow_at(8)), "high"),
    "a measurement next door": (lambda: region("32.73.01.1002") and neighbour(), "high"),
}


def neighbour():
    region("32.73.01.1002", name="Sebelah")
    Region.objects.filter(code__in=[VILLAGE, "32.73.01.1002"]).update(latitude=-6.9, longitude=107.6)
    return assessment("32.73.01.1002")  # a weak one


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_forecast_rests_on_is_weighed_anew_when_it_changes(change):
    shipped_rules()
    planned = activity(VILLAGE)
    run_jobs()
    make, risk = CHANGES[change]
    made = make()
    assert run_jobs() or made is None
    assert Forecast.objects.get(activity=planned).risk == risk


def test_an_obstacle_that_is_cleared_and_an_outage_that_is_moved_no_longer_count():
    shipped_rules()
    planned, handler = activity(VILLAGE), lead("kominfo", "32.73")
    strong()
    hurdle, work = obstacle(VILLAGE, kind="tower_down"), outage(VILLAGE, starts_at=tomorrow_at(8), actor=handler)
    run_jobs()
    assert Forecast.objects.get(activity=planned).risk == "high"
    move(hurdle, "clear", actor=handler, version=hurdle.version, note="Menara menyala")
    later = {"starts_at": tomorrow_at(20), "ends_at": tomorrow_at(22)}
    maintaining.perform(work, "move", actor=handler, version=work.version, note="Diundur", **later)
    run_jobs()
    assert Forecast.objects.get(activity=planned).risk == "medium"  # just cleared


@pytest.mark.parametrize("verb", ["apply_list", "undo_list"])
def test_a_list_of_levels_is_weighed_wherever_its_office_may_bring_levels(verb):
    shipped_rules()
    planned = activity(VILLAGE)
    batch = import_batch(lead("kominfo", "32"))
    stated(VILLAGE, "weak", batch=batch)
    run_jobs()
    record(batch, "send_list", actor=batch.official)
    assert run_jobs() == []
    record(batch, verb, actor=batch.official, data={"rows": 1})
    assert run_jobs() == ["32."]
    assert Forecast.objects.get(activity=planned).risk == "high"


@pytest.mark.parametrize("verb", ["apply_schedule", "undo_schedule"])
def test_an_imported_schedule_is_weighed(verb):
    batch = schedule_batch(lead("kpu", "32.73"))
    record(batch, verb, actor=batch.official, data={"rows": 1})
    assert run_jobs() == ["32.73."]


def test_an_outage_that_leaves_a_regency_is_weighed_there_too():
    shipped_rules()
    strong()
    planned, handler = activity(VILLAGE), lead("kominfo", "32")
    work = outage(VILLAGE, starts_at=tomorrow_at(8), actor=handler)
    run_jobs()
    assert Forecast.objects.get(activity=planned).risk == "high"
    maintaining.edit(work, {"regions": [region("32.04.01.1001")]}, actor=handler, version=work.version)
    assert set(run_jobs()) == {"32.73.", "32.04."}
    assert Forecast.objects.get(activity=planned).risk == "low"


def test_what_changes_nothing_leaves_no_job_and_jobs_that_wait_are_done_at_once():
    shipped_rules()
    planned = activity(VILLAGE)
    for _ in range(3):
        assessment(VILLAGE)
    record(planned, "warn", actor=None, office=planned.office)
    assert ProcrastinateJob.objects.filter(task_name="forecast.refresh", status="todo").count() == 4
    refresh_for_all_that_wait("32.73.")
    assert run_jobs() == []
    assert Forecast.objects.get(activity=planned).risk == "high"


def test_a_regency_that_fails_does_not_keep_the_others_from_their_forecasts(monkeypatch):
    shipped_rules()
    broken, other = activity("32.04.01.1001"), activity(VILLAGE)
    Forecast.objects.all().delete()

    def evidence(path, now):
        if path == "32.04.":
            raise RuntimeError("kaput")
        return RegencyEvidence(path, now)

    monkeypatch.setattr(refreshing, "RegencyEvidence", evidence)
    with pytest.raises(RuntimeError):
        refresh_below()
    assert list(Forecast.objects.values_list("activity", flat=True)) == [other.pk]
    assert broken.pk != other.pk


def test_a_changed_rule_is_weighed_and_one_without_its_limit_is_refused(client):
    shipped_rules()
    client.force_login(admin())
    rule = Rule.objects.get(about="old")
    address = reverse("admin:forecast_rule_change", args=[rule.pk])
    sent = {"about": "old", "need": "", "value": "", "limit": "", "risk": "medium", "source": "Uji"}
    assert "Aturan jenis ini memerlukan batas." in client.post(address, sent).content.decode()
    assert run_jobs() == []
    assert client.post(address, sent | {"limit": "90"}).status_code == 302
    assert run_jobs() == [""]
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.filter(pk=rule.pk).update(limit=None)


def test_a_moved_activity_is_weighed_where_and_when_it_is_now():
    shipped_rules()
    strong()
    outage(VILLAGE, starts_at=tomorrow_at(8))
    planned = activity(VILLAGE)
    assert forecast_for(planned).risk == "high"
    later = {"starts_at": tomorrow_at(15), "ends_at": tomorrow_at(16)}
    planning.edit(planned, later, actor=planned.registered_by, version=planned.version)
    run_jobs()
    assert Forecast.objects.get(activity=planned).risk == "low"


def test_a_forecast_stands_still_once_the_activity_has_begun():
    shipped_rules()
    planned = activity(VILLAGE)
    strong()
    refresh_below()
    obstacle(VILLAGE, kind="tower_down")
    refresh_below(now=planned.starts_at + timedelta(minutes=1))
    assert Forecast.objects.get(activity=planned).risk == "low"


def test_the_sweep_weighs_what_has_no_forecast_yet():
    shipped_rules()
    planned = activity(VILLAGE)
    assert sweep() == 1
    assert Forecast.objects.get(activity=planned).risk == "unknown"
    assert sweep() == 0


@pytest.mark.parametrize("work", [tasks.sweep, tasks.refresh_nightly, tasks.refresh])
def test_each_task_weighs(work):
    shipped_rules()
    planned = activity(VILLAGE)
    work("32.73." if work is tasks.refresh else 0)
    assert Forecast.objects.filter(activity=planned).exists()


def test_what_changes_levels_without_an_event_asks_for_a_weighing():
    rebuild_levels(0)
    assert run_jobs() == [""]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_regency_is_weighed_by_one_at_a_time():
    """Who begins while another weighs waits for it, also where that one has nothing to write."""
    planned = activity(VILLAGE)
    assessment(VILLAGE)
    forecast_for(planned)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            refresh_regency("32.73.")
            second = pool.submit(weigh_elsewhere)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        assert second.result(timeout=10) == 1
    assert Forecast.objects.get(activity=planned).risk == "high"


def weigh_elsewhere():
    """In a connection of its own."""
    try:
        return refresh_regency("32.73.")
    finally:
        connection.close()


def test_the_page_of_an_activity_tells_the_date_of_the_data(client):
    planned = activity(VILLAGE)
    assessment(VILLAGE)
    forecast = forecast_for(planned)
    client.force_login(planned.registered_by)
    day = date_format(forecast.data_at.astimezone(planned.starts_there.tzinfo), "DATE_FORMAT")
    for address in (planned.get_absolute_url(), reverse("forecast:detail", args=[planned.number])):
        assert "Tanggal data: <time" in client.get(address).content.decode()
        assert day in client.get(address).content.decode()
    short = date_format(forecast.data_at.astimezone(planned.starts_there.tzinfo), "SHORT_DATE_FORMAT")
    for name in ("campaigns:list", "campaigns:calendar", "forecast:list", "my_work"):
        page = client.get(reverse(name)).content.decode()
        assert page.count("Risiko: tinggi") == page.count(f"data {short}"), name
        assert name == "campaigns:calendar" or "Risiko: tinggi" in page, name  # tomorrow may be another week


def test_what_stays_the_same_is_not_written_anew():
    planned = activity(VILLAGE)
    first = forecast_for(planned)
    refresh_below(now=timezone.now() + timedelta(minutes=5))
    assert Forecast.objects.get(activity=planned).computed_at == first.computed_at


def test_a_district_and_an_old_village_never_read_as_low():
    """Of three villages two are strong: the district is, but not every place in it."""
    for code in ("32.73.01.1001", "32.73.01.1002"):
        assessment(code, download_mbps=20, upload_mbps=9, latency_ms=40)
    assert forecast_for(activity("32.73.01")).risk == "medium"
    assert forecast_for(activity("32.73.01.1003")).risk == "medium"


@pytest.mark.parametrize(("north", "counts"), [(0.13, True), (0.14, False)])
def test_a_village_beyond_fifteen_kilometres_says_nothing(north, counts):
    region(VILLAGE)
    neighbour()
    Region.objects.filter(code="32.73.01.1002").update(latitude=-6.9 + north)
    level = next(reason for reason in forecast_for(activity(VILLAGE)).reasons if reason["about"] == "level")
    assert ("km" in level["facts"]) is counts


@pytest.mark.parametrize(("days", "reasons"), [(89, 4), (91, 1)])
def test_figures_count_for_ninety_days(days, reasons):
    assessment(VILLAGE, measured_at=timezone.now() - timedelta(days=days))
    assert len(forecast_for(activity(VILLAGE)).reasons) == reasons


def test_nothing_from_another_regency_counts():
    for code in (VILLAGE, "32.04.01.1001"):
        region(code)
    Region.objects.filter(code__in=[VILLAGE, "32.04.01.1001"]).update(latitude=-6.9, longitude=107.6)
    assessment("32.04.01.1001")
    obstacle("32.04.01.1001", kind="tower_down")
    assert forecast_for(activity(VILLAGE)).risk == "unknown"


MODELS = {
    "level": RegionLevel, "assessment": Assessment, "obstacle": Obstacle, "outage": PlannedOutage, "region": Region,
}  # fmt: skip


def test_each_reason_names_a_record_that_exists():
    planned = activity(VILLAGE)
    assessment(VILLAGE)
    obstacle(VILLAGE, kind="tower_down")
    obstacle("32.73", kind="power")
    outage(VILLAGE, starts_at=tomorrow_at(8))
    other = activity("32.73.02.1001", actor=planned.registered_by)
    seen = set()
    for each in (planned, other):
        for reason in forecast_for(each).reasons:
            assert MODELS[reason["model"]].objects.filter(pk=reason["key"]).exists(), reason
            seen.add(reason["model"])
    assert seen >= {"level", "assessment", "obstacle", "outage"}
