"""Lists of offices and people: checked first, imported whole or not at all, exported without formulas."""

import csv
import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.history.models import Event
from coordination.history.recording import faults
from coordination.offices.models import Office, Official
from coordination.offices.tests.factories import admin, office, official
from coordination.people import importing
from coordination.regions.models import EarlierCode
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
OFFICES = "jenis,kode_wilayah,nama,alamat,email,telepon,atasan,berlaku_dari,berlaku_sampai\n"
PEOPLE = "nama_pengguna,nama,kantor,peran,jabatan,email,telepon\n"
CSV, XLSX = 0, 1


@pytest.fixture
def provincial():
    region("32.04")
    return official("kpu", "32", is_staff=True)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def url(model, page):
    return reverse(f"admin:offices_{model._meta.model_name}_{page}")


def check(client, model, content, name="daftar.csv"):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(url(model, "import"), {"resource": "0", "import_file": SimpleUploadedFile(name, content)})


def confirm(client, model, checked):
    form = checked.context["confirm_form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return client.post(url(model, "process_import"), values)


def send(person, model, content):
    """Check and confirm; the answer of the check when that found a fault."""
    client = signed_in(person)
    checked = check(client, model, content)
    return confirm(client, model, checked) if "confirm_form" in checked.context else checked


def workbook(*rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def export(person, model, format):
    answer = signed_in(person).post(url(model, "export"), {"format": format, "resource": "0"})
    if format == CSV:
        return answer.content, list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return answer.content, [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


def test_offices_and_people_are_imported_and_the_history_tells_it(provincial):
    row = "kominfo,3204,Diskominfo Kab. Bandung,Jl. Raya,,022 123,kpu 32,23/11/2020,\n"
    assert send(provincial, Office, OFFICES + row).status_code == 302
    made = Office.objects.get(kind="kominfo")
    assert (made.region.code, str(made.valid_from), made.superior) == ("32.04", "2020-11-23", provincial.office)
    assert (
        send(provincial, Official, PEOPLE + "asep,Asep,Kominfo 32.04,Lead,Kadis,asep@example.id,\n").status_code == 302
    )
    person = Official.objects.get(username="asep")
    assert (person.office, person.role, person.has_usable_password()) == (made, "lead", False)
    assert [event.verb for event in Event.objects.order_by("sequence")] == ["import", "import"]
    assert list(faults()) == []


def test_nothing_is_imported_by_the_check_alone(provincial):
    checked = check(signed_in(provincial), Office, OFFICES + "kominfo,32.04,Dinas,,,,,2020-01-01,\n")
    assert "confirm_form" in checked.context
    assert not Office.objects.filter(kind="kominfo").exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("format", [CSV, XLSX])
@pytest.mark.parametrize("model", [Office, Official])
def test_what_was_exported_changes_nothing_when_it_is_imported_again(provincial, model, format):
    boss = admin()
    odd = {"name": "=SUM(A1)", "phone": "+62 22 123", "address": "@rumah\n-dua", "superior": office("kpu")}
    past = office("bawaslu", "32.04", valid_from="2015-01-01", valid_to="2016-01-01", superior=odd["superior"])
    office("kominfo", "32.04", **odd)
    official("bawaslu", "32.04", name="-1+1", phone="+62 8", email="a@example.id")
    Official.objects.create(username="lama", name="Lama", office=past)
    content, rows = export(boss, model, format)
    assert len(rows) == 1 + model.objects.count()
    checked = check(signed_in(boss), model, content)
    if "result" not in checked.context:
        pytest.fail(str(checked.context["form"].errors))
    totals = checked.context["result"].totals
    assert (totals["new"], totals["update"]) == (0, 0), [
        str(r.validation_error) for r in checked.context["result"].rows
    ]
    confirm(signed_in(boss), model, checked)
    assert not Event.objects.exists()
    assert set(model.objects.values_list("version", flat=True)) == {1}


SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("format", [CSV, XLSX])
def test_no_exported_cell_is_a_formula_and_none_is_foreign(provincial, format):
    for number, sign in enumerate(SIGNS, 1):
        office("kominfo", f"32.{number:02d}", name=f"{sign}cmd|' /C calc'!A0")
    office("kominfo", "33.74", name="RAHASIA")
    _content, rows = export(provincial, Office, format)
    cells = [str(cell) for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(SIGNS)]
    assert len([cell for cell in cells if "cmd|" in cell]) == len(SIGNS)
    assert "RAHASIA" not in "".join(cells)


def test_an_export_keeps_to_the_filter_of_the_list(provincial):
    office("kominfo", "32.04", name="Dinas")
    answer = signed_in(provincial).post(
        url(Office, "export") + "?kind__exact=kominfo", {"format": CSV, "resource": "0"}
    )
    assert len(answer.content.decode().strip().splitlines()) == 2


@pytest.mark.parametrize(
    ("model", "row", "column", "said"),
    [
        (Office, "kominfo,99.99,X,,,,,2020-01-01,", "kode_wilayah", "99.99"),
        (Office, "kominfo,33.74,X,,,,,2020-01-01,", "kode_wilayah", "33.74"),
        (Office, "kominfo,32.04.01,X,,,,,2020-01-01,", "kode_wilayah", ""),
        (Office, "dinas,32.04,X,,,,,2020-01-01,", "jenis", "dinas"),
        (Office, "kominfo,32.04,X,,,,,besok,", "berlaku_dari", "besok"),
        (Office, "kominfo,32.04,X,,,,,31/02/2020,", "berlaku_dari", "31/02/2020"),
        (Office, "kominfo,32.04,,,,,,2020-01-01,", "nama", ""),
        (Office, "kominfo,32.04,X,,surel,,,2020-01-01,", "email", ""),
        (Office, "kominfo,32.04,X,,,,kpu 33,2020-01-01,", "atasan", "kpu 33"),
        (Office, "kominfo,32.04,X,,,,,2020-01-01,2019-01-01", None, ""),
        (Office, "kominfo,32.04,X,,,,,2020-02-01,\nkominfo,32.04,Y,,,,,2020-03-01,", None, ""),
        (Office, f"kominfo,32.04,{'x' * 201},,,,,2020-01-01,", "nama", ""),
        (Official, "a,A,kpu 32,raja,,,", "peran", "raja"),
        (Official, "a,A,kpu 99,lead,,,", "kantor", "kpu 99"),
        (Official, "a,A,kpu 33,lead,,,", "kantor", "kpu 33"),
        (Official, "a,A,,lead,,,", "kantor", ""),
        (Official, "a b<script>,A,kpu 32,lead,,,", "nama_pengguna", ""),
        (Official, "a,A,kpu 32,lead,,TERPAKAI@example.id,", "email", ""),
        (Official, ",A,kpu 32,lead,,,", "nama_pengguna", ""),
    ],
)
def test_a_wrong_row_is_named_with_its_column_and_nothing_is_half_imported(provincial, model, row, column, said):
    region("33.74"), office("kpu", "33")
    official("kpu", "33.74", email="terpakai@example.id")
    good = OFFICES + "bawaslu,32.04,Baik,,,,,2020-01-01,\n" if model is Office else PEOPLE + "baik,B,kpu 32,lead,,,\n"
    before = Office.objects.count(), Official.objects.count()
    answer = send(provincial, model, good + row + "\n")
    assert answer.status_code == 200
    wrong = answer.context["result"].invalid_rows
    assert wrong[-1].number >= 2
    assert not answer.context["result"].row_errors()
    assert column is None or column in wrong[0].field_specific_errors
    assert said in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert (Office.objects.count(), Official.objects.count()) == before


@pytest.mark.parametrize("victim", ["foreign", "superuser", "staff"])
def test_an_import_takes_no_account_of_others_and_gives_no_power(provincial, victim):
    person = {
        "foreign": lambda: official("kpu", "33.74"),
        "superuser": lambda: admin(username="root"),
        "staff": lambda: official("kpu", "32.04", is_superuser=True, is_staff=True),
    }[victim]()
    before = Official.objects.filter(pk=person.pk).values().get()
    answer = send(provincial, Official, f"{PEOPLE}{person.username},X,kpu 32,lead,,penyerang@example.id,\n")
    assert answer.status_code == 200
    assert Official.objects.filter(pk=person.pk).values().get() == before
    unknown = PEOPLE.strip() + ",is_superuser\nbaru,B,kpu 32,lead,,,,1\n"
    assert send(provincial, Official, unknown).status_code == 200
    assert not Official.objects.filter(username="baru").exists()


def test_what_changed_between_check_and_confirmation_is_checked_again(provincial):
    client = signed_in(provincial)
    rows = "kominfo,32.04,Dinas,,,,,2020-01-01,\nbawaslu,32.04,Bawaslu,,,,,2020-01-01,\n"
    checked = check(client, Office, OFFICES + rows)
    office("kominfo", "32.04", valid_from="2019-01-01", name="Lebih dulu")
    assert confirm(client, Office, checked).url == url(Office, "import")
    assert not Office.objects.filter(name__in=("Dinas", "Bawaslu")).exists()
    assert not Event.objects.exists()


def test_a_confirmation_without_its_checked_file_is_told_so(provincial):
    client = signed_in(provincial)
    checked = check(client, Office, OFFICES + "kominfo,32.04,Dinas,,,,,2020-01-01,\n")
    cache.clear()
    assert confirm(client, Office, checked).url == url(Office, "import")
    forged = [
        {"import_file_name": "../../etc/passwd", "original_file_name": "x", "format": form} for form in ("0", "x", "9")
    ]
    for values in (*forged, {}):
        assert client.post(url(Office, "process_import"), values).url == url(Office, "import")


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return out.getvalue()


UNREADABLE = {
    "empty": b"",
    "no rows": OFFICES.encode(),
    "unknown columns": b"kolom,lain\n1,2\n",
    "a column twice": b"jenis,jenis,kode_wilayah,berlaku_dari\nkpu,kpu,32.04,2020-01-01\n",
    "no key": b"nama\nX\n",
    "bytes": b"\xff\xfe\x00\x01\x02" * 50,
    "Windows-1252": (OFFICES + "kominfo,32.04,Caf\xe9,,,,,2020-01-01,\n").encode("cp1252"),
    "UTF-16": (OFFICES + "kominfo,32.04,X,,,,,2020-01-01,\n").encode("utf-16"),
    "too many cells": (OFFICES + "kominfo,32.04,X,,,,,2020-01-01,,,,lebih\n").encode(),
    "too many rows": (OFFICES + "kominfo,32.04,X,,,,,2020-01-01,\n" * 601).encode(),
    "too large": b"x" * (2 * 1024 * 1024 + 1),
    "not a workbook": b"PK\x03\x04" + b"\x00" * 100,
    "a cell without end": (OFFICES + 'kominfo,32.04,"' + "x" * 200_000 + "\n").encode(),
    "a bomb": bomb(),
    "a photo": b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(provincial, content):
    answer = check(signed_in(provincial), Office, content)
    assert answer.status_code == 200
    assert "confirm_form" not in answer.context
    said = answer.context["form"].errors.get("import_file") or answer.context["result"].base_errors
    assert len(said) == 1
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize(
    "content",
    [
        (OFFICES + "kominfo,32.04,Dinas,,,,,2020-01-01,\n").encode("utf-8-sig"),
        (OFFICES + "kominfo,32.04,Dinas,,,,,2020-01-01,\n").replace(",", ";").encode(),
        (OFFICES + "KOMINFO , 3204 , Dinas ,,,,, 01/01/2020 ,\r\n\r\n").encode(),
        b"Jenis,Kode Wilayah,Nama,Berlaku dari\nDiskominfo,32.04,Dinas,1/1/2020\n",
    ],
    ids=["mark", "semicolons", "spaces", "few columns"],
)
def test_lists_as_spreadsheet_programs_write_them_are_understood(provincial, content):
    assert send(provincial, Office, content).status_code == 302
    assert Office.objects.get(kind="kominfo").name == "Dinas"


def test_a_workbook_with_days_and_codes_as_numbers_is_understood(provincial):

    region("32.10")
    head = ["jenis", "kode_wilayah", "nama", "berlaku_dari", None]
    rows = ["kominfo", 32.1, "Dinas", datetime(2020, 1, 1), None], ["kpu", 3204, "KPU", "2020-01-01"], [None]  # noqa: DTZ001
    assert send(provincial, Office, workbook(head, *rows)).status_code == 302
    assert Office.objects.get(kind="kominfo").region.code == "32.10"
    assert Office.objects.get(kind="kpu", region__code="32.04").name == "KPU"


def test_a_region_is_found_by_an_earlier_code(provincial):
    place = region("32.04")
    EarlierCode.objects.create(region=place, code="32.99", valid_to="2022-07-25", source="uji")
    assert send(provincial, Office, OFFICES + "kominfo,32.99,Dinas,,,,,2020-01-01,\n").status_code == 302
    assert Office.objects.get(kind="kominfo").region == place


def test_only_who_administers_imports_and_exports():
    for person in (official("kpu", "32"), official("kpu")):
        for page in ("import", "export", "process_import"):
            assert signed_in(person).post(url(Office, page)).status_code == 302
    assert not Office.objects.filter(kind="kominfo").exists()


def test_the_locks_of_the_history_are_taken_at_the_end_of_an_import(provincial):
    rows = "".join(f"orang{number},Orang {number},kpu 32,officer,,,\n" for number in range(20))
    client = signed_in(provincial)
    checked = check(client, Official, PEOPLE + rows)
    with CaptureQueriesContext(connection) as queries:
        assert confirm(client, Official, checked).status_code == 302
    said = [query["sql"] for query in queries]
    first_lock = next(place for place, sql in enumerate(said) if "pg_advisory_xact_lock" in sql)
    last_row = max(place for place, sql in enumerate(said) if sql.startswith('INSERT INTO "offices_official"'))
    assert last_row < first_lock


def test_formats_are_told_by_content_not_by_name(provincial):
    content = workbook(["jenis", "kode_wilayah", "nama", "berlaku_dari"], ["kominfo", "32.04", "Dinas", "2020-01-01"])
    checked = check(signed_in(provincial), Office, content, name="daftar.csv")
    assert checked.context["confirm_form"]["format"].value() == str(importing.FORMATS.index(importing.SafeXLSX))


def test_of_a_confirmation_sent_twice_the_second_hears_that_it_was_done(provincial):
    client = signed_in(provincial)
    checked = check(client, Office, OFFICES + "kpu,32.04,KPU Kabupaten Bandung,,,,,2020-01-01,\n")
    form = checked.context["confirm_form"]
    values = {name: form[name].value() or "" for name in form.fields}
    first, second = (client.post(url(Office, "process_import"), values, follow=True) for _ in range(2))
    assert Office.objects.filter(name="KPU Kabupaten Bandung").count() == 1
    assert "Tidak ada yang diimpor" not in second.content.decode()
    assert "sudah diimpor" in second.content.decode()


def test_a_row_that_stands_in_the_list_twice_is_named(provincial):
    office("kpu", "32.04")
    rows = "budi,Budi,kpu 32.04,officer,,,\nBudi,Budi Lain,kpu 32.04,officer,,,\n"
    answer = check(signed_in(provincial), Official, PEOPLE + rows)
    assert "ada dua kali" in answer.content.decode()


def test_signs_that_turn_or_break_a_text_are_left_out(provincial):
    office("kpu", "32.04")
    client = signed_in(provincial)
    confirm(client, Official, check(client, Official, PEOPLE + "budi,Bu\u202edi\x07,kpu 32.04,officer,,,\n"))
    assert Official.objects.get(username="budi").name == "Budi"
