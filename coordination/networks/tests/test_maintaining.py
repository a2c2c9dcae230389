"""Planned outages: whom they touch, who may change them, and what the database refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted, StaleVersion, TransitionNotAllowed
from coordination.history.models import Event
from coordination.history.numbering import year_of
from coordination.networks import maintaining
from coordination.networks.models import Operator, PlannedOutage
from coordination.networks.tests.factories import outage
from coordination.offices.tests.factories import admin, lead, official
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def verbs(row):
    return list(Event.objects.about(row).values_list("verb", flat=True))


def step(row, verb, actor, note="Sebabnya", **values):
    return maintaining.perform(row, verb, actor=actor, version=row.version, note=note, **values)


def test_an_outage_gets_the_number_of_its_first_regency_and_an_event():
    row = outage("32.73.01.1001", "32.73.02")
    year = year_of(row.region, timezone.now())
    assert row.number == f"PM-3273-{year}-0001"
    assert outage("32", actor=official("kominfo", "32")).number == f"PM-32-{year}-0001"
    assert (verbs(row), row.state, row.office) == (["announce"], "tentative", row.official.office)


@pytest.mark.parametrize(
    "code, touched",
    [("32.73.01.1001", True), ("32.73.01", True), ("32.73.01.1002", False), ("32", True), ("32.7", False)],
)
def test_an_outage_touches_what_lies_at_above_and_below_its_regions(code, touched):
    row = outage("33.74", "32.73.01.1001", actor=admin())
    assert PlannedOutage.objects.touching(region(code)).filter(pk=row.pk).exists() is touched


def test_those_that_only_meet_at_an_end_do_not_overlap():
    row = outage()
    for starts_at, ends_at, shared in (
        (row.starts_at - HOUR, row.starts_at, False), (row.ends_at, row.ends_at + HOUR, False),
        (row.starts_at - HOUR, row.starts_at + HOUR, True), (row.starts_at + HOUR, row.starts_at + HOUR * 2, True),
    ):  # fmt: skip
        assert PlannedOutage.objects.overlapping(starts_at, ends_at).exists() is shared


def test_what_is_cancelled_is_no_longer_expected():
    rows = {state: outage(state=state) for state in ("tentative", "confirmed")}
    moved = step(outage(), "move", lead("kominfo", "32.73"), starts_at=timezone.now(), ends_at=timezone.now() + HOUR)
    step(outage(), "call_off", lead("kominfo", "32.73"))
    assert set(PlannedOutage.objects.expected()) == {*rows.values(), moved}


@pytest.mark.parametrize("reader, sees", [("32.73", True), ("32", True), (None, True), ("32.04", False)])
def test_whoever_is_touched_knows_of_it(reader, sees):
    row = outage("32.73.01.1001")
    for kind in ("kpu", "kominfo", "bawaslu"):
        assert PlannedOutage.objects.visible_to(official(kind, reader, "viewer")).filter(pk=row.pk).exists() is sees


def test_one_of_the_province_is_known_in_its_regencies_and_changed_by_the_province_alone():
    row = outage("32", actor=official("kominfo", "32"))
    regency = official("kominfo", "32.73")
    assert PlannedOutage.objects.visible_to(regency).get() == row
    assert not maintaining.may_change(regency, row)
    with pytest.raises(NotPermitted):
        step(row, "call_off", regency)
    with pytest.raises(NotPermitted):
        maintaining.edit(row, {"note": "Lain"}, actor=regency, version=row.version)


@pytest.mark.parametrize(
    "actor, may",
    [(("kominfo", "32.73"), True), (("kominfo", "32"), True), (("kominfo", "32.04"), False), (("kpu", "32.73"), False),
     (("kominfo", "32.73", "viewer"), False), (("bawaslu", "32.73", "lead"), False), ("admin", True)],
)  # fmt: skip
def test_ict_offices_and_admins_register_and_change_those_of_their_region(actor, may):
    person = admin() if actor == "admin" else official(*actor)
    row = outage()
    assert maintaining.may_change(person, row) is may
    if may:
        assert outage(actor=person).official == person
    else:
        with pytest.raises(NotPermitted):
            outage(actor=person)


def test_without_a_region_nothing_is_registered_or_kept():
    row = outage()
    with pytest.raises(DomainError):
        outage(regions=[])
    with pytest.raises(DomainError):
        maintaining.edit(row, {"regions": []}, actor=row.official, version=row.version)
    with pytest.raises(NotPermitted):
        maintaining.edit(row, {"regions": [region("33.74")]}, actor=row.official, version=row.version)
    assert PlannedOutage.objects.get().regions.count() == 1


def test_a_form_that_comes_again_finds_its_outage():
    row = outage()
    values = {name: getattr(row, name) for name in (*maintaining.EDITABLE, "starts_at", "ends_at")}
    values["regions"] = list(row.regions.all())
    again = {"client_id": row.client_id, "body_sha256": row.body_sha256}
    assert maintaining.register(values, actor=row.official, **again) == (row, False)


def test_an_office_has_a_reference_of_a_provider_once_until_it_is_cancelled():
    row = outage(reference="CRQ-1", provider="Telkom")
    with pytest.raises(DomainError, match=row.number):
        outage(reference="crq-1", provider="TELKOM")
    other = outage(reference="CRQ-2", provider="Telkom")
    with pytest.raises(DomainError, match=row.number):
        maintaining.edit(other, {"provider": "Telkom", "reference": "CRQ-1"}, actor=row.official, version=1)
    outage("32.04", reference="CRQ-1", provider="Telkom")
    step(row, "call_off", row.official)
    again = outage(reference="CRQ-1", provider="Telkom")
    assert maintaining.known("telkom", "crq-1", row.official) == again
    assert maintaining.known("telkom", "crq-1", official("kominfo", "33.74")) is None


def test_an_edit_says_what_changed_and_a_change_of_regions_is_told_with_the_old_ones():
    row = outage()
    with pytest.raises(AlreadyDone):
        maintaining.edit(row, {"note": "", "regions": list(row.regions.all())}, actor=row.official, version=1)
    saved = maintaining.edit(row, {"note": "Genset siap", "impact": "degraded"}, actor=row.official, version=1)
    with pytest.raises(StaleVersion):
        maintaining.edit(row, {"note": "Lain"}, actor=row.official, version=1)
    assert Event.objects.about(row).last().data["changed"] == {"note": [], "impact": ["outage", "degraded"]}
    maintaining.edit(saved, {"regions": [region("32.73.02")]}, actor=row.official, version=2)
    event = Event.objects.about(row).last()
    assert event.verb == "relocate"
    saved = PlannedOutage.objects.get(pk=row.pk)
    assert [window.regions[0].code for window in maintaining.windows_of(saved, event)] == ["32.73.02", "32.73.01.1001"]


def test_a_move_keeps_the_old_window_for_those_who_reckoned_with_it():
    row = outage()
    moved = step(row, "move", row.official, starts_at=row.starts_at + HOUR * 9, ends_at=row.ends_at + HOUR * 9)
    windows = maintaining.windows_of(moved, Event.objects.about(row).last())
    assert [window.starts_at for window in windows] == [row.starts_at + HOUR * 9, row.starts_at]
    assert (moved.state, moved.version) == ("moved", 2)
    with pytest.raises(DomainError):
        step(moved, "move", row.official, starts_at=moved.starts_at, ends_at=moved.ends_at)
    with pytest.raises(StaleVersion):
        step(row, "move", lead("kominfo", "32.73"), starts_at=row.starts_at, ends_at=row.ends_at)


def test_an_outage_is_not_moved_into_the_past():
    """A slip in the month would end it for good."""
    row = outage()
    now = timezone.now()
    with pytest.raises(DomainError, match="sudah lewat"):
        maintaining.perform(row, "move", actor=row.official, version=row.version, note="Salah bulan",
                            starts_at=now - timedelta(days=30), ends_at=now - timedelta(days=29))  # fmt: skip
    row.refresh_from_db()
    assert row.ends_at > now


def test_steps_need_their_reason_and_end_with_the_outage():
    row = outage()
    with pytest.raises(DomainError, match="kalimat|sentence"):
        step(row, "call_off", row.official, note=" ")
    confirmed = step(row, "confirm", row.official, note="")
    with pytest.raises(AlreadyDone):
        step(row, "confirm", row.official)
    assert [each.verb for each in maintaining.available_steps(confirmed, row.official)] == ["move", "call_off"]
    gone = outage(starts_at=timezone.now() - HOUR * 5)
    assert gone.is_over
    assert maintaining.available_steps(gone, gone.official) == []
    with pytest.raises(TransitionNotAllowed):
        step(gone, "call_off", gone.official)
    cancelled = step(confirmed, "call_off", row.official)
    assert not cancelled.is_over
    with pytest.raises(TransitionNotAllowed):
        maintaining.edit(cancelled, {"note": "Lain"}, actor=row.official, version=cancelled.version)


@pytest.mark.parametrize(
    "wrong",
    [{"state": "over"}, {"impact": "x"}, {"kind": "x"}, {"provider": ""}, {"hours": 0}, {"hours": 93 * 24}],
    ids=str,
)
def test_the_database_refuses_what_no_outage_can_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        outage(**wrong)


def test_an_outage_of_the_electricity_has_no_operator():
    telkomsel = Operator.objects.get(name="Telkomsel")
    assert outage(kind="operator", operator=telkomsel).operator == telkomsel
    with pytest.raises(IntegrityError), transaction.atomic():
        outage(operator=telkomsel)
