"""The pages of imports: sending, the dry run, approving, matching names, undoing; and the level on a region's page."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.networks.importing import LEVELS
from coordination.networks.lists import SAMPLES
from coordination.networks.models import ImportBatch
from coordination.networks.tests.factories import assessment, stated
from coordination.networks.tests.test_importing import places, read, send  # noqa: F401 - the first is a fixture
from coordination.offices.tests.factories import lead, official
from coordination.regions.tests.factories import region
from tests.files import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def form(content=b"kode,tingkat\n32.73.01.1001,kuat\n", **values):
    return {
        "client_id": uuid.uuid4(), "kind": "levels", "source": "Dinas", "stated_on": "2024-06-30",
        "file": upload("daftar.csv", content, "text/csv"),
    } | values  # fmt: skip


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_from_sending_to_undoing_without_javascript():
    person = lead("kominfo", "32.73")
    client = signed_in(person)
    answer = client.post(reverse("levels:new"), form())
    batch = ImportBatch.objects.get()
    assert answer.url == batch.get_absolute_url()
    assert "Sedang dibaca" in text_of(client.get(answer.url))
    read(batch)
    page = text_of(client.get(answer.url))
    assert "1 baru, 0 berubah, 0 tetap" in page and "Gegerkalong" in page and "Belum diukur" in page
    client.post(reverse("levels:step", args=[batch.key, "setujui"]))
    LEVELS.apply(batch.pk, person.pk)
    assert "Diterapkan" in text_of(client.get(answer.url))
    client.post(reverse("levels:step", args=[batch.key, "batalkan"]))
    LEVELS.take_back(batch.pk, person.pk)
    batch.refresh_from_db()
    assert batch.state == "undone"


def test_a_double_click_sends_one_list():
    client, values = signed_in(lead("kominfo", "32.73")), form()
    first = client.post(reverse("levels:new"), values)
    values["file"].seek(0)
    assert client.post(reverse("levels:new"), values).url == first.url
    assert ImportBatch.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"content": b""}, {"content": b"nama\nx\n"}, {"content": b"PK\x03\x04broken"}, {"content": b"\x00\x00"},
        {"kind": "tiles", "stated_on": ""}, {"kind": "foo"}, {"stated_on": "2999-01-01"}, {"stated_on": "x"},
        {"source": ""}, {"source": "\x00"}, {"client_id": "x"},
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_at_once(change):
    answer = signed_in(lead("kominfo", "32.73")).post(reverse("levels:new"), form(**change))
    assert answer.status_code == 422 and not ImportBatch.objects.exists()


def test_names_are_matched_on_the_page():
    batch = send(
        "provinsi,kabupaten,kecamatan,desa,sinyal\nJawa Barat,Kota Bandung,Sukasarii,Isola,kuat\n",
        kind="survey", actor=lead("kominfo", "32.73"),
    )  # fmt: skip
    client, name = signed_in(batch.official), batch.names.get()
    assert f'name="pilih_{name.pk}" value="32.73.01"' in text_of(client.get(batch.get_absolute_url()))
    step = reverse("levels:step", args=[batch.key, "cocokkan"])
    for nonsense in (
        {f"kode_{name.pk}": "99"},
        {"kode_x": "32"},
        {f"pilih_{10**30}": "32"},
        {f"kode_{name.pk}": "\x00"},
    ):
        assert client.post(step, nonsense).status_code == 302
        read(batch)
        assert batch.new == 0
    client.post(step, {f"pilih_{name.pk}": "32.73.01"})
    assert read(batch).new == 1


def test_samples_are_lists_that_can_be_sent():
    client = signed_in(official("kpu", "32.73"))
    for kind, text in SAMPLES.items():
        answer = client.get(reverse("levels:sample", args=[kind]))
        assert answer.content.decode() == f"\ufeff{text}"
        batch = send(answer.content, kind=kind, source=kind)
        assert (batch.state, batch.rows) == ("waiting", len(text.splitlines()) - 1)
    assert client.get(reverse("levels:sample", args=["lain"])).status_code == 404


def region_page(code, person=None):
    return text_of(signed_in(person or lead("kpu", "32")).get(reverse("region", args=[code])))


def test_a_region_shows_its_source_its_date_and_that_it_is_old():
    stated("32.73.01.1001", "weak", source="Podes 2024", on=timezone.localdate() - timedelta(days=31))
    page = region_page("32.73.01.1001")
    assert "Podes 2024" in page and "Lemah" in page and "sudah lama" in page
    stated("32.73.01.1002", "weak", source="Podes 2024", on=timezone.localdate() - timedelta(days=29))
    assert "sudah lama" not in region_page("32.73.01.1002")


def test_a_derived_level_says_so_with_the_shares_of_villages():
    stated("32.73.01.1001", "weak")
    stated("32.73.01.1002", "weak")
    stated("32.73.01.1003", "strong")
    page = region_page("32.73.01")
    assert "turunan" in page
    for level, number, share in (("Lemah", 2, "50,0"), ("Kuat", 1, "25,0"), ("Belum diukur", 1, "25,0")):
        assert f'{level}</th><td class="number">{number}</td><td class="number">{share} %</td>' in page
    assert "turunan" not in region_page("32.73.01.1001")


def test_sources_that_disagree_stand_side_by_side():
    stated("32.73.01.1001", "strong", source="Podes", on=timezone.localdate() - timedelta(days=9))
    stated("32.73.01.1001", "weak", source="Kementerian", on=timezone.localdate() - timedelta(days=8))
    assessment("32.73.01.1001", measured_at=timezone.now() - timedelta(days=20))
    page = region_page("32.73.01.1001")
    assert page.index("Kementerian") < page.index("Sumber lain") < page.index("Podes")
    assert "/ukur/" in page.split("Sumber lain")[1]


def test_an_unmeasured_region_is_never_shown_as_weak():
    region("32.04.01.2002")
    page = region_page("32.04.01.2002")
    assert "Belum diukur" in page and "Lemah" not in page
