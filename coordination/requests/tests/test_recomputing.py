"""Deadlines follow the calendar, the rules and the activities they serve; people go on working meanwhile."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from coordination.campaigns import planning
from coordination.campaigns.choices import ActivityState
from coordination.campaigns.models import CampaignActivity
from coordination.campaigns.tests.activities import activity, schedule_batch
from coordination.history.models import Event
from coordination.history.recording import record
from coordination.offices.models import Official
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests import deadlines, recomputing, tasks
from coordination.requests.choices import Stage, State, Unit
from coordination.requests.models import CoordinationRequest, DeadlineRule
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform
from coordination.workdays import calendars
from coordination.workdays.choices import DayKind
from coordination.workdays.models import DayOff

pytestmark = pytest.mark.django_db
JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=JAKARTA)
TUESDAY = date(2026, 11, 24)


def submitted(code="32.73.01.1001", **values):
    item = coordination_request(State.DRAFT, code, **values)
    return perform(item, "submit", actor=item.filed_by, version=item.version, at=MONDAY)


def holiday(day=TUESDAY, region=None):
    calendars.change(
        lambda: DayOff.objects.create(day=day, region=region, kind=DayKind.LOCAL, name="Libur", source="Uji")
    )


def close(day):
    return datetime.combine(day, time(16), JAKARTA)


def test_a_holiday_that_is_added_moves_what_it_lies_in():
    item = submitted()
    assert item.verify_due_at == close(TUESDAY)
    holiday()
    assert recomputing.recompute_all() == 1
    item.refresh_from_db()
    assert item.verify_due_at == item.due_at == close(TUESDAY + timedelta(days=1))


def test_a_local_holiday_moves_the_deadlines_of_its_region_alone():
    here, elsewhere = submitted(), submitted("33.74.01.1001")
    holiday(region=here.region.parent.parent)
    assert recomputing.recompute_all() == 1
    elsewhere.refresh_from_db()
    assert elsewhere.verify_due_at == close(TUESDAY)


def test_computing_anew_without_a_change_writes_nothing():
    submitted()
    assert recomputing.recompute_all() == 0


def test_a_step_between_reading_and_writing_is_left_to_the_next_round():
    item = submitted()
    holiday()

    def read_before_the_step():
        yield from list(recomputing._rows())
        handler = Official.objects.get(office=item.handling_office)
        perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"], at=MONDAY)

    written, left, _last = recomputing._recompute(read_before_the_step(), skip_locked=True)
    assert (written, left) == (0, {item.pk})
    item.refresh_from_db()
    assert item.due_at == item.answer_due_at  # that of the new state


def test_what_has_ended_keeps_the_deadlines_it_had():
    item = submitted()
    item = perform(item, "withdraw", actor=item.filed_by, version=item.version, values=VALUES["withdraw"], at=MONDAY)
    holiday()
    assert recomputing.recompute_all() == 0


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.IN_PROGRESS, State.WAITING,
                                   State.RESOLVED])  # fmt: skip
def test_steps_and_computing_anew_agree_in_every_state(state):
    coordination_request(state)
    assert recomputing.recompute_all() == 0


def test_a_rule_that_changes_counts_for_running_requests_too():
    item = submitted()
    rule = DeadlineRule.objects.get(urgency=item.urgency, stage=Stage.VERIFY)
    rule.amount, rule.unit = 3, Unit.CALENDAR_DAYS
    calendars.change(rule.save)
    recomputing.recompute_all()
    item.refresh_from_db()
    assert item.verify_due_at == close(date(2026, 11, 26))


def test_the_version_that_somebody_sees_stays_valid():
    item = submitted()
    holiday()
    recomputing.recompute_all()
    handler = Official.objects.get(office=item.handling_office)
    assert perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"]).state == State.ACCEPTED


def serving(*days):
    """A request for activities so many days from now, and they."""
    filer = lead("kpu", "32.73")
    rows = [activity(starts_at=at_noon(day), actor=filer) for day in days]
    first = min(row.starts_there.date() for row in rows)
    item = coordination_request(State.DRAFT, filer=filer, activities=rows, activity_on=first, obstacles=[])
    return perform(item, "submit", actor=filer, version=item.version), rows


def at_noon(days):
    return datetime.combine(timezone.localdate() + timedelta(days=days), time(12), JAKARTA)


def move(row, days):
    starts = at_noon(days)
    values = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    planning.edit(row, values, actor=row.registered_by, version=row.version)


def follow(row, days):
    """What the worker does with the job of the change."""
    recomputing.reschedule(row, at_noon(days).date())


def test_the_deadlines_follow_an_activity_that_moves_to_an_earlier_day():
    item, [row] = serving(6)
    move(row, 3)
    follow(row, 6)
    item.refresh_from_db()
    assert item.activity_on == at_noon(3).date()
    assert item.end_due_at.astimezone(JAKARTA).date() == at_noon(2).date()
    assert Event.objects.about(item).last().verb == "reschedule"


def test_the_deadlines_follow_the_earliest_of_several():
    item, [first, second] = serving(4, 8)
    move(first, 9)
    follow(first, 4)
    item.refresh_from_db()
    assert item.activity_on == at_noon(8).date()


def test_a_cancelled_activity_holds_no_deadline():
    item, [row] = serving(4)
    planning.perform(row, "cancel", actor=row.registered_by, version=row.version, note="Hujan")
    follow(row, 4)
    item.refresh_from_db()
    assert item.activity_on is None


def test_an_earlier_day_that_somebody_typed_stays():
    item, [row] = serving(6)
    CoordinationRequest.objects.filter(pk=item.pk).update(activity_on=at_noon(4).date())
    move(row, 8)
    follow(row, 6)
    item.refresh_from_db()
    assert item.activity_on == at_noon(4).date()


def test_an_ended_request_keeps_the_day_that_it_had():
    item, [row] = serving(6)
    perform(item, "withdraw", actor=item.filed_by, version=item.version, values=VALUES["withdraw"])
    move(row, 3)
    assert recomputing.reschedule(row, at_noon(6).date()) == 0
    item.refresh_from_db()
    assert item.activity_on == at_noon(6).date()


def test_a_move_that_leaves_the_day_of_the_request_as_it_is_leaves_no_event():
    item, [_first, second] = serving(4, 8)
    move(second, 9)
    assert recomputing.reschedule(second, at_noon(8).date()) == 0
    assert not Event.objects.about(item).filter(verb="reschedule").exists()


def test_what_happens_to_a_draft_is_known_to_its_own_office_alone():
    filer = lead("kpu", "32.73")
    row = activity(starts_at=at_noon(6), actor=filer)
    draft = coordination_request(State.DRAFT, filer=filer, activities=[row], activity_on=at_noon(6).date())
    move(row, 3)
    follow(row, 6)
    event = Event.objects.about(draft).last()
    assert (event.verb, event.only_for) == ("reschedule", filer.office)


def test_an_import_that_is_undone_takes_the_day_of_its_activities_along(deferred):
    item, [row] = serving(6)
    batch = schedule_batch(item.filed_by)
    CampaignActivity.objects.filter(pk=row.pk).update(batch=batch, state=ActivityState.CANCELLED)
    record(batch, "undo_schedule", actor=item.filed_by)
    assert deferred("requests.reschedule_batch") == [{"batch_id": batch.pk}]
    assert recomputing.reschedule_batch(batch.pk) == 1
    item.refresh_from_db()
    assert item.activity_on is None


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_a_change_of_an_activity_leaves_the_job_that_does_so(change, deferred):
    _item, [row] = serving(6)
    if change == "move":
        move(row, 3)
    else:
        planning.perform(row, "cancel", actor=row.registered_by, version=row.version, note="Hujan")
    jobs = deferred("requests.reschedule")
    assert jobs == [{"activity_id": row.pk, "was": at_noon(6).date().isoformat()}]


def test_an_activity_that_goes_to_another_region_leaves_that_job_too(deferred):
    _item, [row] = serving(6)
    planning.edit(row, {"region": region("32.73.02.1001")}, actor=row.registered_by, version=row.version)
    assert len(deferred("requests.reschedule")) == 1


def test_a_change_of_the_calendar_leaves_the_job_that_computes_anew(deferred):
    holiday()
    assert deferred("requests.recompute_deadlines") == [{}]


def test_figures_that_count_by_deadlines_are_counted_anew_after_them(deferred):
    for _twice in range(2):
        tasks.recompute_deadlines()
    assert deferred("dashboards.refresh_above") == deferred("dashboards.refresh_regencies") == [{}]


@pytest.fixture
def deferred():
    """The arguments of the jobs that wait, by the name of their task."""
    return lambda name: list(ProcrastinateJob.objects.filter(task_name=name).values_list("args", flat=True))


def test_near_is_the_last_quarter_of_the_time_for_a_stage():
    item = submitted()
    assert item.due_at - item.near_at == (item.due_at - MONDAY) * deadlines.NEAR


def test_what_is_late_from_the_start_of_a_stage_was_near_no_later_than_due():
    item = submitted()
    handler = Official.objects.get(office=item.handling_office)
    late = item.answer_due_at + timedelta(hours=20)
    item = perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"], at=late)
    assert item.near_at == item.due_at == item.answer_due_at
