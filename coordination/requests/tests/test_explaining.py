"""Why a deadline is when it is: the lines add up to what is stored, name their reasons, and tell nobody too much."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import translation

from coordination.campaigns.tests.activities import activity, tomorrow_at
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests import deadlines, escalation, recomputing
from coordination.requests.choices import Stage, State, Unit, Urgency
from coordination.requests.explaining import Standing, explain
from coordination.requests.models import CoordinationRequest, DeadlineRule
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.tests.pages import in_english, signed_in
from coordination.requests.workflow import perform
from coordination.workdays import calendars
from coordination.workdays.choices import DayKind
from coordination.workdays.models import CalendarYear, DayOff

pytestmark = pytest.mark.django_db
JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=JAKARTA)
TUESDAY = date(2026, 11, 24)
ZONES = {"32.73.01.1001": "Asia/Jakarta", "51.71.01.1001": "Asia/Makassar", "91.11.01.2001": "Asia/Jayapura"}
DAY = timedelta(days=1)
RESULT = "So the deadline is"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def submitted(code="32.73.01.1001", at=MONDAY, **values):
    item = coordination_request(State.DRAFT, code, **values)
    return perform(item, "submit", actor=item.filed_by, version=item.version, at=at)


def take(item, *verbs, at=MONDAY):
    for verb in verbs:
        actor = item.filed_by if verb in ("submit", "reopen") else item.handling_office.officials.first()
        item = perform(item, verb, actor=actor, version=item.version, values=VALUES[verb], at=at)
    return item


def explained(item):
    return {each.stage: each for each in explain(item, [], item.filed_by)}


def words(item, stage):
    return [line.words for line in explained(item)[stage].lines]


def random_clocks(item, chance):
    """The request with clocks, rules and an activity as chance would have them, and what is stored of them."""
    moments = [
        datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(8 * 525_600)) for _clock in range(3)
    ]
    item.verify_started_at, item.stage_started_at, item.end_started_at = moments
    item.urgency, item.end_urgency = (chance.choice(Urgency.values) for _urgency in range(2))
    item.end_stopped_minutes = chance.choice((0, 0, chance.randrange(9_000)))
    item.activity_on = chance.choice((None, moments[0].date() + timedelta(days=chance.randrange(-3, 20))))
    item.state = chance.choice((State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS, State.RESOLVED))
    deadlines.Timekeeper().set(item)
    return item


@pytest.mark.parametrize("code", ZONES)
def test_the_lines_end_at_what_is_stored_whatever_the_clocks_say(code):
    item, chance = submitted(code), random.Random(code)
    assert item.region.time_zone == ZONES[code]
    for _try in range(40):
        found = explained(random_clocks(item, chance))
        told = {stage: next(line.at for line in each.lines if line.words == RESULT) for stage, each in found.items()}
        stored = {Stage.VERIFY: item.verify_due_at, Stage.ANSWER: item.answer_due_at, Stage.END: item.end_due_at}
        assert {stage: told[stage] for stage in stored} == stored
        runs = [stage for stage, each in found.items() if each.standing == Standing.RUNS]
        assert min(told[stage] for stage in runs) == item.due_at


@pytest.mark.parametrize("code", ZONES)
def test_the_days_that_are_counted_and_those_that_are_not_add_up(code):
    item, chance = submitted(code), random.Random(code)
    zone, working_days = ZoneInfo(ZONES[code]), Unit.WORKING_DAYS
    for _try in range(40):
        random_clocks(item, chance)
        for stage, each in explained(item).items():
            start, allowed = (line.at.astimezone(zone).date() for line in each.lines[:2])
            rule = deadlines.Rules().of(item.end_urgency if stage == Stage.END else item.urgency, stage)
            if rule.unit == working_days:
                assert (allowed - start).days == rule.amount + len(each.skipped), (stage, start)


def test_it_tells_from_when_the_clock_runs_and_how_long_by_whose_rule():
    lines = explained(submitted())[Stage.VERIFY].lines
    assert (lines[0].words, lines[0].at) == ("The clock runs since the request was submitted", MONDAY)
    assert "1 working days by the portal's own rule" in lines[1].words
    assert "Normal" in lines[1].words


@pytest.mark.parametrize(
    ("route", "stage", "begin"),
    [
        (["return", "submit"], Stage.VERIFY, "completed and submitted again"),
        (["return", "submit"], Stage.END, "was submitted"),
        (["forward"], Stage.END, "present office got the request"),
        (["accept"], Stage.FOLLOW_UP, "was verified"),
        (["accept", "start", "resolve"], Stage.CONFIRM, "result was reported"),
        (["accept", "start", "resolve", "reopen"], Stage.END, "was reopened"),
    ],
)
def test_it_tells_which_step_started_the_clock(route, stage, begin):
    lead("kominfo", "32")
    item = submitted()
    for number, verb in enumerate(route, 1):
        item = take(item, verb, at=MONDAY + DAY + timedelta(minutes=number))
    assert begin in words(item, stage)[0]


def test_weekends_and_holidays_that_are_passed_over_are_named():
    item = submitted(at=datetime(2026, 12, 22, 9, tzinfo=JAKARTA))
    told = words(item, Stage.END)
    assert any("weekends: 26–27 December 2026, 2–3 January 2027" in line for line in told)
    assert any(line.startswith("Not counted: 25 December 2026, Hari Raya Natal (Public holiday)") for line in told)
    assert any("24 December 2026" in line and "(Joint leave)" in line for line in told)


def test_many_weekends_are_told_as_a_number():
    DeadlineRule.objects.filter(stage=Stage.END).update(amount=60)
    item = submitted()
    assert any("13 of them from 28 November 2026" in line for line in words(item, Stage.END))


def test_a_local_holiday_is_named_in_its_region_alone():
    here, elsewhere = submitted(), submitted("33.74.01.1001")
    calendars.change(lambda: DayOff.objects.create(day=TUESDAY, region=here.region.parent.parent, kind=DayKind.LOCAL,
                                                   name="Hari jadi kota", source="Uji"))  # fmt: skip
    recomputing.recompute_all()
    assert any("Hari jadi kota" in line for line in words(here, Stage.VERIFY))
    assert not any("Hari jadi kota" in line for line in words(elsewhere, Stage.VERIFY))


@pytest.mark.parametrize(("start", "told"), [(datetime(2026, 3, 2, 9, tzinfo=JAKARTA), True), (MONDAY, False)])
def test_the_hours_of_ramadan_are_told_where_they_mattered(start, told):
    item = submitted(at=start, urgency=Urgency.CRITICAL)
    assert any("08.00–15.00, on Fridays 08.00–15.30" in line for line in words(item, Stage.VERIFY)) is told


def test_the_time_that_stood_still_is_a_line_of_its_own():
    item = take(submitted(), "return")
    assert any("stands still, for" in line for line in words(item, Stage.END))
    item = take(submitted(), "accept", "start", "wait")
    item = take(item, "resume", at=MONDAY + DAY)
    lines = explained(item)[Stage.END].lines
    stood = next(line for line in lines if line.words.startswith("The clock stood still for 1 working day,"))
    assert stood.at == item.end_due_at
    assert lines[lines.index(stood) + 1].words == "Not counted, weekends: 12–13 December 2026"


def test_a_returned_request_says_that_verification_begins_anew():
    found = explained(take(submitted(), "return"))
    assert {each.standing for each in found.values()} == {Standing.STOPPED}
    assert any("begins anew" in line.words for line in found[Stage.VERIFY].lines)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 25), "day before the activity on 25 November 2026"),
        (date(2026, 11, 23), "on the day of the activity itself"),
        (date(2026, 11, 20), "limits nothing"),
    ],
)
def test_what_the_day_of_the_activity_does_to_it(day, told):
    assert any(told in line for line in words(submitted(activity_on=day), Stage.END))


def test_nobody_in_charge_is_told():
    assert any("Nobody is in charge" in line for line in words(take(submitted(), "accept"), Stage.ANSWER))


def test_a_year_without_a_decree_may_still_move_it():
    CalendarYear.objects.filter(year=2026).update(is_complete=False)
    assert any("2026 is not known yet" in line for line in words(submitted(), Stage.VERIFY))


def test_a_missed_deadline_says_to_whom_it_went():
    boss, item = lead("kominfo", "32"), submitted()
    escalation.escalate_due(item.verify_due_at + timedelta(minutes=1))
    item.refresh_from_db()
    assert words(item, Stage.VERIFY)[-1] == f"Missed: {boss.office} was informed by itself"
    escalation.escalate_due(item.answer_due_at + timedelta(minutes=1))
    assert "an alarm" in words(item, Stage.ANSWER)[-1]


def test_what_an_earlier_clock_missed_is_not_told_of_the_new_one():
    lead("kominfo", "32")
    item = submitted()
    escalation.escalate_due(item.verify_due_at + timedelta(minutes=1))
    item.refresh_from_db()
    item = take(item, "return", "submit", at=item.verify_due_at + DAY)
    assert words(item, Stage.VERIFY)[-1] == RESULT


# The page


def page(person, item):
    return in_english(person).get(reverse("requests:deadlines", args=[item.slug]))


def test_the_page_is_linked_from_the_request_and_leads_back():
    item = coordination_request(State.SUBMITTED)
    client = signed_in(item.filed_by)
    assert reverse("requests:deadlines", args=[item.slug]) in client.get(item.get_absolute_url()).content.decode()
    assert item.get_absolute_url() in page(item.filed_by, item).content.decode()


def test_the_address_of_a_draft_leads_on_once_it_has_a_number():
    item = coordination_request(State.SUBMITTED)
    answer = signed_in(item.filed_by).get(reverse("requests:deadlines", args=[item.client_id]))
    assert answer.url == reverse("requests:deadlines", args=[item.number])


@pytest.mark.parametrize(
    ("state", "sentence"), [(State.DRAFT, "A draft has no deadlines yet"), (State.CLOSED, "no deadline runs any more")]
)
def test_what_has_no_running_deadline_says_so_in_a_sentence(state, sentence):
    item = coordination_request(state)
    answer = page(item.filed_by, item)
    assert answer.context["explanations"] == []
    assert sentence in answer.content.decode()


def test_an_activity_is_named_to_whoever_may_know_of_it():
    filer = lead("kpu", "32.73")
    planned = activity(starts_at=tomorrow_at(9, days=5), actor=filer)
    day = planned.starts_there.date()
    item = coordination_request(State.SUBMITTED, filer=filer, activities=[planned], activity_on=day)
    assert planned.number in page(filer, item).content.decode()
    assert planned.number in page(lead("kominfo", "32.73"), item).content.decode()


def test_only_the_activity_that_holds_the_deadline_is_named():
    filer = lead("kpu", "32.73")
    first, later = (activity(starts_at=tomorrow_at(9, days=days), actor=filer) for days in (5, 6))
    day = first.starts_there.date()
    item = coordination_request(State.SUBMITTED, filer=filer, activities=[first, later], activity_on=day)
    assert later.number not in page(filer, item).content.decode()


def test_an_activity_of_another_region_is_not_named_to_an_office_that_only_helps():
    filer, planned = lead("kpu", "32.73"), activity("33.74.01.1001", starts_at=tomorrow_at(9, days=5))
    item = coordination_request(State.SUBMITTED, filer=filer, activity_on=planned.starts_there.date())
    item.activities.add(planned)
    assert planned.number not in page(filer, item).content.decode()


def test_the_page_reads_as_often_for_a_long_history_as_for_a_short_one(django_assert_max_num_queries):
    lead("kominfo", "32"), region("32")
    item = submitted()
    for number in range(4):
        item = take(item, "return", "submit", at=MONDAY + DAY * number)
        escalation.escalate_due(item.verify_due_at + timedelta(minutes=1))
        item.refresh_from_db()
    assert CoordinationRequest.objects.get(pk=item.pk).missed_deadlines.exists()
    client = signed_in(item.filed_by)
    with django_assert_max_num_queries(12):
        client.get(reverse("requests:deadlines", args=[item.slug]))
