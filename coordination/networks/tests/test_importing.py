"""Lists of levels: read and shown first, applied whole or not at all, undone; nothing outside the jurisdiction."""

import uuid
from datetime import date, timedelta
from math import asinh, floor, pi, radians, tan

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from coordination.batches import reading
from coordination.common.errors import NotPermitted, TransitionNotAllowed
from coordination.history.models import Event
from coordination.networks import importing
from coordination.networks.importing import LEVELS
from coordination.networks.models import ImportBatch, NameMatch, RegionLevel, StagedLevel, StatedLevel
from coordination.networks.tests.factories import assessment, thresholds
from coordination.offices.tests.factories import admin, lead, official
from coordination.regions.models import EarlierCode, OtherName, Region
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 30)


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    region("32", "Jawa Barat")
    region("32.73", "Kota Bandung")
    region("32.04", "Kab. Bandung")
    region("32.73.01", "Sukasari")
    for number, name in enumerate(("Gegerkalong", "Isola", "Sarijadi", "Sukarasa"), 1001):
        region(f"32.73.01.{number}", name, latitude=-6.87, longitude=107.58 + (number - 1001) / 50)
    region("32.04.01", "Ciwidey")
    region("32.04.01.2001", "Ciwidey", latitude=-7.1, longitude=107.45)


def send(text, *, actor=None, kind="levels", source="Daftar kementerian", stated_on=DAY, name="daftar.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    values = {
        "kind": kind, "source": source, "stated_on": stated_on, "file": SimpleUploadedFile(name, content, "text/csv"),
    }  # fmt: skip
    batch, _new = LEVELS.send(
        values, actor=actor or lead("kominfo", "32"), client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex
    )
    return read(batch)


def read(batch):
    LEVELS.read(batch.pk)
    batch.refresh_from_db()
    return batch


def apply(batch):
    LEVELS.approve(batch, actor=batch.official)
    LEVELS.apply(batch.pk, batch.official_id)
    batch.refresh_from_db()
    return batch


def undo(batch):
    LEVELS.undo(batch, actor=batch.official)
    LEVELS.take_back(batch.pk, batch.official_id)
    batch.refresh_from_db()
    return batch


def faults(batch):
    return {fault.number: fault.sentence for fault in batch.faults.all()}


def levels():
    return dict(RegionLevel.objects.values_list("region__code", "level"))


LIST = "kode,tingkat\n32.73.01.1001,kuat\n32.73.01.1002,lemah\n3273011003,Lemah\n"


def test_a_list_is_shown_before_anything_changes_and_then_applied_whole():
    batch = send(LIST)
    assert (batch.state, batch.rows, batch.faulty, batch.new) == ("waiting", 3, 0, 3)
    assert not RegionLevel.objects.exists() and not StatedLevel.objects.exists()
    apply(batch)
    assert batch.state == "done" and not StagedLevel.objects.exists()
    assert levels() == {
        "32.73.01.1001": "strong", "32.73.01.1002": "weak", "32.73.01.1003": "weak",
        "32.73.01": "weak", "32.73": "weak", "32": "weak",
    }  # fmt: skip
    assert [event.verb for event in Event.objects.about(batch)] == ["send_list", "apply_list"]


def test_the_worker_gets_each_step_as_a_job_that_no_other_does_at_once():
    batch = send(LIST)
    LEVELS.approve(batch, actor=batch.official)
    jobs = ProcrastinateJob.objects.filter(task_name__startswith="networks.").order_by("id")
    assert [(job.task_name, job.lock) for job in jobs] == [
        ("networks.read_list", f"list-{batch.pk}"), ("networks.apply_list", f"list-{batch.pk}"),
    ]  # fmt: skip


def test_the_same_file_again_changes_nothing():
    apply(send(LIST))
    before = list(StatedLevel.objects.values_list("pk", "batch"))
    again = send(LIST)
    assert (again.new, again.changed, again.same) == (0, 0, 3)
    apply(again)
    assert list(StatedLevel.objects.values_list("pk", "batch")) == before


def test_undoing_takes_back_what_the_list_brought_and_nothing_else():
    measured = assessment("32.73.01.1001", measured_at=timezone.now() - timedelta(days=4000))
    apply(send("kode,tingkat\n32.73.01.1004,sedang\n", source="Lain"))
    before = levels()
    batch = apply(send(LIST))
    assert levels() != before
    undo(batch)
    assert (batch.state, levels()) == ("undone", before)
    assert RegionLevel.objects.get(region__code="32.73.01.1001").assessment == measured


def test_a_corrected_edition_supersedes_and_its_undoing_brings_the_former_back():
    first = apply(send(LIST))
    second = send(LIST.replace("kuat", "sedang"))
    assert (second.new, second.changed, second.same) == (0, 1, 2)
    apply(second)
    assert levels()["32.73.01.1001"] == "medium"
    with pytest.raises(TransitionNotAllowed):
        LEVELS.undo(first, actor=first.official)
    undo(second)
    assert levels()["32.73.01.1001"] == "strong"
    undo(first)
    assert levels() == {}


def test_two_sources_stand_side_by_side_and_the_newer_decides():
    apply(send("kode,tingkat,tanggal\n32.73.01.1001,kuat,2024-06-30\n", source="Podes"))
    apply(send("kode,tingkat,tanggal\n32.73.01.1001,lemah,2024-07-01\n", source="Dinas"))
    assert levels()["32.73.01.1001"] == "weak"
    assert StatedLevel.objects.filter(superseded_by=None).count() == 2


def test_nothing_is_half_applied(monkeypatch):
    batch = send(LIST)
    LEVELS.approve(batch, actor=batch.official)
    monkeypatch.setattr(importing.rollup, "refresh", lambda regions: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        LEVELS.apply(batch.pk, batch.official_id)
    batch.refresh_from_db()
    assert (batch.state, bool(batch.failure)) == ("waiting", True)
    assert StagedLevel.objects.count() == 3 and not StatedLevel.objects.exists()


def test_a_list_is_applied_once_whatever_is_pressed():
    batch = apply(send(LIST))
    LEVELS.apply(batch.pk, batch.official_id)
    with pytest.raises(TransitionNotAllowed):
        LEVELS.approve(batch, actor=batch.official)
    batch.refresh_from_db()
    assert (batch.new, StatedLevel.objects.count()) == (3, 3)
    assert Event.objects.about(batch).filter(verb="apply_list").count() == 1


def test_a_discarded_list_leaves_nothing():
    batch = send(LIST)
    LEVELS.discard(batch, actor=batch.official)
    assert not StagedLevel.objects.exists()
    with pytest.raises(TransitionNotAllowed):
        LEVELS.approve(batch, actor=batch.official)


def test_each_fault_is_told_by_its_row_in_plain_words():
    batch = send(
        "kode,tingkat,tanggal,operator\n"
        "99.99,kuat,,\n"
        "32.73.01.1001,bagus,,\n"
        "32.73.01.1001,,,\n"
        "32.73.01.1001,kuat,11/23/2020,\n"
        "32.73.01.1001,kuat,2999-01-01,\n"
        "32.73.01.1001,kuat,,Tanpa Nama\n"
        "32.73.01.1002,kuat,8 November 2020,\n"
        "32.73.01.1002,lemah,08/11/2020,\n"
        ",kuat,,\n"
    )
    assert (batch.rows, batch.faulty, batch.new) == (9, 8, 1)
    found = faults(batch)
    assert set(found) == {2, 3, 4, 5, 6, 7, 9, 10}
    for number, word in {2: "99.99", 3: "bagus", 5: "11/23/2020", 6: "2999", 7: "Tanpa Nama", 9: "8"}.items():
        assert word in found[number]


def test_no_date_anywhere_is_a_fault():
    assert "tanggal" in faults(send(LIST, stated_on=None))[2]


@pytest.mark.parametrize("content", [b"", b"nama,umur\nA,4\n", b"\x00\x01" * 20, b"PK\x03\x04zzz", b"kode\n32\n"])
def test_what_cannot_be_read_fails_with_a_sentence(content):
    batch = send(content)
    assert batch.state == "failed" and batch.failure.endswith(".")
    assert not StagedLevel.objects.exists()


def test_rows_outside_the_jurisdiction_are_faults():
    text = "kode,tingkat\n32.73.01.1001,kuat\n32.04.01.2001,kuat\n32,kuat\n"
    batch = apply(send(text, actor=lead("kominfo", "32.73")))
    assert set(faults(batch)) == {3, 4}
    assert list(StatedLevel.objects.values_list("region__code", flat=True)) == ["32.73.01.1001"]


@pytest.mark.parametrize(
    ("kind", "role"), [("kpu", "lead"), ("kominfo", "officer"), ("kominfo", "viewer"), ("bawaslu", "lead")]
)
def test_only_leads_of_ict_offices_and_admins_import(kind, role):
    with pytest.raises(NotPermitted):
        send(LIST, actor=official(kind, "32.73", role))
    assert send(LIST, actor=admin()).new == 3


def test_another_office_neither_approves_nor_undoes():
    batch = send(LIST, actor=lead("kominfo", "32.73"))
    for actor in (lead("kominfo", "32"), lead("kominfo", "32.04"), lead("kpu", "32.73")):
        with pytest.raises(NotPermitted):
            LEVELS.approve(batch, actor=actor)
    LEVELS.approve(batch, actor=lead("kominfo", "32.73"))


def test_an_earlier_code_leads_to_todays_region():
    EarlierCode.objects.create(region=Region.objects.get(code="32.73"), code="32.99", valid_to=DAY, source="uji")
    apply(send("kode,tingkat\n32.99,kuat\n"))
    assert levels() == {"32.73": "strong"}


SURVEY = "kode,provinsi,kabupaten,kecamatan,desa,sinyal\n"


def test_villages_of_the_survey_are_found_by_name_never_by_code():
    batch = apply(
        send(
            SURVEY + "3204,JAWA BARAT,KOTA BANDUNG,SUKASARI,GEGER KALONG,sangat kuat\n"
            "3273,Jawa Barat,Bandung,Ciwidey,Desa Ciwidey,Tidak ada sinyal\n"
            "1,Prov. Jawa Barat,Kota Bandung,Kec. Sukasari,Isola,sinyal lemah\n",
            kind="survey",
        )
    )
    assert batch.faulty == 0
    assert {code: level for code, level in levels().items() if code.count(".") == 3} == {
        "32.73.01.1001": "strong", "32.04.01.2001": "no_signal", "32.73.01.1002": "weak",
    }  # fmt: skip
    assert faults(send(SURVEY + ",Jawa Barat,Kota Bandung,Sukasari,Isola,sedang\n", kind="survey"))


def test_a_misspelled_name_is_matched_only_when_somebody_says_so():
    text = SURVEY + "".join(f",Jawa Barat,Kota Bandung,Suka Sarii,{name},kuat\n" for name in ("Isola", "Sarijadi"))
    batch = send(text, kind="survey")
    name = batch.names.get()
    assert (batch.new, batch.faulty, name.rows, name.path) == (0, 2, 2, "Jawa Barat / Kota Bandung / Suka Sarii")
    assert name.suggested == [Region.objects.get(code="32.73.01").pk]
    with pytest.raises(TransitionNotAllowed):
        LEVELS.match(batch, {name.pk: "32.73"}, actor=batch.official)
    LEVELS.match(batch, {name.pk: "32.73.01"}, actor=batch.official)
    assert (read(batch).new, batch.faulty) == (2, 0)
    apply(batch)
    assert levels()["32.73.01.1002"] == "strong"


def test_a_name_that_several_regions_bear_is_asked_about():
    region("32.73.01.1009", "Isola")
    batch = send(SURVEY + ",Jawa Barat,Kota Bandung,Sukasari,Isola,kuat\n", kind="survey")
    assert batch.new == 0 and len(batch.names.get().suggested) == 2


def test_other_names_and_missing_upper_tiers_are_understood():
    OtherName.objects.create(region=Region.objects.get(code="32"), name="Jabar")
    batch = send("provinsi,kabupaten,desa,tingkat\nJabar,Kota Bandung,Isola,kuat\n")
    assert (batch.new, batch.faulty) == (1, 0)
    batch = send("kecamatan,desa,tingkat\nSukasari,Isola,kuat\n", actor=lead("kominfo", "32.73"))
    assert (batch.new, batch.faulty) == (1, 0)


def quadkey(latitude, longitude, zoom=16):
    x = floor((longitude + 180) / 360 * 2**zoom)
    y = floor((1 - asinh(tan(radians(latitude))) / pi) / 2 * 2**zoom)
    return "".join(str((x >> bit & 1) + 2 * (y >> bit & 1)) for bit in range(zoom - 1, -1, -1))


TILES = "quadkey,avg_d_kbps,avg_u_kbps,avg_lat_ms,tests,devices\n"


def test_tiles_go_to_the_nearest_village_weighted_by_their_tests():
    thresholds()
    near, other = quadkey(-6.871, 107.581), quadkey(-6.869, 107.579)
    batch = send(
        f"{TILES}{near},20000,10000,40,3,2\n{other},4000,2000,120,1,1\n{quadkey(-2, 110)},1,1,1,1,1\n",
        kind="tiles", source="Ookla",
    )  # fmt: skip
    assert (batch.rows, batch.faulty, batch.new) == (3, 1, 1)
    row = StagedLevel.objects.get()
    assert (row.region.code, row.tests, row.download_mbps, row.upload_mbps, row.latency_ms) == (
        "32.73.01.1001", 4, 16, 8, 60,
    )  # fmt: skip
    assert row.level == "strong"
    apply(batch)
    assert StatedLevel.objects.get().tests == 4


@pytest.mark.parametrize(
    "row",
    [
        "12,1,1,1,1,1", "9999999999999999,1,1,1,1,1", "{},x,1,1,1,1", "{},1,1,1,0,1", "{},-1,1,1,1,1",
        "{},1e99,1,1,1,1", "{},nan,1,1,1,1",
    ],
)  # fmt: skip
def test_tiles_with_impossible_figures_are_faults(row):
    batch = send(f"{TILES}{row.format(quadkey(-6.87, 107.58))}\n", kind="tiles", source="Ookla")
    assert (batch.state, batch.faulty, batch.new) == ("waiting", 1, 0)


def test_faults_and_names_are_counted_on_beyond_what_is_kept(monkeypatch):
    monkeypatch.setattr(reading, "MOST_FAULTS", 3)
    monkeypatch.setattr(importing, "MOST_NAMES", 2)
    text = "kode,kecamatan,tingkat\n" + "9.9,,kuat\n" * 5 + "".join(f",Tidak Ada {n},kuat\n" for n in range(4))
    batch = send(text, actor=lead("kominfo", "32.73"))
    assert (batch.faulty, batch.faults.count(), NameMatch.objects.count()) == (9, 3, 2)


def test_what_was_read_half_is_read_anew():
    batch = send(LIST)
    ImportBatch.objects.filter(pk=batch.pk).update(state="reading")
    assert (read(batch).new, StagedLevel.objects.count()) == (3, 3)
