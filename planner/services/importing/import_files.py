"""An uploaded list of accounts as headings and lines of text: CSV in the usual encodings, or XLSX.

Lines keep the numbers a spreadsheet shows: the heading is row 1. Everything is bounded, for the file
comes from outside: size on disk and unpacked, rows, columns and cell length.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from planner.domain.errors import Invalid

MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 5_000
MOST_UNPACKED_BYTES = 300 * 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")
FIELD = "file"

csv.field_size_limit(LONGEST_CELL * 4)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file by the number a spreadsheet shows for it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(content: bytes) -> Table:
    """Headings and non-empty lines. Raises Invalid("file") saying what kind of file this is not."""
    if not content.strip():
        raise Invalid(FIELD, "import_empty")
    rows = _xlsx_rows(content) if content.startswith(b"PK") else _csv_rows(_decoded(content))
    numbered = _bounded(rows)
    number, headings = next(numbered, (0, ()))
    while number and not any(headings):
        number, headings = next(numbered, (0, ()))
    lines = tuple(Line(number, cells) for number, cells in numbered if any(cells))
    if not lines:
        raise Invalid(FIELD, "import_empty")
    return Table(headings, lines)


def _bounded(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS + 1:
            raise Invalid(FIELD, "import_too_many_rows", most=MOST_ROWS)
        cells = [_cell_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Invalid(FIELD, "import_too_many_columns", most=MOST_COLUMNS)
        yield number, tuple(cells)


def _cell_text(value: Any) -> str:
    """A cell as a person would type it: whole numbers without a point, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    text = str(value).replace("\x00", "").replace("\u00a0", " ").strip()
    return text[:LONGEST_CELL]


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16, or the Windows code page of western Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif _half_is_zero(content[1:200:2]):
        encodings = ["utf-16-le"]
    elif _half_is_zero(content[0:200:2]):
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(FIELD, "import_not_text")


def _half_is_zero(part: bytes) -> bool:
    """As every second byte of western text in UTF-16."""
    return part.count(0) * 2 > len(part)


def _csv_rows(text: str) -> Iterator[list[str]]:
    if text.startswith("sep=") and len(text) > 4:
        delimiter = text[4]
        text = "\n" + text.partition("\n")[2]
    else:
        delimiter = _delimiter(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Invalid(FIELD, "import_not_table") from error


def _delimiter(text: str) -> str:
    """The one that cuts the heading into most cells, outside of quotes."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda mark: len(next(csv.reader([heading], delimiter=mark))))


def _xlsx_rows(content: bytes) -> Iterator[Sequence[Any]]:
    """Rows of the first sheet. Formulas come as their text, which begins with ``=``."""
    # openpyxl is heavy and only needed for this kind of file.
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise Invalid(FIELD, "import_too_large")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
    except Invalid:
        raise
    except Exception as error:
        # openpyxl answers a damaged file with whatever its parsers raise (KeyError, ParseError, …).
        raise Invalid(FIELD, "import_not_table") from error
