"""Tables that people send, CSV, XLSX or Parquet: read by row in flat memory, with a sentence for what cannot be read.

Nothing in a file is ever calculated: of a formula the saved result counts, and a file without it is refused.
"""

import codecs
import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from coordination.common.errors import DomainError

MOST_BYTES = 50 * 1024 * 1024
# What a workbook may grow to: a sheet of 83,762 villages takes 40 MB. The texts of a workbook are held in memory.
MOST_UNPACKED, MOST_TEXTS = 400 * 1024 * 1024, 80 * 1024 * 1024
MOST_ROWS = 1_000_000
LONGEST_CELL = 1000
HEADER_ROWS = 10
PIECE = 64 * 1024
PARQUET_ROWS = 5000
ZIP, OLD_EXCEL, PARQUET, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"%PDF"
# A formula that is followed by no saved result.
WITHOUT_RESULT = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
LONGEST_MARK = 64
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
# More than anybody merges by hand; beyond it the list is a program's, which fills its cells.
MOST_MERGED = 100_000
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SPACE_OR_SIGN = re.compile(r"[\s_/.-]+")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb february", "maret mar march", "april apr", "mei may",
            "juni jun june", "juli jul july", "agustus agu ags agt aug august", "september sep sept",
            "oktober okt oct october", "november nov nopember nop", "desember des dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
DAYS = ("senin monday", "selasa tuesday", "rabu wednesday", "kamis thursday", "jumat jum'at friday",
        "sabtu saturday", "minggu ahad sunday")  # fmt: skip
WEEKDAYS = {name: number for number, names in enumerate(DAYS) for name in names.split()}
WEEKDAY = re.compile(rf"(?:hari\s+)?({'|'.join(WEEKDAYS)})\s*[,/]?\s*", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?")
DAY_FIRST = re.compile(r"(\d{1,2})[-/.\s]{1,2}(\d{1,2}|[a-z]+)[-/.\s]{1,2}(\d{4}|\d{2})", re.IGNORECASE)


class UnreadableTable(DomainError):
    """str(error) is a sentence for the person who sent the file."""


@dataclass(frozen=True)
class Column:
    """A column by the name that the program uses and those that people write above it."""

    name: str
    aliases: tuple
    required: bool = True


@dataclass(frozen=True)
class Row:
    """A row of the file as text by column; `number` is the one that a spreadsheet program shows beside it."""

    number: int
    values: dict


def read(file, columns):
    """The rows below the header, one by one. `file` is open for binary reading and can be moved in.

    The header is the row among the first ten that knows most of the column names. The content says whether it is CSV,
    XLSX or Parquet, never the file's name. Raises UnreadableTable, perhaps only in the middle.
    """
    try:
        yield from _below_header(_text_rows(file), columns)
    except (csv.Error, UnicodeError) as error:
        raise UnreadableTable(_("The file cannot be read as CSV. Save it anew as “CSV UTF-8” or XLSX.")) from error


def refuse_size(size):
    """Refuse a file by its size, before anything is read. Raises UnreadableTable."""
    if size > MOST_BYTES:
        raise UnreadableTable(_("The file is larger than 50 MB. Send it in several parts."))
    if not size:
        raise UnreadableTable(_("The file is empty."))


def as_date(text, *, short_years=False):
    """The date of 2020-11-08, 8/11/2020, 08.11.2020 or Minggu, 8 November 2020; None for anything else.

    The day comes before the month. A year has four digits: of two nobody knows the order, unless the list is one of
    people who never write the year first (`short_years`).
    """
    text = WEEKDAY.sub("", text.strip(), count=1) if weekday(text) is not None else text.strip()
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif (found := DAY_FIRST.fullmatch(text)) and (short_years or len(found[3]) == 4):
        month = found[2].casefold()
        day, year = int(found[1]), int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        month = int(month) if month.isdecimal() else MONTHS.get(month, 0)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def weekday(text):
    """The weekday that stands before a date, 0 for Monday; None where there is none."""
    found = WEEKDAY.match(text.strip())
    return WEEKDAYS[found[1].casefold()] if found else None


def plain(name):
    """A name of a column as it is compared: "Kab/Kota " and "kab_kota" are one."""
    return SPACE_OR_SIGN.sub(" ", name.casefold()).strip()


def _text_rows(file):
    """(number, cells) of every row, as text."""
    file.seek(0, io.SEEK_END)
    refuse_size(file.tell())
    file.seek(0)
    begin = file.read(4)
    file.seek(0)
    if begin == OLD_EXCEL:
        raise UnreadableTable(_("This is a workbook of an old Excel (.xls). Save it as XLSX or “CSV UTF-8”."))
    if begin == PDF:
        raise UnreadableTable(_("This is a PDF, whatever its name says. Send the list as XLSX or “CSV UTF-8”."))
    if begin == PARQUET:
        return _parquet_rows(file)
    return _workbook_rows(file) if begin == ZIP else _csv_rows(file)


def _csv_rows(file):
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        begin = text.read(PIECE)
        text.seek(0)
        first = [line for line in begin.splitlines() if line.strip()][:HEADER_ROWS]
        delimiter = max(",;\t", key="\n".join(first).count)
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter), 1):
            yield number, [_clean(cell) for cell in cells]
    finally:
        text.detach()  # or it would close the file, which is the caller's


def _encoding(file):
    """The encoding of the whole file: by its mark, UTF-8 if it is that, else that of an Indonesian Windows."""
    begin = file.read(2)
    file.seek(0)
    if begin in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8-sig"
    last = False
    while not last:
        piece = file.read(PIECE)
        last = not piece
        if b"\x00" in piece:
            raise UnreadableTable(_("The file is neither CSV nor XLSX. Save it as XLSX or “CSV UTF-8”."))
        if encoding != "cp1252":
            try:
                decoder.decode(piece, last)
            except UnicodeDecodeError:
                encoding = "cp1252"
    file.seek(0)
    return encoding


def _workbook_rows(file):
    broken = _("The file cannot be read as XLSX. Save it anew as XLSX or “CSV UTF-8”.")
    try:
        with zipfile.ZipFile(file) as packed:
            _refuse_workbook(packed)
            file.seek(0)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            merged = _merged(packed, sheet._worksheet_path)
        sheet.reset_dimensions()  # what a sheet says of its size can be wrong
        rows = ([_as_text(cell) for cell in cells] for cells in sheet.iter_rows(values_only=True))
        yield from _carried_down(enumerate(rows, 1), merged)
    except UnreadableTable:
        raise
    except Exception as error:  # openpyxl raises many kinds for broken workbooks, each means the same here
        raise UnreadableTable(broken) from error


def _parquet_rows(file):
    """The rows of a Parquet file, where the operator has installed requirements-parquet.txt."""
    try:
        from pyarrow import parquet  # noqa: PLC0415 - heavy, optional, and needed by nothing but this
    except ImportError as error:
        raise UnreadableTable(
            _("This is a Parquet file, which this portal cannot read. Convert it to CSV, or have pyarrow installed.")
        ) from error
    try:
        opened = parquet.ParquetFile(file)
        meta = opened.metadata
        if sum(meta.row_group(number).total_byte_size for number in range(meta.num_row_groups)) > MOST_UNPACKED:
            raise UnreadableTable(_("The Parquet file is too large. Keep only the tiles of Indonesia."))
        yield 1, list(opened.schema_arrow.names)
        number = 1
        for batch in opened.iter_batches(batch_size=PARQUET_ROWS):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield number, [_as_text(cell) for cell in cells]
    except UnreadableTable:
        raise
    except Exception as error:  # pyarrow raises many kinds for broken files, each means the same here
        raise UnreadableTable(_("The Parquet file cannot be read. Convert it to CSV.")) from error


def _refuse_workbook(packed):
    """Refuse macros, bombs, and formulas whose results were not saved."""
    parts = {part.filename: part.file_size for part in packed.infolist()}
    if any(name.endswith("vbaProject.bin") for name in parts):
        raise UnreadableTable(_("The workbook carries macros. Save it as XLSX, which has none."))
    if sum(parts.values()) > MOST_UNPACKED or parts.get("xl/sharedStrings.xml", 0) > MOST_TEXTS:
        raise UnreadableTable(_("The workbook is too large. Keep only the sheet with the list, or send it as CSV."))
    for name in parts:
        if name.startswith("xl/worksheets/") and _lacks_results(packed, name):
            raise UnreadableTable(
                _("The workbook has formulas whose results are not saved. Open it in Excel, save it and send it again.")
            )


def _lacks_results(packed, name):
    with packed.open(name) as part:
        before = b""
        while piece := part.read(PIECE):
            if WITHOUT_RESULT.search(before + piece):
                return True
            before = piece[-LONGEST_MARK:]
    return False


def _merged(packed, name):
    """{first row: [(column, last row)]} of the cells that are merged over several rows; both count from 1."""
    merged, count, before = {}, 0, b""
    with packed.open(name) as part:
        while piece := part.read(PIECE):
            text, end = before + piece, 0
            for found in MERGED.finditer(text):
                end, first, last = found.end(), int(found[2]), int(found[3])
                if last > first and count < MOST_MERGED:
                    merged.setdefault(first, []).append((column_index_from_string(found[1].decode()), last))
                    count += 1
            before = text[max(end, len(text) - LONGEST_MARK) :]
    return merged


def _carried_down(rows, merged):
    """The rows with the value of a merged cell in all its rows: the workbook keeps it in the first one alone."""
    reaching = {}  # {column: (last row, value)}
    for number, cells in rows:
        for column, last in merged.get(number, ()):
            if column <= len(cells):
                reaching[column] = (last, cells[column - 1])
        for column, (last, value) in list(reaching.items()):
            if number > last:
                del reaching[column]
            elif any(cells):
                cells.extend([""] * (column - len(cells)))
                cells[column - 1] = value
        yield number, cells


def _as_text(cell):
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == cell.time().min else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _clean(str(cell))


def _clean(text):
    return UNPRINTABLE.sub("", text).strip()[:LONGEST_CELL]


def _below_header(rows, columns):
    """Row by Row what stands below the header."""
    first = list(islice(rows, HEADER_ROWS))
    if not any(any(cells) for _number, cells in first):
        raise UnreadableTable(_("The file is empty."))
    known = {alias: column.name for column in columns for alias in map(plain, (column.name, *column.aliases))}
    place = max(range(len(first)), key=lambda place: len(_found(first[place][1], known)))
    found = _found(first[place][1], known)
    _refuse_missing(columns, found, first[place][1])
    for rest in (first[place + 1 :], rows):
        for number, cells in rest:
            if number > MOST_ROWS:
                raise UnreadableTable(_("The file has more than 1,000,000 rows. Send it in several parts."))
            if any(cells) and not _numbers_columns(cells):
                values = {name: cells[at] if at < len(cells) else "" for name, at in found.items()}
                yield Row(number, dict.fromkeys((column.name for column in columns), "") | values)


def _numbers_columns(cells):
    """Whether this is the row below many a header that says only (1), (2), (3) …"""
    written = [cell.strip("()") for cell in cells if cell]
    return len(written) > 2 and written == [str(number) for number in range(1, len(written) + 1)]


def _found(cells, known):
    """Where each known column stands; the first of two with one name counts."""
    found = {}
    for at, cell in enumerate(cells):
        name = known.get(plain(cell))
        if name:
            found.setdefault(name, at)
    return found


def _refuse_missing(columns, found, cells):
    missing = [column.aliases[0] for column in columns if column.required and column.name not in found]
    if missing:
        raise UnreadableTable(
            _("These columns are missing: %(missing)s. The file has: %(found)s.")
            % {
                "missing": ", ".join(missing),
                "found": ", ".join(cell[:40] for cell in cells if cell)[:400] or _("no names at all"),
            }
        )
