"""What waits for somebody who is away shows up with the substitute and the lead."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from coordination.common.errors import NotPermitted
from coordination.offices.models import Absence
from coordination.offices.tests.factories import absence, lead, official
from coordination.requests.choices import State
from coordination.requests.filters import Scope
from coordination.requests.models import CoordinationRequest
from coordination.requests.queries import my_work
from coordination.requests.substitutes import waiting_for_person
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform

pytestmark = pytest.mark.django_db


def assigned(person, state=State.ACCEPTED, handler=None):
    """A request of which this official of the ICT office is in charge."""
    handler = handler or lead("kominfo", "32.73")
    item = coordination_request(state, handler=handler)
    return perform(item, "assign", actor=handler, version=item.version, values={"person_in_charge": person})


def waiting(reader):
    return list(waiting_for_person(CoordinationRequest.objects.visible_to(reader), reader))


def covered(reader):
    """{name of the absent: requests} as on the page "my work"."""
    return {away.official: requests for away, requests in my_work(reader).standing_in}


def page(reader, address, **query):
    client = Client()
    client.force_login(reader)
    return client.get(address, query)


def test_what_waits_for_the_absent_waits_for_the_substitute_and_the_lead():
    person, colleague, other, boss = *(official("kominfo", "32.73") for _ in range(3)), lead("kominfo", "32.73")
    item = assigned(person)
    assert (waiting(person), waiting(colleague), waiting(boss)) == ([item], [], [])
    absence(person, colleague)
    for reader, found in ((colleague, [item]), (boss, [item]), (other, [])):
        assert waiting(reader) == found
        assert covered(reader) == ({person.name: [item]} if found else {})


def test_without_a_substitute_and_without_a_chain_it_is_the_leads_alone():
    person, colleague, third, boss = *(official("kominfo", "32.73") for _ in range(3)), lead("kominfo", "32.73")
    item = assigned(person)
    absence(person, colleague)
    absence(colleague, third)
    assert (waiting(colleague), waiting(third), waiting(boss)) == ([], [], [item])
    assert covered(third) == {}
    assert covered(boss) == {person.name: [item]}


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.RESOLVED])
def test_what_is_with_the_filer_waits_for_who_stands_in_for_the_filer(state):
    filer, colleague = lead("kpu", "32.73"), official("kpu", "32.73")
    item = coordination_request(state, filer=filer)
    absence(filer, colleague)
    assert covered(colleague) == {filer.name: [item]}
    coordination_request(State.SUBMITTED, filer=filer)  # waits for the ICT office
    assert waiting(colleague) == [item]


def test_what_is_with_the_filer_does_not_wait_for_who_is_in_charge():
    person, colleague = official("kominfo", "32.73"), official("kominfo", "32.73")
    handler = lead("kominfo", "32.73")
    item = assigned(person, State.IN_PROGRESS, handler)
    absence(person, colleague)
    assert waiting(colleague) == [item]
    perform(item, "resolve", actor=handler, version=item.version, values=VALUES["resolve"])
    assert waiting(colleague) == []


def test_a_request_is_in_the_hands_of_who_has_the_next_step():
    filer, person, handler = lead("kpu", "32.73"), official("kominfo", "32.73"), lead("kominfo", "32.73")
    item = coordination_request(State.IN_PROGRESS, filer=filer, handler=handler)
    item = perform(item, "assign", actor=handler, version=item.version, values={"person_in_charge": person})

    def holders():
        people = (filer, person, handler)
        return [one for one in people if CoordinationRequest.objects.in_hands_of([one.pk]).exists()]

    assert holders() == [person]
    item = perform(item, "resolve", actor=handler, version=item.version, values=VALUES["resolve"])
    assert holders() == [filer]
    perform(item, "confirm", actor=filer, version=item.version)
    assert holders() == []


@pytest.mark.parametrize("days", [{"first": 1}, {"first": -3, "last": -1}])
def test_before_and_after_the_absence_nothing_changes(days):
    person, colleague = official("kominfo", "32.73"), official("kominfo", "32.73")
    assigned(person)
    absence(person, colleague, **days)
    assert waiting(colleague) == []
    assert covered(colleague) == {}


def test_a_substitute_takes_the_steps_of_the_person_in_charge_but_not_those_of_a_lead():
    boss, colleague = lead("kominfo", "32.73"), official("kominfo", "32.73")
    item = assigned(boss, handler=boss)
    absence(boss, colleague)
    for verb in ("start", "wait", "resume", "resolve"):
        with pytest.raises(NotPermitted):
            perform(item, "decline", actor=colleague, version=item.version, values=VALUES["decline"])
        item = perform(item, verb, actor=colleague, version=item.version, values=VALUES[verb])
    assert item.state == State.RESOLVED


def test_the_front_page_names_for_whom_one_stands_in():
    person, colleague, boss = *(official("kominfo", "32.73") for _ in range(2)), lead("kominfo", "32.73")
    item = assigned(person)
    away = absence(person, colleague)
    for reader in (colleague, boss):
        text = page(reader, "/").content.decode()
        assert text.count(f'id="for{away.pk}"') == 1
        assert text.count(item.get_absolute_url()) == 2  # with the office's and with those of the absent
        assert f"{colleague}" in text
    assert f'id="for{away.pk}"' not in page(official("kominfo", "32.73"), "/").content.decode()


def test_a_lead_who_is_away_too_is_not_called_the_one_who_stands_in():
    person, boss = official("kominfo", "32.73"), lead("kominfo", "32.73")
    assigned(person, handler=boss)
    absence(person, boss)
    absence(boss, None)
    text = page(boss, "/").content.decode()
    assert f"Menggantikan {person.name}" not in text
    assert person.name in text


def test_the_list_of_what_waits_for_me_holds_my_own_and_what_i_cover():
    person, colleague = official("kominfo", "32.73"), official("kominfo", "32.73")
    own, for_other, nobodys = assigned(colleague), assigned(person), coordination_request()
    absence(person, colleague)
    found = page(colleague, reverse("requests:list"), daftar=Scope.MY_TURN.value).context["page"]
    assert set(found) == {own, for_other}
    assert nobodys in page(colleague, reverse("requests:list"), daftar=Scope.WAITING.value).context["page"].rows


def test_the_page_of_a_request_tells_that_the_person_in_charge_is_away():
    person, colleague = official("kominfo", "32.73"), official("kominfo", "32.73", name="Bu Pengganti")
    item = assigned(person)
    reader = lead("kpu", "32.73")
    assert page(reader, item.get_absolute_url()).context["absence"] is None
    absence(person, colleague)
    assert "Bu Pengganti" in page(reader, item.get_absolute_url()).content.decode()
    Absence.objects.update(substitute=None)
    answer = page(reader, item.get_absolute_url())
    assert answer.context["absence"].official == person.name
    assert "Bu Pengganti" not in answer.content.decode()
    handler = lead("kominfo", "32.73")
    for verb in ("start", "resolve"):
        item = perform(item, verb, actor=handler, version=item.version, values=VALUES[verb])
    assert page(reader, item.get_absolute_url()).context["absence"] is None  # it waits for the filer now


def test_today_is_the_day_of_the_offices_own_clock(monkeypatch):
    """At 16.30 UTC the next day has begun in Jayapura, and not in Bandung."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.datetime(2026, 3, 3, 16, 30, tzinfo=datetime.UTC))
    for code, begun in (("32.73", False), ("91.71", True)):
        person, colleague = official("kominfo", code), official("kominfo", code)
        day = datetime.date(2026, 3, 4)
        Absence.objects.create(official=person, substitute=colleague, first_day=day, last_day=day, named_by=person)
        assert Absence.objects.covered_by(colleague).exists() is begun


def test_nothing_of_another_office_is_covered():
    """Who moved to another office leaves behind what waited there."""
    person, colleague = official("kominfo", "32.73"), official("kominfo", "32.73")
    assigned(person)
    absence(person, colleague)
    elsewhere = official("kominfo", "32.04")
    type(person).objects.filter(pk__in=(person.pk, colleague.pk)).update(office=elsewhere.office)
    colleague.refresh_from_db()
    assert waiting(colleague) == []
    assert covered(colleague) == {}
