"""Reading tables that people send: any usual encoding and separator, and a sentence for what cannot be read."""

import io
import os
import sys
import tracemalloc
import zipfile
from datetime import date
from types import SimpleNamespace

import openpyxl
import pytest

from coordination.common import tables
from coordination.common.tables import Column, UnreadableTable, as_date, read

COLUMNS = (
    Column("code", ("kode", "kode wilayah")),
    Column("level", ("tingkat", "level")),
    Column("day", ("tanggal",), required=False),
)
TEXT = "Kode Wilayah;Tingkat;Catatan\n32.73;kuat;é\n\n32.04;lemah;–\n"


def rows(content):
    return list(read(io.BytesIO(content), COLUMNS))


def book(*lines):
    out = io.BytesIO()
    made = openpyxl.Workbook()
    for line in lines:
        made.active.append(line)
    made.save(out)
    return out.getvalue()


def with_part(content, name, data):
    """The workbook with one more or another part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_in_any_usual_encoding_and_separator(encoding, separator):
    found = rows(TEXT.replace(";", separator).encode(encoding))
    assert [(row.number, row.values["code"], row.values["level"]) for row in found] == [
        (2, "32.73", "kuat"), (4, "32.04", "lemah"),
    ]  # fmt: skip
    assert found[0].values["day"] == ""


def test_letters_of_windows_arrive_as_they_were_typed():
    columns = (*COLUMNS, Column("note", ("catatan",)))
    found = list(read(io.BytesIO(TEXT.encode("cp1252")), columns))
    assert [row.values["note"] for row in found] == ["é", "–"]


def test_a_workbook_with_a_title_above_its_header():
    content = book(
        ["Daftar tingkat jaringan", None], [], ["Kode", "TINGKAT", "Tanggal"], [32.73, "kuat", date(2020, 11, 8)],
        [3273, "sedang", "8 Nov 2020"],
    )  # fmt: skip
    assert [(row.number, row.values) for row in rows(content)] == [
        (4, {"code": "32.73", "level": "kuat", "day": "2020-11-08"}),
        (5, {"code": "3273", "level": "sedang", "day": "8 Nov 2020"}),
    ]


def test_a_missing_column_is_named_with_what_was_found():
    with pytest.raises(UnreadableTable, match=r"tingkat.*Kode, Nama") as error:
        rows(b"Kode,Nama\n32.73,Bandung\n")
    assert "kode" not in str(error.value).split(".")[0]


BROKEN = {
    "empty": b"",
    "blank": b"\n \n",
    "binary": b"\x00\x01\x02" * 40,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "no text of Windows": b"kode,tingkat\n\x81\x8d,kuat\n",
    "half a UTF-16": "kode,tingkat\nx".encode("utf-16") + b"\x00",
    "PDF": b"%PDF-1.4\nkode,tingkat\n",
    "old Excel": b"\xd0\xcf\x11\xe0" + bytes(600),
    "damaged workbook": b"PK\x03\x04" + b"x" * 100,
    "a cell without end": b'kode,tingkat\n"' + b"x" * 200_000,
    "no header": b"1,2\n3,4\n",
    "other archive": with_part(book(["x"]), "xl/workbook.xml", b"<x/>"),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_refused_with_a_sentence(content):
    with pytest.raises(UnreadableTable) as error:
        rows(content)
    assert str(error.value).endswith(".")


def test_macros_bombs_and_large_files_are_refused(monkeypatch):
    good = book(["kode", "tingkat"], ["32", "kuat"])
    with pytest.raises(UnreadableTable, match="macros|makro"):
        rows(with_part(good, "xl/vbaProject.bin", b"x"))
    with pytest.raises(UnreadableTable):
        rows(with_part(good, "xl/worksheets/sheet2.xml", bytes(tables.MOST_UNPACKED + 1)))
    with pytest.raises(UnreadableTable):
        rows(with_part(good, "xl/sharedStrings.xml", bytes(tables.MOST_TEXTS + 1)))
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    with pytest.raises(UnreadableTable, match="50 MB"):
        rows(b"kode,tingkat\n")


def test_a_formula_counts_by_its_saved_result_and_a_file_without_is_refused():
    content = book(["kode", "tingkat"], ["32.73", '=IF(1,"kuat","lemah")'])
    with pytest.raises(UnreadableTable, match="formula|rumus"):
        rows(content)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    saved = sheet.replace(b"<v/>", b"<v>kuat</v>").replace(b"<v />", b"<v>kuat</v>").replace(b"<v></v>", b"<v>kuat</v>")
    saved = saved.replace(b'<c r="B2"', b'<c r="B2" t="str"')
    assert rows(with_part(content, "xl/worksheets/sheet1.xml", saved))[0].values["level"] == "kuat"


def test_control_characters_and_endless_cells_are_cut():
    found = rows(b"kode,tingkat\n32\x01.73," + b"k" * 5000 + b"\n")[0].values
    assert (found["code"], len(found["level"])) == ("32.73", tables.LONGEST_CELL)


@pytest.mark.parametrize(
    "text",
    [
        "2020-11-08",
        "2020/11/08",
        "8/11/2020",
        "08-11-2020",
        "08.11.2020",
        "8 November 2020",
        "8 Nop 2020",
        "8 nov 2020",
        "Minggu, 8 November 2020",
        "8 Nov. 2020",
    ],
)
def test_dates_as_people_write_them(text):
    assert as_date(text) == date(2020, 11, 8)


@pytest.mark.parametrize("text", ["", "11/23/2020", "8/11/20", "2020", "31/02/2020", "kemarin", "44143", "8 foo 2020"])
def test_what_is_no_date_or_could_be_two_is_none(text):
    assert as_date(text) is None


def test_a_year_of_two_digits_is_read_only_where_the_day_is_known_to_come_first():
    assert as_date("08-11-20", short_years=True) == date(2020, 11, 8)


def test_a_merged_cell_counts_in_all_its_rows_and_an_empty_one_in_its_own():
    lines = (
        ["Kode", "Tingkat", "Tanggal"],
        ["32", "kuat", "2020-11-08"],
        ["33", "kuat"],
        [],
        ["34", "kuat"],
        ["35", "kuat"],
    )
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.active.merge_cells("C2:C5")
    book.active.merge_cells("A1:A1")
    out = io.BytesIO()
    book.save(out)
    found = [(row.number, row.values["day"]) for row in rows(out.getvalue())]
    assert found == [(2, "2020-11-08"), (3, "2020-11-08"), (5, "2020-11-08"), (6, "")]


def test_the_row_of_column_numbers_below_a_header_is_no_row_of_the_list():
    assert [row.number for row in rows(b"kode,tingkat,tanggal\n(1),(2),(3)\n32,kuat,\n")] == [3]


def test_memory_stays_flat_whatever_the_length():
    def peak(lines):
        content = b"kode,tingkat,keterangan\n" + b"32.73,kuat,%s\n" % (b"x" * 60) * lines
        file = io.BytesIO(content)
        tracemalloc.start()
        count = sum(1 for _row in read(file, COLUMNS))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == lines
        return used

    assert peak(40_000) < peak(400) + 2_000_000


def test_a_parquet_file_says_what_to_do_where_it_cannot_be_read(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UnreadableTable, match="pyarrow"):
        rows(b"PAR1" + bytes(50) + b"PAR1")


def test_the_rows_of_a_parquet_file(monkeypatch):
    """With a stand-in for pyarrow, which the portal does not need to run."""
    column = SimpleNamespace
    opened = SimpleNamespace(
        metadata=SimpleNamespace(num_row_groups=1, row_group=lambda number: SimpleNamespace(total_byte_size=size)),
        schema_arrow=SimpleNamespace(names=["kode", "geometri", "tingkat"]),
        iter_batches=lambda batch_size: [
            SimpleNamespace(columns=[column(to_pylist=lambda cell=cell: [cell]) for cell in ("32", "POLYGON", "kuat")])
        ],
    )
    parquet = SimpleNamespace(ParquetFile=lambda file: opened)
    monkeypatch.setitem(sys.modules, "pyarrow", SimpleNamespace(parquet=parquet))
    size = 10
    assert [(row.number, row.values["code"], row.values["level"]) for row in rows(b"PAR1....")] == [(2, "32", "kuat")]
    size = tables.MOST_UNPACKED + 1
    with pytest.raises(UnreadableTable):
        rows(b"PAR1....")
    monkeypatch.setitem(
        sys.modules, "pyarrow", SimpleNamespace(parquet=SimpleNamespace(ParquetFile=lambda file: 1 / 0))
    )
    with pytest.raises(UnreadableTable):
        rows(b"PAR1....")


def test_the_file_stays_open_for_whoever_sent_it(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"kode,tingkat\n32,kuat\n")
    with open(path, "rb") as file:
        assert len(list(read(file, COLUMNS))) == 1
        file.seek(0, os.SEEK_END)
        assert file.tell() == path.stat().st_size
