"""Who is told of what, and why."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from coordination.campaigns.tests.activities import activity, tomorrow_at
from coordination.history.models import Event
from coordination.networks import maintaining
from coordination.networks.tests.factories import outage
from coordination.notifications.choices import Reason
from coordination.notifications.models import Notification
from coordination.obstacles import lifecycle
from coordination.obstacles.filing import join
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import absence, admin, lead, official
from coordination.people import absences
from coordination.requests import escalation, filing
from coordination.requests.choices import State, Urgency
from coordination.requests.tests.factories import VALUES, coordination_request
from coordination.requests.workflow import perform

pytestmark = pytest.mark.django_db


def told(event):
    return set(event.notifications.values_list("addressee__username", flat=True))


def test_the_people_of_both_offices_are_told_except_the_one_who_did_it():
    filer, handler, colleague = lead("kpu", "32.73"), lead("kominfo", "32.73"), official("kominfo", "32.73")
    outsiders = [official("kpu", "32.73", "viewer"), official("kpu", "32"), official("kominfo", "32.04")]
    coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    submitted, accepted = (Event.objects.get(verb=verb) for verb in ("submit", "accept"))
    assert told(submitted) == {handler.username, colleague.username}
    assert told(accepted) == {filer.username, colleague.username}
    assert not Notification.objects.filter(addressee__in=outsiders).exists()
    assert not Event.objects.get(verb="draft").notifications.exists()


def test_an_office_that_forwarded_a_request_hears_how_it_goes_on():
    handler, above = lead("kominfo", "32.73"), lead("kominfo", "32")
    item = coordination_request(State.SUBMITTED, handler=handler)
    item = perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])
    perform(item, "accept", actor=above, version=item.version, values=VALUES["accept"])
    assert handler.username in told(Event.objects.get(verb="accept"))


def test_an_office_that_joined_an_obstacle_hears_how_it_went_on():
    joined, handler = official("kpu", "32"), official("kominfo", "32.73")
    row = obstacle("32.73.01.1001")
    join(row, "Kami juga", actor=joined, client_id="0" * 32, body_sha256="x")
    lifecycle.perform(row, "clear", actor=handler, version=row.version, note="Pulih")
    assert joined.username in told(Event.objects.get(verb="clear"))


def test_those_who_planned_something_there_are_told_of_an_outage_and_of_its_moving():
    people = {code: (official("kpu", code), official("kominfo", code)) for code in ("32.73", "32.04", "33.74")}
    planned = activity("32.73.01.1001")
    activity("32.04.01.1001", starts_at=tomorrow_at(9, days=5))
    activity("33.74.01.1001")
    people["32.73"] = (*people["32.73"], planned.registered_by)
    names = {code: {person.username for person in found} for code, found in people.items()}
    province = lead("kominfo", "32")
    row = outage("32", actor=province, starts_at=planned.starts_at)
    assert told(Event.objects.get(verb="announce")) == names["32.73"]
    moments = {"starts_at": tomorrow_at(8, days=5), "ends_at": tomorrow_at(10, days=5)}
    moved = maintaining.perform(row, "move", actor=province, version=1, note="Hujan", **moments)
    assert told(Event.objects.get(verb="move")) >= names["32.73"] | names["32.04"]
    assert not Notification.objects.filter(addressee__in=people["33.74"]).exists()
    moved = maintaining.edit(moved, {"note": "Genset"}, actor=province, version=2)
    maintaining.perform(moved, "call_off", actor=province, version=3, note="Batal")
    assert told(Event.objects.get(verb="call_off")) >= names["32.04"]
    assert not Event.objects.get(verb="edit", subject_id=row.pk).notifications.exists()
    answer = signed_in_page(people["32.73"][0], reverse("notifications:list"))
    assert row.number in answer


def test_nobody_is_told_of_an_outage_where_nothing_is_planned():
    official("kpu", "32.73"), lead("kominfo", "32.73")  # noqa: B018 -- who could be told
    outage()
    assert not Event.objects.get(verb="announce").notifications.exists()


def signed_in_page(person, address):
    client = Client()
    client.force_login(person)
    return client.get(address).content.decode()


def test_an_internal_note_is_told_to_the_own_office_only():
    handler, colleague = lead("kominfo", "32.73"), official("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    filing.comment(item, "Rahasia", actor=handler, client_id="0" * 32, body_sha256="x", internal=True)
    assert told(Event.objects.get(verb="note")) == {colleague.username}


def test_a_new_obstacle_is_told_to_the_ict_office_that_answers():
    reporter, near, far = official("kpu", "32.73"), official("kominfo", "32.73"), official("kominfo", "32")
    assert told(Event.objects.about(obstacle(actor=reporter)).get()) == {near.username}
    near.is_active = False
    near.save()
    assert told(Event.objects.about(obstacle(actor=reporter)).get()) == {far.username}
    assert not told(Event.objects.about(obstacle(actor=reporter, kind="quota")).get())


def test_whoever_reported_a_duplicate_hears_how_the_obstacle_went_on():
    handler, first = official("kominfo", "32.73"), official("kpu", "32.73")
    joined, ministry = official("kpu", "32"), official("kpu")
    kept, duplicate, again = (obstacle("32.73.01.1001", actor=actor) for actor in (first, joined, ministry))
    lifecycle.perform(again, "merge", actor=handler, version=1, note="Sama", into=duplicate)
    lifecycle.perform(duplicate, "merge", actor=handler, version=1, note="Sama", into=kept)
    assert joined.username in told(Event.objects.about(duplicate).get(verb="merge"))
    assert joined.username not in told(Event.objects.about(kept).get(verb="absorb"))  # told once, not twice
    lifecycle.perform(kept, "clear", actor=handler, version=1, note="Pulih")
    told_of_it = {first.username, joined.username, ministry.username}
    assert told(Event.objects.about(kept).get(verb="clear")) == told_of_it


def reasons(event):
    return dict(event.notifications.values_list("addressee__username", "reason"))


def late_by_years(item):
    """Send the request up as if all its deadlines had passed."""
    later = item.ladder_due_at.replace(year=item.ladder_due_at.year + 1)
    escalation.escalate_due(later)
    return Event.objects.about(item)


def test_everybody_is_told_why():
    filer, handler, colleague = lead("kpu", "32.73"), lead("kominfo", "32.73"), official("kominfo", "32.73")
    above = lead("kominfo", "32")
    item = coordination_request(State.ACCEPTED, filer=filer, handler=handler)
    assert reasons(Event.objects.get(verb="accept")) == {filer.username: "files", colleague.username: "handles"}
    item = perform(item, "assign", actor=handler, version=item.version, values={"person_in_charge": colleague})
    assert reasons(Event.objects.get(verb="assign"))[colleague.username] == "in_charge"
    item = perform(item, "forward", actor=handler, version=item.version, values=VALUES["forward"])
    assert reasons(Event.objects.get(verb="forward")) == {
        filer.username: "files", above.username: "handles", colleague.username: "watches"
    }  # fmt: skip


def test_a_missed_deadline_is_told_to_the_superior_office_and_to_who_should_have_acted():
    filer, handler, above = lead("kpu", "32.73"), lead("kominfo", "32.73"), lead("kominfo", "32")
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    event = late_by_years(item).filter(verb="escalate").first()
    assert reasons(event) == {filer.username: "files", handler.username: "handles", above.username: "superior"}
    assert set(event.notifications.values_list("kind", flat=True)) == {"deadlines"}


def test_with_no_office_above_the_kpu_above_and_the_superusers_are_alarmed():
    superuser, above, officer = admin(), lead("kpu", "32"), official("kpu", "32")
    handler = lead("kominfo", "32.73")
    item = coordination_request(State.SUBMITTED, handler=handler)
    event = late_by_years(item).filter(verb="alarm").first()
    told_why = reasons(event)
    assert told_why[superuser.username] == told_why[above.username] == "nobody_above"
    assert told_why[handler.username] == "handles"
    assert officer.username not in told_why


def test_what_is_told_has_a_kind_of_its_own():
    handler, filer = lead("kominfo", "32.73"), lead("kpu", "32.73")
    planned = activity("32.73.01.1001", actor=filer)
    outage("32", actor=lead("kominfo", "32"), starts_at=planned.starts_at)
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler, urgency=Urgency.URGENT)
    filing.comment(item, "Mohon segera", actor=filer, client_id="0" * 32, body_sha256="x")
    kinds = dict(Notification.objects.of(handler).values_list("event__verb", "kind"))
    assert kinds == {"report": "obstacles", "announce": "outages", "submit": "steps", "comment": "comments"}


def away(person, substitute, actor):
    today = person.office.today
    values = {"first_day": today, "last_day": today + timedelta(days=3), "substitute": substitute}
    row, _new = absences.name(person, values, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)
    return row


def test_who_stands_in_hears_of_it_and_of_its_end():
    boss, person, substitute = lead("kominfo", "32.73"), official("kominfo", "32.73"), official("kominfo", "32.73")
    row = away(person, substitute, actor=person)
    assert reasons(Event.objects.get(verb="substitute")) == {substitute.username: Reason.STANDS_IN}
    absences.end(row, actor=boss, version=row.version)
    both = {substitute.username: Reason.STANDS_IN, person.username: Reason.IS_AWAY}
    assert reasons(Event.objects.get(verb="end_absence")) == both


def test_who_stood_in_before_hears_of_the_change():
    boss, person, one, other = lead("kominfo", "32.73"), *(official("kominfo", "32.73") for _ in range(3))
    row = away(person, one, actor=person)
    values = {"first_day": row.first_day, "last_day": row.last_day, "substitute": other}
    absences.change(row, values, actor=person, version=row.version)
    assert set(reasons(Event.objects.filter(verb="substitute").last())) == {one.username, other.username}
    assert boss.username not in reasons(Event.objects.filter(verb="substitute").last())


def test_with_nobody_named_the_leads_hear_of_an_absence():
    boss, person = lead("kominfo", "32.73"), official("kominfo", "32.73")
    away(person, None, actor=person)
    assert reasons(Event.objects.get(verb="substitute")) == {boss.username: Reason.LEADS}


def test_nobody_is_mailed_of_an_absence():
    person, substitute = official("kominfo", "32.73"), official("kominfo", "32.73", email="ganti@example.go.id")
    away(person, substitute, actor=person)
    row = Event.objects.get(verb="substitute").notifications.get()
    assert (row.mail, row.collect_at) == (None, None)


def test_who_stands_in_for_the_person_in_charge_is_told_as_such():
    handler, substitute = lead("kominfo", "32.73"), official("kominfo", "32.73")
    item = coordination_request(State.ACCEPTED, handler=handler)
    item = perform(item, "assign", actor=handler, version=item.version, values={"person_in_charge": handler})
    absence(handler, substitute)
    withdrawn = perform(item, "withdraw", actor=item.filed_by, version=item.version, values=VALUES["withdraw"])
    event = Event.objects.about(withdrawn).last()
    assert reasons(event) == {handler.username: Reason.IN_CHARGE, substitute.username: Reason.STANDS_IN}


def test_the_inbox_leads_to_the_absence_that_it_tells_of():
    person, substitute = official("kominfo", "32.73"), official("kominfo", "32.73")
    away(person, substitute, actor=person)
    client = Client()
    client.force_login(substitute)
    assert reverse("offices:absences", args=[person.pk]) in client.get(reverse("notifications:list")).content.decode()
