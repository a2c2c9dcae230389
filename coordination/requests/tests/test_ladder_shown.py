"""What has gone up says so where people look: lists, request, my work, figure of alarms; in words and signs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coordination.offices.tests.factories import lead, official
from coordination.requests import escalation
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest
from coordination.requests.queries import my_work
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.tests.pages import form_values, in_english, signed_in, step_url
from coordination.requests.workflow import perform

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
SENT_UP, SHORT, ALARM = "Sent up by itself", "Short time: one step higher", "Alarm: no further office above"


def text(person, address, **query):
    return in_english(person).get(address, query).content.decode()


def everywhere(person, item):
    """The pages on which this person meets the request."""
    return [text(person, address) for address in (reverse("requests:list"), item.get_absolute_url(),
                                                  reverse("requests:deadlines", args=[item.slug]))]  # fmt: skip


def late(item):
    """The request after its next deadline has passed unnoticed."""
    item.refresh_from_db()
    escalation.escalate_due(item.ladder_due_at + MINUTE)
    item.refresh_from_db()
    return item


def test_what_went_up_says_so_with_the_office_and_the_deadline_that_was_missed():
    boss = lead("kominfo", "32")
    item = late(coordination_request(State.SUBMITTED))
    for page in everywhere(item.filed_by, item):
        assert SENT_UP in page
        assert f"ent up by itself to {boss.office}, past the deadline (Verification)" in page


def test_what_is_in_time_carries_no_flag():
    item = coordination_request(State.SUBMITTED)
    for page in everywhere(item.filed_by, item):
        assert not any(flag in page for flag in (SENT_UP, SHORT, ALARM, "⇑", "!!"))


def test_what_has_ended_carries_no_flag():
    lead("kominfo", "32")
    item = late(coordination_request(State.SUBMITTED))
    perform(item, "withdraw", actor=item.filed_by, version=item.version, values=VALUES["withdraw"])
    assert SENT_UP not in text(item.filed_by, item.get_absolute_url())


def test_short_time_is_shown_until_a_deadline_is_missed():
    lead("kominfo", "32"), lead("kominfo")
    item = coordination_request(State.SUBMITTED, activity_on=TODAY + timedelta(days=8))
    item.refresh_from_db()
    assert item.started_short
    for page in everywhere(item.filed_by, item):
        assert SHORT in page
        assert "was informed from the start" in page
    page = text(item.filed_by, late(item).get_absolute_url())
    assert SENT_UP in page
    assert SHORT not in page


def test_enough_time_is_not_called_short():
    lead("kominfo", "32")
    item = coordination_request(State.SUBMITTED, activity_on=TODAY + timedelta(days=90))
    item.refresh_from_db()
    assert not item.started_short


def test_short_time_with_no_office_above_is_told_too():
    item = coordination_request(State.SUBMITTED, activity_on=TOMORROW)
    item.refresh_from_db()
    assert (item.started_short, item.raised_to) == (True, None)
    assert "Short time" in text(item.filed_by, item.get_absolute_url())


@pytest.mark.parametrize("decision", ["submit", "draft"])
def test_the_confirmation_of_a_submission_says_that_the_time_is_short(decision):
    handler, boss = lead("kominfo", "32.73"), lead("kominfo", "32")
    draft = coordination_request(State.DRAFT, handler=handler, activity_on=TOMORROW)
    client = in_english(draft.filed_by)
    if decision == "draft":
        answer = client.post(step_url(draft, "submit"), {"version": draft.version}, follow=True)
    else:
        values = form_values(draft.obstacles.get(), activity_on=TOMORROW.isoformat())
        answer = client.post(reverse("requests:new"), values, follow=True)
    assert f"so {boss.office} was informed from the start" in answer.content.decode()


def test_a_clock_that_stands_still_says_since_when():
    item = coordination_request(State.RETURNED)
    assert "clock stands still since" in text(item.filed_by, reverse("requests:list"))
    assert "Clock stands still since" in text(item.filed_by, item.get_absolute_url())


def test_the_superior_office_sees_among_its_work_why_a_request_came_up():
    boss = official("kominfo", "32")
    item = late(coordination_request(State.SUBMITTED))
    CoordinationRequest.objects.update(due_at=timezone.now() - MINUTE)
    assert my_work(boss).waiting == [item]
    page = text(boss, "/")
    assert f"<b>Sent up by itself to {boss.office}, past the deadline (Verification)</b>" in page
    assert "<b>Verify and give a first answer</b>" not in page
    assert "<b>Verify and give a first answer</b>" in text(item.handling_office.officials.first(), "/")


@pytest.fixture
def alarmed():
    """A request with no office above, late; one beside it that went up; and one whose clock stands still."""
    items = [late(coordination_request(State.SUBMITTED)) for _each in range(2)]
    assert all(item.is_alarm for item in items)
    stopped = items.pop()
    perform(stopped, "return", actor=stopped.handling_office.officials.first(), version=stopped.version,
            values=VALUES["return"])  # fmt: skip
    lead("kominfo", "33")
    assert not late(coordination_request(State.SUBMITTED, "33.74.01.1001")).is_alarm
    return items[0]


def test_an_alarm_is_told_in_words(alarmed):
    for page in everywhere(alarmed.filed_by, alarmed):
        assert ALARM in page
        assert "with no further office above that could be told" in page


@pytest.mark.parametrize("person", ["nation", "superuser"])
def test_the_figure_of_alarms_is_that_of_the_list_behind_it(alarmed, person):
    reader = lead("kpu") if person == "nation" else official("kpu", "32.73", is_superuser=True)
    work = my_work(reader)
    answer = signed_in(reader).get(reverse("requests:list"), {"alarm": "1"})
    assert [item.pk for item in answer.context["page"]] == [alarmed.pk]
    assert (work.watches_alarms, work.counts["alarm"]) == (True, 1)
    assert "?alarm=1" in text(reader, "/")


def test_whoever_has_an_office_above_sees_no_figure_of_alarms(alarmed):
    assert "?alarm=1" not in text(alarmed.filed_by, "/")


@pytest.mark.parametrize("value", ["0", "x", "9" * 5000, "\x00", "💥", "<script>alert(1)</script>"])
def test_an_odd_filter_for_alarms_is_answered_with_a_page(value):
    answer = signed_in(official("kpu", "32.73")).get(reverse("requests:list"), {"alarm": value})
    assert answer.status_code == 200
    assert "<script>alert(1)" not in answer.content.decode()
    assert CoordinationRequest.objects.count() == 0
