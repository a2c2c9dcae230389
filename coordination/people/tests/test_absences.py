"""Who is away, who stands in, and who may say so."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, StaleVersion
from coordination.history.models import Event
from coordination.offices.models import Absence, Official
from coordination.offices.tests.factories import absence, admin, lead, official
from coordination.people import absences

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def days(person, first=0, last=3, substitute=None):
    today = person.office.today
    return {"first_day": today + first * DAY, "last_day": today + last * DAY, "substitute": substitute}


def named(person, actor=None, **values):
    made, _new = absences.name(
        person, days(person, **values), actor=actor or person, client_id=uuid.uuid4(), body_sha256="x"
    )
    return made


def standing_in_for(person, on=None):
    return Absence.objects.substitutes_of([person.pk], on or person.office.today)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_an_absence_counts_from_its_first_day_to_its_last():
    person, colleague = official("kpu", "32.73"), official("kpu", "32.73")
    today = person.office.today
    named(person, substitute=colleague, first=2, last=4)
    found = [standing_in_for(person, today + ahead * DAY) for ahead in range(1, 6)]
    assert found == [{}, *[{person.pk: colleague}] * 3, {}]


def test_without_a_substitute_and_while_the_substitute_is_away_too_it_is_the_leads():
    person, colleague, third = (official("kpu", "32.73") for _ in range(3))
    made = named(person)
    assert standing_in_for(person) == {person.pk: None}
    absences.change(made, days(person, substitute=colleague), actor=person, version=1)
    assert standing_in_for(person) == {person.pk: colleague}
    named(colleague, substitute=third, last=0)
    assert standing_in_for(person) == {person.pk: None}  # no chain to the third
    assert standing_in_for(person, person.office.today + DAY) == {person.pk: colleague}


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "viewer"}, {"office": "elsewhere"}])
def test_a_substitute_who_can_no_longer_act_there_stands_in_no_more(change):
    person, colleague, boss = official("kpu", "32.73"), official("kpu", "32.73"), lead("kpu", "32.73")
    named(person, substitute=colleague)
    assert len(Absence.objects.covered_by(colleague)) == 1
    if "office" in change:
        change = {"office": official("kpu", "32.04").office}
    Official.objects.filter(pk=colleague.pk).update(**change)
    assert standing_in_for(person) == {person.pk: None}
    assert not Absence.objects.covered_by(Official.objects.get(pk=colleague.pk))
    assert [row.official for row in Absence.objects.covered_by(boss)] == [person]


def test_the_lead_covers_everybody_who_is_away_and_a_colleague_only_those_who_named_them():
    person, colleague, other, boss = *(official("kpu", "32.73") for _ in range(3)), lead("kpu", "32.73")
    named(person, substitute=colleague)
    named(official("kpu", "32.73"), first=1)  # not yet
    for reader, covered in ((colleague, [person]), (other, []), (boss, [person]), (person, [])):
        assert [row.official for row in Absence.objects.covered_by(reader)] == covered
    named(boss)
    assert [row.official for row in Absence.objects.covered_by(boss)] == [person]  # nobody stands in for oneself
    assert not Absence.objects.covered_by(lead("kominfo", "32.73"))
    assert not Absence.objects.covered_by(admin())


@pytest.mark.parametrize(("code", "ahead"), [("32.73", 0), ("91.71", 1)])
def test_the_day_is_that_of_the_offices_own_clock(code, ahead, monkeypatch):
    """At 16.30 UTC it is 23.30 in Bandung and 01.30 of the next day in Jayapura."""
    here = official("kpu", code).office
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime(2026, 3, 3, 16, 30, tzinfo=datetime.UTC))
    assert here.today == datetime.date(2026, 3, 3) + ahead * DAY


def test_the_person_and_the_lead_name_an_absence_and_nobody_else():
    person, colleague, boss = official("kpu", "32.73"), official("kpu", "32.73"), lead("kpu", "32.73")
    for stranger in (colleague, lead("kominfo", "32.73"), lead("kpu", "32.04"), official("kpu", "32.73", "viewer")):
        with pytest.raises(NotPermitted):
            named(person, actor=stranger)
    viewer = official("kpu", "32.73", "viewer")
    with pytest.raises(NotPermitted):
        named(viewer)
    made = named(person)
    for actor in (boss, lead("kpu", "32", is_staff=True)):
        made = absences.change(made, days(person, last=actor.pk % 50 + 5), actor=actor, version=made.version)
    with pytest.raises(NotPermitted):
        absences.change(made, days(person, last=90), actor=colleague, version=made.version)
    with pytest.raises(NotPermitted):
        absences.end(made, actor=colleague, version=made.version)
    assert absences.end(made, actor=boss, version=made.version).ended_at


def test_the_lead_names_one_for_a_colleague_who_administers():
    boss, keeper = lead("kpu", "32.73"), official("kpu", "32.73", is_staff=True)
    assert named(keeper, actor=boss, substitute=boss).substitute == boss


def test_a_substitute_is_another_who_acts_for_the_same_office():
    person = official("kpu", "32.73")
    wrong = (person, official("kpu", "32.04"), official("kominfo", "32.73"), official("kpu", "32.73", "viewer"),
             official("kpu", "32.73", is_active=False))  # fmt: skip
    for substitute in wrong:
        with pytest.raises(DomainError, match="substitute|[Pp]engganti"):
            named(person, substitute=substitute)
    assert not Absence.objects.exists()


def test_absences_of_one_person_do_not_overlap_unless_the_first_was_ended():
    person = official("kpu", "32.73")
    first = named(person, first=5, last=9)
    for span in ((5, 9), (0, 5), (9, 20), (6, 7), (0, 20)):
        with pytest.raises(DomainError):
            named(person, first=span[0], last=span[1])
    later = named(person, first=10, last=12)
    with pytest.raises(DomainError):
        absences.change(later, days(person, first=9, last=12), actor=person, version=1)
    absences.change(later, days(person, first=11, last=13), actor=person, version=1)
    absences.end(first, actor=person, version=1)
    assert named(person, first=5, last=9)


def test_the_database_holds_what_the_rules_hold():
    person = official("kpu", "32.73")
    absence(person)
    for wrong in ({"first": 1, "last": 0}, {"first": 3, "last": 9}, {"first": 20, "last": 21, "substitute": person}):
        with pytest.raises(IntegrityError), transaction.atomic():
            absence(person, **wrong)
    assert absence(person, first=3, last=9, ended_at=person.date_joined)
    assert absence(official("kpu", "32.73"))


def test_an_absence_that_was_ended_counts_no_more_from_then_on():
    person, colleague = official("kpu", "32.73"), official("kpu", "32.73")
    made = named(person, substitute=colleague)
    absences.end(made, actor=person, version=1)
    assert standing_in_for(person) == {}
    with pytest.raises(AlreadyDone):
        absences.end(made, actor=person, version=2)
    with pytest.raises(DomainError):
        absences.change(made, days(person, last=9), actor=person, version=2)


def test_the_history_of_the_person_tells_of_it():
    person, colleague, boss = official("kpu", "32.73"), official("kpu", "32.73"), lead("kpu", "32.73")
    made = named(person, actor=boss, substitute=colleague)
    made = absences.change(made, days(person), actor=boss, version=1)
    absences.end(made, actor=person, version=2)
    events = list(Event.objects.about(person))
    assert [(event.verb, event.actor) for event in events] == [
        ("substitute", boss), ("substitute", boss), ("end_absence", person)
    ]  # fmt: skip
    assert events[0].data["substitute"] == colleague.pk
    assert (events[1].data["before"], events[1].data["substitute"]) == (colleague.pk, None)
    assert {event.office for event in events} == {person.office}


def test_a_form_that_comes_twice_makes_one_absence():
    person = official("kpu", "32.73")
    client, address = signed_in(person), reverse("offices:absences", args=[person.pk])
    body = {"client_id": str(uuid.uuid4())} | days(person) | {"substitute": ""}
    assert [client.post(address, body).status_code for _ in range(2)] == [302, 302]
    assert Absence.objects.count() == Event.objects.about(person).count() == 1
    answer = client.post(address, body | {"client_id": str(uuid.uuid4())})
    assert answer.status_code == 422  # another form of the same days
    assert answer.context["form"].non_field_errors()


def test_a_change_on_a_stale_version_shows_both_and_loses_nothing():
    person, colleague = official("kpu", "32.73"), official("kpu", "32.73", name="Bu Pengganti")
    made = named(person)
    absences.change(made, days(person, last=7, substitute=colleague), actor=person, version=1)
    client, address = signed_in(person), reverse("offices:absence", args=[made.pk])
    typed = days(person, last=9) | {"substitute": "", "version": 1}
    answer = client.post(address, typed)
    assert answer.status_code == 409
    assert [str(value) for _label, value in answer.context["differences"]][1] == "Bu Pengganti"
    assert str(typed["last_day"]) in answer.content.decode()
    assert client.post(address, typed | {"version": answer.context["form"]["version"].value()}).status_code == 302
    made.refresh_from_db()
    assert (made.last_day, made.substitute) == (typed["last_day"], None)
    with pytest.raises(StaleVersion):
        absences.end(made, actor=person, version=1)


@pytest.mark.parametrize(("first", "last", "field"), [(0, -1, "last_day"), (3, 1, "last_day"), (0, 800, "last_day"),
                                                      (-800, 1, "first_day")])  # fmt: skip
def test_days_that_cannot_be_meant_are_refused_by_the_field(first, last, field):
    person = official("kpu", "32.73")
    body = {"client_id": str(uuid.uuid4())} | days(person, first, last) | {"substitute": ""}
    answer = signed_in(person).post(reverse("offices:absences", args=[person.pk]), body)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_the_page_of_the_office_tells_who_is_away_and_who_stands_in():
    person, colleague = official("kpu", "32.73"), official("kpu", "32.73", name="Bu Pengganti")
    address = person.office.get_absolute_url()
    client = signed_in(colleague)
    before = client.get(address).content.decode().count("Bu Pengganti")
    named(person, substitute=colleague)
    assert client.get(address).content.decode().count("Bu Pengganti") == before + 1
    listed = client.get(reverse("offices:absences", args=[person.pk]))
    assert listed.context["form"] is None
    assert "Bu Pengganti" in listed.content.decode()


def test_what_is_over_stands_on_no_page():
    person = official("kpu", "32.73")
    absence(person, first=-9, last=-1)
    absence(person, first=5, last=6, ended_at=person.date_joined)
    page = signed_in(person).get(reverse("offices:absences", args=[person.pk]))
    assert page.context["rows"] == []


def test_who_sits_in_no_office_has_no_absences():
    keeper = admin()
    assert signed_in(keeper).get(reverse("offices:absences", args=[keeper.pk])).status_code == 404


@pytest.mark.parametrize(
    ("other", "warned"),
    [(None, True), ("officer", True), ("lead", False), ("lead who is away on one of the days", True)],
)
def test_the_page_warns_of_days_on_which_an_office_has_no_lead(other, warned):
    boss, substitute = lead("kpu", "32.73"), official("kpu", "32.73")
    if other:
        colleague = official("kpu", "32.73", other.split()[0])
        if "away" in other:
            absence(colleague, first=3, last=5)
    named(boss, substitute=substitute)
    page = signed_in(boss).get(reverse("offices:absences", args=[boss.pk]))
    assert ("kantor tidak memiliki penanggung jawab" in page.content.decode()) is warned
