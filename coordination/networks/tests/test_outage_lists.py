"""Lists of planned outages: read first, applied as on the pages, and the same again changes nothing."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.common.errors import TransitionNotAllowed
from coordination.history.models import Event
from coordination.networks.models import OutageBatch, PlannedOutage
from coordination.networks.outage_importing import OUTAGES
from coordination.networks.outage_lists import SAMPLE
from coordination.networks.tests.factories import outage
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
HEAD = "penyedia;rujukan;jenis;operator;wilayah;mulai;selesai;dampak;status;catatan\n"
THAT_DAY = timezone.localdate() + timedelta(days=9)


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    region("32.73.01", "Sukasari")
    region("32.73.02", "Coblong")


@pytest.fixture
def person():
    return lead("kominfo", "32.73")


def line(reference="R-1", hour="09.00", status="pasti", where="32.73.01", **changes):
    values = {
        "penyedia": "PLN UP3", "rujukan": reference, "jenis": "listrik", "operator": "", "wilayah": where,
        "mulai": f"{THAT_DAY:%d/%m/%Y} {hour}", "selesai": f"{THAT_DAY:%Y-%m-%d} 15:00", "dampak": "padam",
        "status": status, "catatan": "",
    } | changes  # fmt: skip
    return ";".join(f'"{value}"' for value in values.values()) + "\n"


def send(person, *lines):
    values = {"file": SimpleUploadedFile("daftar.csv", (HEAD + "".join(lines)).encode(), "text/csv")}
    batch, _new = OUTAGES.send(values, actor=person, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)
    OUTAGES.read(batch.pk)
    batch.refresh_from_db()
    return batch


def apply(person, *lines):
    batch = send(person, *lines)
    OUTAGES.approve(batch, actor=person)
    OUTAGES.apply(batch.pk, person.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.failure) == ("done", "")
    return batch


def counts(batch):
    return batch.new, batch.changed, batch.same, batch.faulty


def test_nothing_changes_before_the_approval_and_the_same_list_again_changes_nothing(person):
    lines = line(where="32.73.01; Coblong"), line("R-2", status="tentatif"), line("R-3", status="dipindahkan")
    assert counts(send(person, *lines)) == (3, 0, 0, 0)
    assert not PlannedOutage.objects.exists()
    batch = apply(person, *lines)
    row = PlannedOutage.objects.get(reference="R-1")
    assert (row.batch, row.state, row.starts_there.hour) == (batch, "confirmed", 9)
    assert [place.name for place in row.regions.all()] == ["Sukasari", "Coblong"]
    events = Event.objects.filter(verb="announce").count()
    assert counts(apply(person, *lines)) == (0, 0, 3, 0)
    assert (Event.objects.filter(verb="announce").count(), events) == (3, 3)


def test_other_times_move_an_outage_and_its_status_confirms_or_cancels_it(person):
    apply(person, line("R-1", status="tentatif"), line("R-2"), line("R-3", status="tentatif"))
    changed = (
        line("R-1", hour="11.00", status="dipindahkan"),
        line("R-2", status="batal"),
        line("R-3", dampak="menurun"),
    )
    assert counts(apply(person, *changed)) == (0, 3, 0, 0)
    states = dict(PlannedOutage.objects.values_list("reference", "state"))
    assert states == {"R-1": "moved", "R-2": "cancelled", "R-3": "confirmed"}
    verbs = [event.verb for event in Event.objects.about(PlannedOutage.objects.get(reference="R-3"))]
    assert verbs == ["announce", "edit", "confirm"]
    assert counts(apply(person, *changed)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    "wrong, column",
    [({"where": "33.74"}, "regions"), ({"where": ""}, "regions"), ({"hour": "25.00"}, "starts_at"),
     ({"hour": "16.00"}, "ends_at"), ({"status": "mungkin"}, "state"), ({"dampak": "besar"}, "impact"),
     ({"operator": "Telkomsel"}, "operator"), ({"reference": ""}, "reference"), ({"mulai": "besok"}, "starts_at"),
     ({"penyedia": "x" * 121}, "provider"), ({"catatan": "x" * 4000}, "note")],
    ids=str,
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_why_by_its_column(person, wrong, column):
    region("33.74")
    batch = send(person, line("R-0"), line(**wrong))
    assert counts(batch) == (1, 0, 0, 1)
    assert [(fault.number, fault.column) for fault in batch.faults.all()] == [(3, column)]


def test_a_cell_of_midnight_which_comes_as_a_day_alone_is_midnight(person):
    apply(person, line(mulai=f"{THAT_DAY}"))
    assert PlannedOutage.objects.get().starts_there.hour == 0


def test_a_reference_stands_once_in_a_list_and_means_none_of_another_office(person):
    outage("32.04", provider="PLN UP3", reference="R-1")
    assert counts(send(person, line(), line(hour="10.00"))) == (1, 0, 0, 1)


def test_undoing_cancels_what_the_list_brought_but_takes_no_change_back(person):
    first = apply(person, line())
    second = apply(person, line(hour="11.00"))
    with pytest.raises(TransitionNotAllowed):
        OUTAGES.undo(second, actor=person)
    OUTAGES.undo(first, actor=person)
    OUTAGES.take_back(first.pk, person.pk)
    assert PlannedOutage.objects.get().state == "confirmed"  # the second list has moved it since
    third = apply(person, line("R-9"))
    OUTAGES.undo(third, actor=person)
    OUTAGES.take_back(third.pk, person.pk)
    assert PlannedOutage.objects.get(reference="R-9").state == "cancelled"


def test_from_sending_to_undoing_without_javascript(person):
    client = Client()
    client.force_login(person)
    file = SimpleUploadedFile("daftar.csv", (HEAD + line()).encode(), "text/csv")
    answer = client.post(reverse("outage_lists:new"), {"client_id": uuid.uuid4(), "file": file})
    batch = OutageBatch.objects.get()
    OUTAGES.read(batch.pk)
    assert "1 baru, 0 berubah, 0 tetap" in " ".join(client.get(answer.url).content.decode().split())
    client.post(reverse("outage_lists:step", args=[batch.key, "setujui"]))
    OUTAGES.apply(batch.pk, person.pk)
    assert PlannedOutage.objects.get().number in client.get(answer.url).content.decode()
    assert client.get(reverse("outage_lists:sample")).content.decode().removeprefix("\ufeff") == SAMPLE
