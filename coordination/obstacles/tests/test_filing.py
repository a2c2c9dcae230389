"""Reporting, joining and editing; numbers without gaps; one form, one record."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from coordination.common.errors import (
    AlreadyDone,
    DomainError,
    NotPermitted,
    ReusedClientId,
    StaleVersion,
    TransitionNotAllowed,
)
from coordination.common.uploads import clean_upload
from coordination.history.models import Event
from coordination.networks.models import Operator
from coordination.networks.tests.factories import assessment
from coordination.obstacles import filing
from coordination.obstacles.choices import ObstacleKind, ObstacleState
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import admin, official
from coordination.regions.tests.factories import region
from tests.files import clean_photo, jpeg, upload
from tests.races import at_once, control

pytestmark = pytest.mark.django_db


def values(code="32.73.01.1001", **changes):
    return {
        "region": region(code), "kind": ObstacleKind.WEAK_SIGNAL, "since": timezone.now(), "description": "Lemah",
    } | changes  # fmt: skip


def report(actor, client_id=None, body="x", **changes):
    return filing.report(values(**changes), actor=actor, client_id=client_id or uuid.uuid4(), body_sha256=body)


def test_a_report_gets_a_number_an_event_and_its_offices_sight():
    actor = official("kpu", "32.73")
    row, is_new = report(actor)
    assert is_new
    assert row.number == f"HB-3273-{timezone.localdate().year}-0001"
    assert [event.verb for event in Event.objects.about(row)] == ["report"]


def test_the_same_form_finds_its_first_record_and_other_content_is_refused():
    actor, form_id = official("kpu", "32.73"), uuid.uuid4()
    first, _new = report(actor, form_id)
    assert report(actor, form_id) == (first, False)
    with pytest.raises(ReusedClientId) as refusal:
        report(actor, form_id, body="y")
    assert refusal.value.existing == first
    with pytest.raises(DomainError):
        report(official("kpu", "32.73"), form_id)
    assert Obstacle.objects.count() == 1


def test_nobody_reports_outside_the_own_region_or_without_the_right():
    for actor, code in (
        (official("kpu", "32.73"), "32.04.05.2001"),
        (official("bawaslu", "32.73"), "32.73.01.1001"),
        (official("kpu", "32.73", "viewer"), "32.73.01.1001"),
    ):
        with pytest.raises(NotPermitted):
            filing.report(values(code), actor=actor, client_id=uuid.uuid4(), body_sha256="x")
    assert not Obstacle.objects.exists()


def test_an_official_sees_the_obstacles_of_the_own_region_and_below():
    rows = {code: obstacle(code) for code in ("32.73.01", "32.04.05", "33.74.01")}
    sights = [
        (official("kpu", "32.73"), ["32.73.01"]),
        (official("bawaslu", "32"), ["32.73.01", "32.04.05"]),
        (official("kominfo"), list(rows)),
        (admin(), list(rows)),
        (official("kpu", "32.7"), []),
    ]
    for person, codes in sights:
        assert set(Obstacle.objects.visible_to(person)) == {rows[code] for code in codes}


def test_likely_duplicates_are_of_the_same_kind_near_and_at_the_same_time():
    now = timezone.now()
    day = datetime.timedelta(days=1)
    village, district = obstacle("32.73.01.1001", since=now - day), obstacle("32.73.01", since=now - day)
    obstacle("32.73.02.1001", since=now - day)
    obstacle("32.73", since=now - day)
    obstacle("32.73.01.1001", since=now - day, kind=ObstacleKind.POWER)
    obstacle("32.73.01.1001", since=now - 3 * day, until=now - 2 * day)
    found = Obstacle.objects.likely_duplicates(region=region("32.73.01.1002"), kind="weak_signal", since=now)
    assert set(found) == {village, district}
    before = Obstacle.objects.likely_duplicates(
        region=region("32.73.01.1002"), kind="weak_signal", since=now - 9 * day, until=now - 8 * day
    )
    assert not before.exists()


def test_joining_adds_ones_office_and_need_once():
    row, neighbour = obstacle(), official("kominfo", "32.73")
    part, is_new = filing.join(row, "Rapat daring kami putus", actor=neighbour, client_id=uuid.uuid4(), body_sha256="x")
    assert (is_new, part.office, part.need) == (True, neighbour.office, "Rapat daring kami putus")
    with pytest.raises(AlreadyDone):
        filing.join(row, "Rapat daring kami putus", actor=neighbour, client_id=uuid.uuid4(), body_sha256="y")
    with pytest.raises(TransitionNotAllowed):
        filing.join(row, "Lain", actor=neighbour, client_id=uuid.uuid4(), body_sha256="y")
    Obstacle.objects.filter(pk=row.pk).update(state=ObstacleState.CLEARED)
    with pytest.raises(TransitionNotAllowed):
        filing.join(row, "Saya juga", actor=official("kpu", "32"), client_id=uuid.uuid4(), body_sha256="z")


def test_only_the_reporting_office_edits_on_the_version_it_saw():
    actor = official("kpu", "32.73")
    row = obstacle(actor=actor)
    changed = filing.edit(row, {"description": "Putus"}, actor=official("kpu", "32.73"), version=row.version)
    assert (changed.description, changed.version) == ("Putus", row.version + 1)
    with pytest.raises(StaleVersion):
        filing.edit(row, {"description": "Lain"}, actor=actor, version=row.version)
    with pytest.raises(NotPermitted):
        filing.edit(row, {"description": "Lain"}, actor=official("kominfo", "32.73"), version=changed.version)
    with pytest.raises(NotPermitted):
        filing.edit(row, {"region": region("32.04.05")}, actor=actor, version=changed.version)
    assert Obstacle.objects.get(pk=row.pk).description == "Putus"


def test_the_history_of_an_edit_says_what_changed_but_not_the_text():
    row = obstacle()
    filing.edit(row, {"description": "Pak Budi mengeluh", "kind": "power"}, actor=row.reported_by, version=row.version)
    changed = Event.objects.last().data["changed"]
    assert changed == {"description": [], "kind": ["weak_signal", "power"]}


def test_the_history_does_not_repeat_the_place_which_may_name_a_person():
    row = obstacle()
    filing.edit(row, {"place": "Rumah Pak Budi"}, actor=row.reported_by, version=row.version)
    assert "Budi" not in str(Event.objects.last().data)


def test_an_edit_that_changes_nothing_is_already_done_even_when_it_comes_twice():
    row = obstacle()
    for _ in range(2):
        try:
            filing.edit(row, {"place": "Balai desa"}, actor=row.reported_by, version=row.version)
        except AlreadyDone:
            break
    assert Obstacle.objects.get(pk=row.pk).version == row.version + 1
    assert Event.objects.about(row).filter(verb="edit").count() == 1


def test_a_stale_edit_leaves_no_photo_behind():
    row, actor = obstacle(), official("kpu", "32.73")
    filing.edit(row, {"place": "Balai desa"}, actor=actor, version=row.version)
    with pytest.raises(StaleVersion):
        filing.edit(row, {"place": "Lain"}, actor=actor, version=row.version, photos=[clean_photo()])
    assert not row.photos.exists()


def test_an_obstacle_stays_in_its_regency_and_may_move_within_it():
    row = obstacle(actor=official("kpu", "32"))
    with pytest.raises(NotPermitted):
        filing.edit(row, {"region": region("32.04.05")}, actor=row.reported_by, version=row.version)
    moved = filing.edit(row, {"region": region("32.73.02")}, actor=row.reported_by, version=row.version)
    assert moved.region_name == region("32.73.02").full_name


def test_changed_operators_are_told():
    row = obstacle()
    one, two = (Operator.objects.create(name=name) for name in ("Uji Satu", "Uji Dua"))
    row = filing.edit(row, {"operators": [one]}, actor=row.reported_by, version=row.version)
    filing.edit(row, {"operators": [two, one]}, actor=row.reported_by, version=row.version)
    assert set(row.operators.all()) == {one, two}
    assert Event.objects.last().data["changed"] == {"operators": ["Uji Satu", "Uji Satu, Uji Dua"]}


def red_photo():
    return clean_upload(upload("merah.jpg", jpeg(colour="red")))


def test_a_photo_that_comes_again_is_kept_once():
    row = obstacle()
    row = filing.edit(row, {}, actor=row.reported_by, version=row.version, photos=[clean_photo(), clean_photo()])
    row = filing.edit(row, {}, actor=row.reported_by, version=row.version, photos=[clean_photo(), red_photo()])
    assert row.photos.count() == 2
    assert [event.data["photos"] for event in Event.objects.about(row).filter(verb="edit")] == [1, 1]


def test_an_obstacle_has_at_most_ten_photos(monkeypatch):
    monkeypatch.setattr(filing, "MAX_PHOTOS", 1)
    row = obstacle()
    row = filing.edit(row, {}, actor=row.reported_by, version=row.version, photos=[clean_photo()])
    with pytest.raises(TransitionNotAllowed):
        filing.edit(row, {}, actor=row.reported_by, version=row.version, photos=[red_photo()])


def test_one_form_joins_one_obstacle():
    first, second, actor, form_id = obstacle(), obstacle(), official("kominfo", "32.73"), uuid.uuid4()
    filing.join(first, "Putus", actor=actor, client_id=form_id, body_sha256="x")
    with pytest.raises(ReusedClientId):
        filing.join(second, "Putus", actor=actor, client_id=form_id, body_sha256="x")
    assert not second.participations.exists()


def test_nobody_joins_without_the_right_or_outside_the_own_region():
    row = obstacle()
    for actor in (official("bawaslu", "32.73"), official("kpu", "32.73", "viewer"), official("kpu", "32.04")):
        with pytest.raises(NotPermitted):
            filing.join(row, "Putus", actor=actor, client_id=uuid.uuid4(), body_sha256="x")
    assert not row.participations.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "unheard"},
        {"state": "merged"},
        {"kind": "unheard"},
        {"state": "merged", "merged_into": F("id")},
        {"latitude": 1.0},
        {"until": timezone.now() - datetime.timedelta(days=9)},
    ],
)
def test_the_database_refuses_what_must_never_be(broken):
    row = obstacle()
    with pytest.raises(IntegrityError), transaction.atomic():
        Obstacle.objects.filter(pk=row.pk).update(**broken)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_reports_at_once_get_numbers_without_gap_or_double():
    actor = official("kpu", "32.73")
    region("32.73.01.1001")
    calls = [lambda: report(actor) for _ in range(9)] + [lambda: report(official("bawaslu", "32.73"))]
    at_once(calls)
    assert sorted(int(number[-4:]) for number in Obstacle.objects.values_list("number", flat=True)) == list(
        range(1, 10)
    )


def naive_next_number(series, regency, year):
    """The control: counts the numbers given and takes the next, with no lock between."""
    return f"{series}-{regency.digits}-{year}-{Obstacle.objects.count() + 1:04d}"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@control
def test_control_without_the_lock_reports_at_once_collide(monkeypatch):
    monkeypatch.setattr(filing, "next_number", naive_next_number)
    actor = official("kpu", "32.73")
    region("32.73.01.1001")
    results = at_once([lambda: report(actor) for _ in range(9)])
    assert any(isinstance(result, IntegrityError) for result in results)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_forms_sent_ten_times_each_at_once_make_twenty_reports():
    actor = official("kpu", "32.73")
    region("32.73.01.1001")
    for number in range(20):
        form_id = uuid.uuid4()
        results = at_once([lambda key=form_id, body=str(number): report(actor, key, body)] * 10)
        assert len({row.pk for row, _new in results}) == 1
    assert Obstacle.objects.count() == 20


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@control
def test_control_check_then_insert_without_the_unique_column_doubles():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch_report (client_id uuid)")
    form_id = uuid.uuid4()

    def check_then_insert():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM scratch_report WHERE client_id = %s", [form_id])
            if cursor.fetchone()[0] == 0:
                cursor.execute("SELECT pg_sleep(0.05)")
                cursor.execute("INSERT INTO scratch_report VALUES (%s)", [form_id])

    at_once([check_then_insert] * 10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scratch_report")
        doubled = cursor.fetchone()[0]
        cursor.execute("DROP TABLE scratch_report")
    assert doubled > 1


def test_a_measurement_of_another_region_is_refused_at_the_door():
    with pytest.raises(NotPermitted):
        report(official("kpu", "32.73"), measurement=assessment("33.74.01.1001"))
    assert not Obstacle.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": "mood"},
        {"technology": "7g"},
        {"latitude": 52.5},
        {"latitude": -40},
        {"longitude": 13},
        {"longitude": 180},
    ],
)
def test_the_database_knows_no_other_forms_technologies_and_places(wrong):
    rows = Obstacle.objects.filter(pk=obstacle(latitude=-6.9, longitude=107.6).pk)
    rows.update(technology="", latitude=7, longitude=142)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**wrong)
