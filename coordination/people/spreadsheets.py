"""Lists as CSV and XLSX: read with a sentence for whatever cannot be read, written so that no cell is a formula."""

import csv
import io
import re
import zipfile
from itertools import islice

import openpyxl
import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_ROWS = 600  # one office for each of the 514 regencies and 38 provinces
ZIP = b"PK\x03\x04"
# Excel and its like take a cell that begins with one of these for a formula, which could send data away; where the
# language of the computer is an East Asian one, the full-width twins as well.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnreadableFile(Exception):
    """str(error) is a sentence for the person who sent the file."""


def without_formula(cell):
    """The cell as text that no spreadsheet program calculates; an apostrophe marks what could be taken for one."""
    text = CONTROL.sub("", str(cell))
    return f"'{text}" if text.startswith(FORMULA) else text


def as_typed(cell):
    """The reverse: what was in the cell before `without_formula`, as stripped text."""
    text = "" if cell is None else str(cell)
    return (text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text).strip()


class SafeCells:
    def export_data(self, dataset, **kwargs):
        safe = tablib.Dataset(*([without_formula(cell) for cell in row] for row in dataset), headers=dataset.headers)
        return super().export_data(safe, **kwargs)


class SafeCSV(SafeCells, CSV):
    def create_dataset(self, in_stream, **kwargs):
        """The rows of a CSV with commas, semicolons or tabs. Raises UnreadableFile."""
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            sentence = _("The file is not in UTF-8. In Excel, save it as “CSV UTF-8” or as XLSX.")
            raise UnreadableFile(sentence) from error
        header = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=header.count)
        try:
            return _dataset(csv.reader(io.StringIO(text), delimiter=delimiter))
        except csv.Error as error:
            raise UnreadableFile(_("The file cannot be read as CSV. Save it anew as “CSV UTF-8” or XLSX.")) from error


class SafeXLSX(SafeCells, XLSX):
    def create_dataset(self, in_stream):
        """The rows of the first sheet. Raises UnreadableFile."""
        try:
            with zipfile.ZipFile(io.BytesIO(in_stream)) as packed:
                if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                    raise UnreadableFile(_("The workbook is too large. Keep only the sheet with the list."))
            book = openpyxl.load_workbook(io.BytesIO(in_stream), read_only=True, data_only=True)
            return _dataset(book.worksheets[0].iter_rows(values_only=True))
        except UnreadableFile:
            raise
        except Exception as error:  # openpyxl raises many kinds for broken workbooks, each means the same here
            raise UnreadableFile(_("The file cannot be read as XLSX. Save it anew as XLSX or “CSV UTF-8”.")) from error


def _dataset(rows):
    """A Dataset from rows of cells: headers as small words joined by underscores, blank rows left out."""
    rows = ((number, row) for number, row in enumerate(rows, 1) if any(cell not in (None, "") for cell in row))
    headers = ["_".join(str(cell or "").lower().split()) for cell in next(rows, (0, []))[1]]
    while headers and not headers[-1]:
        headers.pop()
    dataset = tablib.Dataset(headers=headers)
    for number, row in islice(rows, MOST_ROWS + 1):
        if any(cell not in (None, "") for cell in row[len(headers) :]):
            raise UnreadableFile(_("Row %(number)s has more cells than the first row has names.") % {"number": number})
        dataset.append([*row[: len(headers)], *[""] * (len(headers) - len(row))])
    if not dataset.height:
        raise UnreadableFile(_("The file has no rows below the names of its columns."))
    if dataset.height > MOST_ROWS:
        raise UnreadableFile(_("The file has more than %(most)s rows. Send it in several parts.") % {"most": MOST_ROWS})
    return dataset
