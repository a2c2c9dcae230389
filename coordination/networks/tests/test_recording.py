"""Recording a measurement: by whom, where, once, with the level that follows; and what the database itself refuses."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coordination.common.errors import DomainError, NotPermitted, ReusedClientId, TransitionNotAllowed
from coordination.history.models import Event
from coordination.networks.models import OLD_AFTER, Assessment, Threshold
from coordination.networks.recording import record_assessment
from coordination.networks.tests.factories import assessment
from coordination.offices.tests.factories import admin, lead, official
from coordination.regions.tests.factories import region
from tests.files import clean_upload, jpeg, upload
from tests.races import at_once

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"


def record(actor, client_id=None, body=None, **values):
    values = {"region": region(VILLAGE), "measured_at": timezone.now(), "download_mbps": 4} | values
    screenshots = values.pop("screenshots", ())
    return record_assessment(
        values,
        actor=actor,
        client_id=client_id or uuid.uuid4(),
        body_sha256=body or str(client_id or uuid.uuid4()),
        screenshots=screenshots,
    )


@pytest.mark.parametrize(("kind", "role"), [("kpu", "officer"), ("kpu", "lead"), ("kominfo", "officer")])
def test_offices_that_act_record_and_the_history_tells_it(kind, role):
    actor = official(kind, "32.73", role)
    made, is_new = record(actor)
    assert (is_new, made.level, made.official, made.office) == (True, "medium", actor, actor.office)
    assert Event.objects.about(made).get().verb == "measure"


@pytest.mark.parametrize(("kind", "role"), [("bawaslu", "officer"), ("kpu", "viewer"), ("kominfo", "viewer")])
def test_oversight_and_viewers_do_not(kind, role):
    with pytest.raises(NotPermitted):
        record(official(kind, "32.73", role))
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("code", ["32.04.01", "32"])
def test_nobody_records_outside_the_jurisdiction(code):
    with pytest.raises(NotPermitted):
        record(lead("kpu", "32.73"), region=region(code))
    assert not Assessment.objects.exists()


def test_the_level_is_computed_whatever_is_sent():
    made, _new = record(lead("kpu", "32.73"), level="strong", download_mbps=1)
    assert made.level == "weak"


def test_the_same_form_finds_its_measurement_and_other_content_is_refused():
    actor, form_id = lead("kpu", "32.73"), uuid.uuid4()
    first, _new = record(actor, form_id)
    assert record(actor, form_id) == (first, False)
    with pytest.raises(ReusedClientId):
        record(actor, form_id, body="y")
    with pytest.raises(DomainError):
        record(lead("kpu", "32.73"), form_id)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_measurement():
    actor, form_id = lead("kpu", "32.73"), uuid.uuid4()
    place = region(VILLAGE)
    assessment(actor=actor)  # the thresholds are there
    at_once([lambda: record(actor, form_id, region=place)] * 2)
    assert Assessment.objects.filter(client_id=form_id).count() == 1


def test_pictures_are_kept_once_and_three_at_most():
    actor = lead("kpu", "32.73")
    pictures = [clean_upload(upload(content=jpeg(colour=colour))) for colour in ("red", "red", "blue")]
    made, _new = record(actor, screenshots=pictures)
    assert made.screenshots.count() == 2
    many = [clean_upload(upload(content=jpeg((10 + side, 9)))) for side in range(4)]
    with pytest.raises(TransitionNotAllowed):
        record(actor, screenshots=many)
    assert Assessment.objects.count() == 1


def test_who_may_know_of_a_measurement():
    made = assessment(VILLAGE)
    for person in (official("bawaslu", "32.73"), official("kpu", "32"), official("kominfo"), admin()):
        assert list(Assessment.objects.visible_to(person)) == [made]
    for person in (official("kpu", "32.04"), official("kominfo", "33")):
        assert not Assessment.objects.visible_to(person).exists()


def test_a_measurement_grows_old():
    now = timezone.now()
    assert not assessment(measured_at=now - OLD_AFTER + timedelta(hours=1)).is_old
    assert assessment(measured_at=now - OLD_AFTER - timedelta(hours=1)).is_old


@pytest.mark.parametrize(
    "impossible",
    [
        {"level": "excellent"},
        {"level": ""},
        {"technology": "6g"},
        {"method": "guessed"},
        {"download_mbps": -1},
        {"upload_mbps": -1},
        {"latency_ms": -1},
        {"jitter_ms": -1},
        {"bytes_used": -1},
        {"loss_percent": -1},
        {"loss_percent": 101},
        {"signal_dbm": 1},
        {"level": "no_signal", "technology": "4g"},
        {"level": "weak", "download_mbps": None, "upload_mbps": None, "latency_ms": None},
        {"measured_at": None},
        {"region": None},
    ],
)
def test_the_database_refuses_what_cannot_be(impossible):
    made = assessment()
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=made.pk).update(**impossible)


@pytest.mark.parametrize(
    ("level", "impossible"),
    [
        ("strong", {"level": "excellent"}),
        ("strong", {"level": "medium"}),
        ("strong", {"most_latency_ms": None}),
        ("medium", {"least_upload_mbps": -1}),
        ("medium", {"most_loss_percent": 101}),
        ("weak", {"least_upload_mbps": 1}),
    ],
)
def test_the_database_keeps_the_thresholds_whole(level, impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        Threshold.objects.filter(level=level).update(**impossible)
