"""Which mail of an event leaves when, planned in the transaction of the change and owed from then on."""

from datetime import timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from coordination.history.models import Event
from coordination.history.recording import record
from coordination.notifications import posting
from coordination.notifications.choices import Kind, Timing
from coordination.notifications.models import Mail, MailSettings, Notification, RefusedAddress
from coordination.notifications.tests.clock import AT_WORK, EVENING, JAYAPURA, NEXT_OPENING, there
from coordination.offices.tests.factories import lead, official
from coordination.requests import filing
from coordination.requests.choices import State, Urgency
from coordination.requests.models import CoordinationRequest
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def handler():
    return lead("kominfo", "32.73", email="siti@example.id")


@pytest.fixture
def submitted(handler):
    """A function that submits a request, and hands back the notification of it."""

    def submit(**values):
        item = coordination_request(State.SUBMITTED, handler=handler, **values)
        return Event.objects.about(item).get(verb="submit").notifications.get(addressee=handler)

    return submit


def wanted(person, timing, kinds=Kind.values):
    MailSettings.objects.update_or_create(person=person, defaults=dict.fromkeys(kinds, timing))


def test_a_mail_is_owed_at_once_and_its_job_is_written_with_the_change(submitted):
    mail = submitted().mail
    assert mail.due_at == mail.next_try_at == AT_WORK
    job = ProcrastinateJob.objects.get(task_name="notifications.deliver", args__mail_id=mail.pk)
    assert (job.scheduled_at, job.status) == (AT_WORK, "todo")


def test_a_change_that_is_rolled_back_tells_nobody(handler):
    lead("kominfo", "32.73", email="budi@example.id")
    item = coordination_request(State.SUBMITTED, handler=handler)

    def counts():
        return [model.objects.count() for model in (Notification, Mail, ProcrastinateJob, Event)]

    before = counts()
    with transaction.atomic():
        perform(item, "accept", actor=handler, version=item.version, values=VALUES["accept"])
        assert all(now > then for now, then in zip(counts(), before, strict=True))
        transaction.set_rollback(True)
    assert counts() == before


def test_who_has_no_address_or_a_refused_one_is_told_in_the_inbox_alone(handler, submitted):
    official("kominfo", "32.73")
    RefusedAddress.objects.create(address="siti@example.id")
    event = submitted().event
    assert event.notifications.count() == 2
    assert not Mail.objects.exists()


def test_outside_working_time_a_mail_waits_for_the_offices_opening(clock, submitted):
    clock.set(EVENING)
    assert submitted().mail.due_at == NEXT_OPENING
    clock.set(there("2026-11-20 16:31"))
    assert submitted().mail.due_at == there("2026-11-23 07:30")
    clock.set(there("2026-12-24 18:00"))  # before Christmas and a weekend, of which the calendar knows
    assert submitted().mail.due_at == there("2026-12-28 07:30")


def test_working_time_is_that_of_the_addressees_own_office(clock):
    papua = lead("kominfo", "91.71", email="papua@example.id")
    clock.set(there("2026-11-18 16:30", JAYAPURA))  # 14.30 in Jakarta
    filing_office_there = lead("kpu", "91.71")
    item = coordination_request(State.SUBMITTED, "91.71.01.1001", filer=filing_office_there, handler=papua)
    told = Event.objects.about(item).get(verb="submit").notifications.get(addressee=papua)
    assert told.mail.due_at == there("2026-11-19 07:30", JAYAPURA)


def test_a_very_urgent_request_is_mailed_at_once_at_night_and_to_who_chose_otherwise(clock, handler, submitted):
    clock.set(EVENING)
    for timing in (Timing.OFF, Timing.DAILY):
        wanted(handler, timing)
        assert submitted(urgency=Urgency.CRITICAL).mail.due_at == EVENING
        told = submitted(urgency=Urgency.URGENT)
        assert told.mail is None


@pytest.mark.parametrize(
    ("moment", "timing", "leaves"),
    [
        ("18 10:20", Timing.HOURLY, "18 11:00"),
        ("18 10:00", Timing.HOURLY, "18 11:00"),
        ("18 15:20", Timing.HOURLY, "19 07:30"),
        ("18 06:50", Timing.HOURLY, "18 07:30"),
        ("18 10:20", Timing.DAILY, "19 07:30"),
        ("18 07:29", Timing.DAILY, "18 07:30"),
        ("18 07:30", Timing.DAILY, "19 07:30"),
        ("20 10:00", Timing.DAILY, "23 07:30"),
    ],
)
def test_collected_mails_leave_on_the_hour_and_at_half_past_seven(moment, timing, leaves, clock, handler, submitted):
    wanted(handler, timing)
    clock.set(there(f"2026-11-{moment}"))
    told = submitted()
    assert told.mail is None
    assert told.collect_at == there(f"2026-11-{leaves}")


def test_the_daily_mail_leaves_at_half_past_seven_in_ramadan_too(clock, handler, submitted):
    wanted(handler, Timing.DAILY)
    clock.set(there("2026-02-25 10:00"))
    assert submitted().collect_at == there("2026-02-26 07:30")


def test_each_kind_is_chosen_for_itself(handler, submitted):
    wanted(handler, Timing.OFF, [Kind.OBSTACLES])
    wanted(handler, Timing.HOURLY, [Kind.COMMENTS])
    told = submitted()
    request = CoordinationRequest.objects.get(pk=told.event.subject_id)
    filing.comment(request, "Segera", actor=request.filed_by, client_id="0" * 32, body_sha256="x")
    by_kind = {row.kind: (bool(row.mail), bool(row.collect_at)) for row in Notification.objects.of(handler)}
    assert by_kind == {"obstacles": (False, False), "steps": (True, False), "comments": (False, True)}


def test_moved_deadlines_and_drafts_stay_within_the_portal(handler, submitted):
    told = submitted()
    request = CoordinationRequest.objects.get(pk=told.event.subject_id)
    before = Mail.objects.count()
    with transaction.atomic():
        event = record(request, "reschedule", actor=None, office=request.filing_office)
    assert event.notifications.filter(addressee=handler, mail=None, collect_at=None).exists()
    filer = lead("kpu", "32.73")
    lead("kpu", "32.73", email="rekan@example.id")
    draft = coordination_request(State.DRAFT, filer=filer, handler=handler)
    before = Mail.objects.count()
    perform(draft, "withdraw", actor=filer, version=draft.version, values=VALUES["withdraw"])
    assert Event.objects.get(verb="withdraw").notifications.exists()
    assert Mail.objects.count() == before


def test_what_is_due_by_then_is_collected_into_one_mail_a_person(clock, handler, submitted):
    wanted(handler, Timing.HOURLY)
    due = [submitted() for _ in range(2)]
    clock.set(there("2026-11-18 11:10"))
    later = submitted()
    assert posting.collect() == 1
    assert posting.collect() == 0
    mail = Mail.objects.get()
    assert set(mail.notifications.filter(event__verb="submit")) == set(due)
    assert later not in mail.notifications.all()
    assert ProcrastinateJob.objects.filter(task_name="notifications.deliver", args__mail_id=mail.pk).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_that_collect_at_once_make_one_mail_a_person(clock, handler, submitted):
    wanted(handler, Timing.HOURLY)
    other = lead("kominfo", "32.73", email="budi@example.id")
    wanted(other, Timing.HOURLY)
    submitted()
    clock.set(AT_WORK + timedelta(hours=1))
    made = at_once([posting.collect for _ in range(6)])
    assert sum(made) == 2
    assert set(Mail.objects.values_list("addressee", flat=True)) == {handler.pk, other.pk}
    assert Mail.objects.count() == 2
