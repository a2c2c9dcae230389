"""What happens when several people act at once, on a real PostgreSQL, each with the control without the lock."""

import datetime
import threading
import time
import uuid

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from coordination.campaigns.tests.activities import activity, tomorrow_at
from coordination.common.errors import DomainError
from coordination.common.uploads import clean_upload
from coordination.forecast.tests.factories import forecast_for
from coordination.history.models import Event
from coordination.history.recording import faults
from coordination.history.stepping import lock
from coordination.networks.tests.factories import assessment
from coordination.obstacles.filing import edit as edit_obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.requests import filing, workflow
from coordination.requests.attaching import MAX_ATTACHMENTS
from coordination.requests.choices import State
from coordination.requests.models import Comment, CoordinationRequest, RiskWarning
from coordination.requests.models.requests import CoordinationRequestQuerySet
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.warning import warn_due
from coordination.requests.workflow import close_unconfirmed
from tests.files import PDF, upload
from tests.races import at_once, control

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
PEOPLE = 6


def accept_at_once():
    handlers = [lead("kominfo", "32.73") for _ in range(PEOPLE)]
    item = coordination_request(State.SUBMITTED, handler=handlers[0])

    def call(actor):
        return lambda: workflow.perform(item, "accept", actor=actor, version=item.version, values=VALUES["accept"])

    results = at_once([call(actor) for actor in handlers])
    won = [result for result in results if isinstance(result, CoordinationRequest)]
    lost = [result for result in results if isinstance(result, DomainError)]
    assert len(won) + len(lost) == PEOPLE, results
    return won, Event.objects.about(item).filter(verb="accept").count()


def test_of_several_people_taking_a_step_exactly_one_does():
    won, events = accept_at_once()
    assert (len(won), events) == (1, 1)
    assert list(faults()) == []


@control
def test_control_without_the_row_lock_several_take_the_same_step(monkeypatch):
    monkeypatch.setattr(workflow, "lock", lambda row: type(row).objects.get(pk=row.pk))
    won, events = accept_at_once()
    assert len(won) > 1
    assert events == len(won)


def test_an_obstacle_is_not_taken_from_the_network_while_a_request_that_names_it_is_submitted():
    item = coordination_request(State.DRAFT)
    row = item.obstacles.get()
    calls = [
        lambda: edit_obstacle(row, {"kind": "quota"}, actor=row.reported_by, version=row.version),
        lambda: workflow.perform(item, "submit", actor=item.filed_by, version=item.version),
    ]
    results = at_once(calls)
    assert sum(isinstance(result, DomainError) for result in results) == 1, results


def test_two_people_filing_and_editing_never_wait_for_each_other():
    """The order of the locks: obstacles, series, history; any other would sometimes end in a deadlock."""
    lead("kominfo", "32.73")
    rows = [obstacle() for _ in range(4)]
    filer = rows[0].reported_by

    def file():
        values = {"region": rows[0].region, "subject": "x", "text": "x", "urgency": "normal", "activity_on": None}
        return filing.file_request(
            values | {"obstacles": rows}, actor=filer, client_id=uuid.uuid4(), body_sha256="x", submit=True
        )

    def edit(row):
        return lambda: edit_obstacle(row, {"place": "Balai desa"}, actor=row.reported_by, version=row.version)

    results = at_once([file, *(edit(row) for row in rows), file])
    assert not [result for result in results if isinstance(result, Exception)]


def edit_at_once():
    filers = [lead("kpu", "32.73") for _ in range(PEOPLE)]
    item = coordination_request(State.DRAFT, filer=filers[0])
    values = {name: getattr(item, name) for name in filing.EDITABLE} | {"obstacles": list(item.obstacles.all())}

    def call(actor):
        mine = values | {"subject": f"Ditulis {actor.username}"}
        return lambda: filing.edit(item, mine, actor=actor, version=item.version)

    results = at_once([call(actor) for actor in filers])
    return [result for result in results if isinstance(result, CoordinationRequest)]


def test_of_several_people_saving_one_version_exactly_one_succeeds():
    assert len(edit_at_once()) == 1


@control
def test_control_without_the_row_lock_several_save_over_each_other(monkeypatch):
    monkeypatch.setattr(filing, "lock", lambda row: type(row).objects.get(pk=row.pk))
    assert len(edit_at_once()) > 1


def test_one_form_sent_many_times_at_once_makes_one_request_one_number_and_one_comment():
    filer = lead("kpu", "32.73")
    lead("kominfo", "32.73")
    hurdle = obstacle(actor=filer)
    values = {"region": hurdle.region, "subject": "Sinyal", "text": "Mohon", "urgency": "normal", "activity_on": None}
    values["obstacles"] = [hurdle]
    form_id = uuid.uuid4()

    def file():
        return filing.file_request(values, actor=filer, client_id=form_id, body_sha256="x", submit=True)

    results = at_once([file] * PEOPLE)
    assert {request.number for request, _new in results} == {CoordinationRequest.objects.get().number}
    assert sum(is_new for _request, is_new in results) == 1
    item, comment_id = CoordinationRequest.objects.get(), uuid.uuid4()

    def comment():
        return filing.comment(item, "Halo", actor=filer, client_id=comment_id, body_sha256="y")

    at_once([comment] * PEOPLE)
    assert Comment.objects.count() == 1


def test_numbers_given_at_once_are_gap_free_even_when_some_submissions_fail():
    filer = lead("kpu", "32.73")
    lead("kominfo", "32.73")
    drafts = [coordination_request(State.DRAFT, filer=filer) for _ in range(PEOPLE)]
    drafts[0].obstacles.clear()
    calls = [
        lambda draft=draft: workflow.perform(draft, "submit", actor=filer, version=draft.version) for draft in drafts
    ]
    at_once(calls)
    numbers = CoordinationRequest.objects.exclude(number=None).values_list("number", flat=True)
    assert sorted(int(number[-4:]) for number in numbers) == list(range(1, PEOPLE))


def submit_at_once():
    """(results, numbers given) of several submissions at once."""
    filer = lead("kpu", "32.73")
    lead("kominfo", "32.73")
    drafts = [coordination_request(State.DRAFT, filer=filer) for _ in range(PEOPLE)]
    calls = [lambda row=row: workflow.perform(row, "submit", actor=filer, version=row.version) for row in drafts]
    results = at_once(calls)
    numbers = CoordinationRequest.objects.exclude(number=None).values_list("number", flat=True)
    return results, sorted(int(number[-4:]) for number in numbers)


@control
def test_control_a_number_read_without_the_lock_of_its_series_is_given_twice(monkeypatch):
    def unlocked(series, regency, year):
        given = CoordinationRequest.objects.exclude(number=None).count()
        return f"{series}-{regency.digits}-{year}-{given + 1:04d}"

    monkeypatch.setattr(workflow, "next_number", unlocked)
    monkeypatch.setattr(workflow, "hold", lambda *series: None)
    results, numbers = submit_at_once()
    assert [result for result in results if isinstance(result, IntegrityError)]
    assert len(numbers) < PEOPLE


def test_submissions_at_once_all_get_a_number_of_their_own():
    results, numbers = submit_at_once()
    assert not [result for result in results if isinstance(result, Exception)]
    assert numbers == list(range(1, PEOPLE + 1))


def attach_at_once():
    """How many files a request has after several people attached three each at once."""
    handlers = [lead("kominfo", "32.73") for _ in range(PEOPLE)]
    item = coordination_request(State.ACCEPTED, handler=handlers[0])

    def call(actor):
        names = [f"{actor.pk}-{number}.pdf" for number in range(3)]
        files = [clean_upload(upload(name, PDF + name.encode(), "application/pdf")) for name in names]
        return lambda: filing.attach(item, files, actor=actor)

    results = at_once([call(actor) for actor in handlers])
    assert not [error for error in results if error and not isinstance(error, DomainError)], results
    return item.attachments.count()


def test_a_request_has_ten_files_at_most_however_many_people_attach_some():
    assert attach_at_once() == 9


@control
def test_control_without_the_row_lock_it_has_more(monkeypatch):
    monkeypatch.setattr(filing, "lock", lambda row: type(row).objects.get(pk=row.pk))
    assert attach_at_once() > MAX_ATTACHMENTS


def test_the_history_of_many_writers_is_one_whole_chain():
    filers = [lead("kpu", "32.73") for _ in range(PEOPLE)]
    item = coordination_request(State.SUBMITTED, filer=filers[0])
    calls = [
        lambda actor=actor: filing.comment(item, "Halo", actor=actor, client_id=uuid.uuid4(), body_sha256="z")
        for actor in filers
    ]
    at_once(calls)
    assert Comment.objects.count() == PEOPLE
    assert list(faults()) == []


def test_two_workers_that_close_what_nobody_confirmed_close_it_once():
    item = coordination_request(State.RESOLVED)
    after = item.due_at + datetime.timedelta(minutes=1)
    results = at_once([lambda: close_unconfirmed(after)] * 4)
    assert sum(results) == 1
    assert Event.objects.about(item).filter(verb="close_unconfirmed").count() == 1


@control
def test_control_without_the_row_lock_two_workers_close_it_twice(monkeypatch):
    item = coordination_request(State.RESOLVED)
    after = item.due_at + datetime.timedelta(minutes=1)
    monkeypatch.setattr(CoordinationRequestQuerySet, "select_for_update", lambda rows, **options: rows, raising=False)
    results = at_once([lambda: close_unconfirmed(after)] * 4)
    assert sum(results) > 1
    assert Event.objects.about(item).filter(verb="close_unconfirmed").count() == sum(results)


def test_a_request_can_name_an_obstacle_on_which_somebody_takes_a_step_at_that_moment():
    """Else the two wait for each other: one holds the obstacle, the other the lock of the history."""
    hurdle, filer = obstacle(), lead("kpu", "32.73")
    held = threading.Event()

    def take_a_step():
        with transaction.atomic():
            lock(hurdle)
            held.set()
            time.sleep(2)

    def file():
        held.wait(timeout=10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
        values = {"region": hurdle.region, "subject": "x", "text": "x", "urgency": "normal", "obstacles": [hurdle]}
        return filing.file_request(values, actor=filer, client_id=uuid.uuid4(), body_sha256="x", submit=False)

    _step, filed = at_once([take_a_step, file])
    assert not isinstance(filed, Exception), filed


def test_an_activity_that_somebody_holds_does_not_keep_the_others_from_their_warning():
    filer = lead("kpu", "32.73")
    first, second = (activity(actor=filer, starts_at=tomorrow_at(9, days=days)) for days in (2, 3))
    assessment("32.73.01.1001")
    assert forecast_for(first).risk == "high"
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            lock(first)
            held.set()
            done.wait(timeout=10)

    def run():
        held.wait(timeout=10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        try:
            return warn_due()
        finally:
            done.set()

    _hold, failed = at_once([hold, run])
    assert isinstance(failed, OperationalError), failed
    assert list(RiskWarning.objects.values_list("activity", flat=True)) == [second.pk]


def test_a_draft_and_a_new_request_submitted_at_once_do_not_wait_for_each_other():
    filer = lead("kpu", "32.73")
    hurdles, handler = [obstacle() for _ in range(8)], lead("kominfo", "32.73")
    drafts = [coordination_request(State.DRAFT, filer=filer, handler=handler) for _ in range(8)]

    def new(hurdle):
        values = {"region": hurdle.region, "subject": "x", "text": "x", "urgency": "normal", "obstacles": [hurdle]}
        return lambda: filing.file_request(values, actor=filer, client_id=uuid.uuid4(), body_sha256="x", submit=True)

    def submit(draft):
        return lambda: workflow.perform(draft, "submit", actor=filer, version=draft.version)

    results = at_once([call for pair in zip(map(new, hurdles), map(submit, drafts), strict=True) for call in pair])
    assert [result for result in results if isinstance(result, Exception)] == []
    assert list(faults()) == []
