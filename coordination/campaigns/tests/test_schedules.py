"""Schedules that are imported: shown first, registered whole by the rules of one activity or not at all, undone."""

import io
import uuid
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.campaigns import planning, schedules
from coordination.campaigns.importing import SCHEDULES
from coordination.campaigns.models import CampaignActivity, CandidatePair, ScheduleBatch, StagedActivity
from coordination.campaigns.tests.factories import election, method
from coordination.common import tables
from coordination.common.errors import NotPermitted
from coordination.history.models import Event
from coordination.history.recording import faults as broken_links
from coordination.notifications.models import Notification
from coordination.offices.tests.factories import admin, lead, office, official
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
HEADER = "kode,tempat,metode,platform,tanggal,waktu,peserta,sttp,paslon\n"
ROW = "32.73.01.1001,Aula,Pertemuan terbatas,Zoom,12/05/2025,09.00 - 11.00,40,STTP/1,\n"


@pytest.fixture(autouse=True)
def campaign(settings, tmp_path):
    """An election whose campaign was in May 2025, with a pair of the number 1 in the city and for the province."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    region("32", "Jawa Barat")
    region("32.73", "Kota Bandung")
    region("32.04", "Kab. Bandung")
    region("32.73.01", "Sukasari")
    for number, name in enumerate(("Gegerkalong", "Isola"), 1001):
        region(f"32.73.01.{number}", name)
    region("32.04.01", "Ciwidey")
    region("32.04.01.2001", "Ciwidey")
    made = election("32", "32.73", "32.04", year=2025)
    method(made)
    for contest in made.contests.filter(region__code__in=("32", "32.73")):
        CandidatePair.objects.create(contest=contest, number=1, names=f"PASLON {contest.region}")
    CandidatePair.objects.create(contest=made.contests.get(region__code="32.73"), number=2, names="PASLON dua")
    return made


@pytest.fixture
def kpu():
    return official("kpu", "32.73")


def send(content, actor, name="jadwal.csv"):
    content = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name, content, "text/csv")
    batch, _new = SCHEDULES.send(
        {"file": file}, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex
    )  # fmt: skip
    SCHEDULES.read(batch.pk)
    batch.refresh_from_db()
    return batch


def apply(batch, actor=None):
    SCHEDULES.approve(batch, actor=actor or batch.official)
    SCHEDULES.apply(batch.pk, (actor or batch.official).pk)
    batch.refresh_from_db()
    return batch


def undo(batch):
    SCHEDULES.undo(batch, actor=batch.official)
    SCHEDULES.take_back(batch.pk, batch.official_id)
    batch.refresh_from_db()
    return batch


def with_values(*changes):
    """A file of one row for each (column, value), each at a place of its own."""
    rows = []
    for number, (column, value) in enumerate(changes):
        values = ROW.strip().replace("Aula", f"Aula {number}").split(",")
        values[HEADER.strip().split(",").index(column)] = f'"{value}"'
        rows.append(",".join(values))
    return HEADER + "\n".join(rows) + "\n"


def faults(batch):
    return {fault.number: (fault.column, fault.sentence) for fault in batch.faults.all()}


def book(*lines, merged=()):
    made, out = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        made.active.append(line)
    for cells in merged:
        made.active.merge_cells(cells)
    made.save(out)
    return out.getvalue()


def test_a_schedule_is_shown_and_then_registered_with_numbers_and_history(kpu):
    planning_before = Event.objects.count()
    batch = send(HEADER + ROW + ROW.replace("09.00", "08.00") + ROW.replace("1001", "1002"), kpu)
    assert (batch.state, batch.rows, batch.faulty, batch.new) == ("waiting", 3, 0, 3)
    assert not CampaignActivity.objects.exists()
    apply(batch)
    rows = list(CampaignActivity.objects.order_by("number"))
    assert batch.state == "done" and not StagedActivity.objects.exists()
    year = rows[0].created_at.year
    assert [row.number for row in rows] == [f"KG-3273-{year}-{number:04d}" for number in (1, 2, 3)]
    row = rows[0]
    assert (row.office, row.registered_by, row.platform, row.need) == (kpu.office, kpu, "zoom", "host")
    assert (row.participants, row.sttp_number, row.region_name) == (40, "STTP/1", row.region.full_name)
    assert row.starts_there.isoformat() == "2025-05-12T09:00:00+07:00"
    events = [Event.objects.about(each).get() for each in rows]
    assert {(event.verb, event.actor, event.office, event.to_state) for event in events} == {
        ("plan", kpu, kpu.office, "planned")
    }
    assert [event.verb for event in Event.objects.about(batch)] == ["send_schedule", "apply_schedule"]
    assert Event.objects.count() == planning_before + 5 and not list(broken_links())
    assert not Notification.objects.exists()
    planning.perform(row, "hold", actor=kpu, version=1, note="")
    assert not list(broken_links())


def test_numbers_go_on_from_those_given_before_and_after(kpu):
    for text in (ROW, ROW.replace("Aula", "Balai"), ROW.replace("Aula", "Lapangan")):
        apply(send(HEADER + text, kpu))
    numbers = CampaignActivity.objects.order_by("pk").values_list("number", flat=True)
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]


def test_the_same_file_again_changes_nothing(kpu):
    apply(send(HEADER + ROW, kpu))
    again = send(HEADER + ROW, kpu)
    assert (again.new, again.same, again.faulty) == (0, 1, 0)
    apply(again)
    assert CampaignActivity.objects.count() == 1


def test_two_lists_that_waited_together_bring_an_activity_once(kpu):
    first, second = send(HEADER + ROW, kpu), send(HEADER + ROW, kpu)
    assert second.new == 1
    apply(first), apply(second)  # noqa: B018 -- one after the other
    second.refresh_from_db()
    assert (CampaignActivity.objects.count(), second.new, second.same) == (1, 0, 1)


def test_what_is_registered_with_other_details_is_named_and_left_alone(kpu):
    apply(send(HEADER + ROW, kpu))
    batch = send(HEADER + ROW.replace("STTP/1", "STTP/2"), kpu)
    assert (batch.new, batch.same, batch.faulty) == (0, 0, 1)
    assert CampaignActivity.objects.get().number in faults(batch)[2][1]


def test_undoing_cancels_what_nobody_touched_and_a_new_import_registers_it_again(kpu):
    batch = apply(send(HEADER + ROW + ROW.replace("Aula", "Balai"), kpu))
    touched = CampaignActivity.objects.get(place="Balai")
    planning.edit(touched, {"participants": 50}, actor=kpu, version=1)
    undo(batch)
    assert batch.state == "undone"
    assert dict(batch.activities.values_list("place", "state")) == {"Aula": "cancelled", "Balai": "planned"}
    assert not list(broken_links())
    again = send(HEADER + ROW, kpu)
    assert again.new == 1


def test_nothing_is_half_registered(kpu, campaign):
    batch = send(HEADER + ROW + ROW.replace("12/05", "13/05"), kpu)
    campaign.methods.update(to_date=date(2025, 5, 12))
    apply(batch)
    assert batch.state == "waiting" and "12 Mei 2025" in batch.failure
    assert not CampaignActivity.objects.exists() and StagedActivity.objects.count() == 2


DATES = ["2025-05-12", "12/05/2025", "12-05-25", "Senin, 12 Mei 2025", "12 Mei 2025", "SENIN/ 12-5-2025", "12 mei 25",
         "Senin 12.05.2025"]  # fmt: skip


def test_dates_as_they_are_kept(kpu):
    batch = send(with_values(*(("tanggal", text) for text in DATES)), kpu)
    assert (batch.new, faults(batch)) == (len(DATES), {})
    assert set(StagedActivity.objects.values_list("starts_at__date", flat=True)) == {date(2025, 5, 12)}


HOURS = ["09.00 - 11.00 WIB", "pukul 09.00 s.d. 11.00", "09:00–11:00", "9 s/d 11", "Pkl. 09.00 WIB sd 11.00 WIB",
         "jam 9 sampai dengan 11.00"]  # fmt: skip


def test_hours_as_they_are_kept(kpu):
    batch = send(with_values(*(("waktu", text) for text in HOURS)), kpu)
    assert (batch.new, faults(batch)) == (len(HOURS), {})
    assert set(StagedActivity.objects.values_list("starts_at__hour", "ends_at__hour")) == {(9, 11)}


FAULTY = [
    ("tanggal", "Selasa, 12 Mei 2025", "day", "Senin"),
    ("tanggal", "05/13/2025", "day", "05/13/2025"),
    ("tanggal", "", "day", "kosong"),
    ("tanggal", "2025-06-02", "day", "Masa tenang"),
    ("tanggal", "2025-07-01", "day", "pemilihan"),
    ("waktu", "09.00 - selesai", "hours", "selesai"),
    ("waktu", "09.00", "hours", "satu jam"),
    ("waktu", "25.00 - 26.00", "hours", "25.00"),
    ("waktu", "11.00 - 09.00", "hours", "mendahului"),
    ("waktu", "09.00 - 11.00 WIT", "hours", "WIT"),
    ("waktu", "", "hours", "jam"),
    ("metode", "Pawai obor", "method", "Pertemuan terbatas"),
    ("metode", "", "method", "Pertemuan terbatas"),
    ("platform", "Skype", "platform", "Zoom"),
    ("peserta", "banyak", "participants", "banyak"),
    ("peserta", "99999999999", "participants", "9999"),
    ("sttp", "x" * 81, "sttp_number", "80"),
    ("paslon", "7", "pair", "7"),
    ("paslon", "1", "pair", "gubernur"),
    ("paslon", "Anu", "pair", "Anu"),
    ("kode", "99.99", "code", "99.99"),
    ("kode", "32.04.01.2001", "", "luar"),
    ("kode", "", "village", "wilayah"),
]


def test_each_fault_is_told_by_row_and_column(kpu):
    batch = send(with_values(*((column, value) for column, value, *_told in FAULTY)), kpu)
    assert (batch.new, batch.faulty) == (0, len(FAULTY))
    found = faults(batch)
    for number, (column, value, at, words) in enumerate(FAULTY, 2):
        assert found[number][0] == at and words in found[number][1], (column, value, found[number])


def test_a_province_is_no_place_of_an_activity():
    assert faults(send(with_values(("kode", "32")), official("kpu", "32")))[2][0] == "regency"


def test_the_rules_of_one_activity_hold_for_a_list(kpu, campaign):
    campaign.methods.update(online_only=True)
    assert faults(send(with_values(("platform", "")), kpu))[2][0] == "method"
    campaign.methods.update(online_only=False, allowed=False)
    assert "tidak" in faults(send(HEADER + ROW, kpu))[2][1]


def test_rows_that_say_the_same_are_faults_but_for_the_first(kpu):
    batch = send(HEADER + ROW + ROW.replace("STTP/1", "STTP/2") + ROW.replace("Aula", "Balai"), kpu)
    assert (batch.new, batch.faulty, list(faults(batch))) == (2, 1, [3])
    assert "2" in faults(batch)[3][1]


NAMED = "provinsi,kabupaten,kecamatan,desa,metode,tanggal,waktu\n"


def test_regions_by_name_and_suggestions_for_misspelled_ones(kpu):
    names = (",,Sukasari,Isola", "Jawa Barat,KOTA BANDUNG,Kec. Sukasari,Kel. Gegerkalong", "Jawa Barat,Kota Bandung,,",
             "Jawa Barat,Kota Bandung,Sukasarii,Isola", ",,,Isolaa")  # fmt: skip
    batch = send(NAMED + "".join(f"{each},pertemuan,2025-05-12,9-11\n" for each in names), kpu)
    found = list(StagedActivity.objects.values_list("region__code", flat=True))
    assert found == ["32.73.01.1002", "32.73.01.1001", "32.73"]
    assert [(column, code in sentence) for (column, sentence), code in zip(
        faults(batch).values(), ("Sukasari (32.73.01)", "Isola (32.73.01.1002)"), strict=True
    )] == [("district", True), ("village", True)]  # fmt: skip


def test_a_name_that_two_regions_bear_is_a_fault_that_names_both(kpu):
    region("32.73.01.1009", "Isola")
    sentence = faults(send(f"{NAMED},,Sukasari,Isola,pertemuan,2025-05-12,9-11\n", kpu))[2][1]
    assert "32.73.01.1002" in sentence and "32.73.01.1009" in sentence


def test_a_workbook_with_a_title_two_rows_of_header_and_merged_days(kpu):
    content = book(
        ["JADWAL KAMPANYE", None, None, None, None, None],
        [],
        ["No", "Hari/Tanggal", "Waktu", None, "Kode wilayah", "Metode"],
        [None, None, "Mulai", "Selesai", None, None],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        [1, "Senin, 12 Mei 2025", "09.00", "10.00", "32.73.01.1001", "Pertemuan terbatas"],
        [2, None, "13.00", "14.00", "32.73.01.1001", "Pertemuan terbatas"],
        [3, date(2025, 5, 13), "13.00", "14.00", "32.73.01.1001", "Pertemuan terbatas"],
        [4, None, "15.00", "16.00", "32.73.01.1001", "Pertemuan terbatas"],
        merged=("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", "B6:B7"),
    )
    batch = send(content, kpu)
    days = StagedActivity.objects.values_list("number", "starts_at__date")
    assert dict(days) == {6: date(2025, 5, 12), 7: date(2025, 5, 12), 8: date(2025, 5, 13)}
    assert list(faults(batch)) == [9]  # empty there, and not merged: nobody knows which day is meant


def unreadable():
    formula = book(HEADER.strip().split(","), ["32.73.01.1001", "Aula", "=A1", "", "2025-05-12", "9-11", 1, "", ""])
    return {
        "empty": b"",
        "blank": b"\n\n",
        "wrong columns": b"nama,umur\nA,4\n",
        "PDF": b"%PDF-1.7\n" + bytes(50),
        "PDF as text": b"%PDF-1.4\nkode,metode,tanggal\n",
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(90),
        "damaged workbook": b"PK\x03\x04" + b"x" * 100,
        "formula without result": formula,
    }


def test_what_cannot_be_read_fails_with_a_sentence_and_brings_nothing(kpu):
    for name, content in unreadable().items():
        batch = send(content, kpu, name="jadwal.xlsx")
        assert batch.state == "failed" and batch.failure.endswith("."), name
    assert not StagedActivity.objects.exists()


def test_a_bomb_and_a_list_of_too_many_rows_are_refused(kpu, monkeypatch):
    good = book(HEADER.strip().split(","))
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1000)
    assert send(good, kpu).state == "failed"
    monkeypatch.setattr(schedules, "MOST_ROWS", 1)
    batch = send(HEADER + ROW + ROW.replace("Aula", "Balai"), kpu)
    assert batch.state == "failed" and not StagedActivity.objects.exists()


def test_letters_of_windows_and_what_looks_like_a_formula_stay_text(kpu):
    text = (HEADER + ROW.replace("Aula", '"=HYPERLINK(""x"") é"')).encode("cp1252")
    apply(send(text, kpu))
    assert CampaignActivity.objects.get().place == '=HYPERLINK("x") é'


PAIRS = {"2": "PASLON dua", "Paslon 02": "PASLON dua", "gubernur 1": "PASLON Jawa Barat",
         "Wali Kota No. 1": "PASLON Kota Bandung", "-": None, "": None}  # fmt: skip


def test_pairs_by_number_never_reach_the_history_or_who_must_not_know(kpu):
    batch = apply(send(with_values(*(("paslon", text) for text in PAIRS)), kpu))
    rows = CampaignActivity.objects.order_by("place")
    assert [row.candidate_pair and row.candidate_pair.names for row in rows] == list(PAIRS.values())
    told = str(list(Event.objects.values_list("data", "note")))
    assert "PASLON" not in told and "pair" not in told and "jadwal" not in told
    for person in (official("bawaslu", "32.73", "viewer"), official("kpu", "32"), lead("kpu"), admin()):
        assert ScheduleBatch.objects.visible_to(person).filter(pk=batch.pk).exists()
    for person in (lead("kominfo", "32.73"), lead("kominfo"), official("kpu", "32.04")):
        assert not ScheduleBatch.objects.visible_to(person).exists()


def test_who_registers_imports_and_decides_for_the_own_office(kpu):
    for kind, role in (("kpu", "officer"), ("kpu", "lead")):
        person = official(kind, "32.73", role)
        SCHEDULES.discard(send(HEADER + ROW, person), actor=kpu)
        SCHEDULES.approve(send(HEADER + ROW, kpu), actor=person)
    batch = send(HEADER + ROW, kpu)
    for kind, role in (("kpu", "viewer"), ("kominfo", "lead"), ("bawaslu", "lead")):
        with pytest.raises(NotPermitted):
            send(HEADER + ROW, official(kind, "32.73", role))
        with pytest.raises(NotPermitted):
            SCHEDULES.approve(batch, actor=official(kind, "32.73", role))
    for stranger in (official("kpu", "32"), official("kpu", "32.04")):
        with pytest.raises(NotPermitted):
            SCHEDULES.approve(batch, actor=stranger)


def test_the_activities_of_an_admins_list_belong_to_the_election_office_of_the_regency():
    boss = admin()
    city, other = office("kpu", "32.73"), ROW.replace("32.73.01.1001", "32.04.01.2001")
    batch = send(HEADER + ROW + other, boss)
    assert (batch.new, batch.office) == (1, None) and faults(batch)[3][0] == "regency"
    county = office("kpu", "32.04")
    apply(send(HEADER + ROW + other, boss))
    assert set(CampaignActivity.objects.values_list("office", flat=True)) == {city.pk, county.pk}
    assert set(Event.objects.filter(verb="plan").values_list("office", "actor")) == {
        (city.pk, boss.pk), (county.pk, boss.pk)
    }  # fmt: skip
