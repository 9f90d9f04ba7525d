"""Tables as files a payroll or tax office reads: CSV (UTF-8 with a mark) and XLSX.

Numbers stay numbers and dates dates. A text that a spreadsheet would take for a formula gets an
apostrophe in front; control characters, which XLSX cannot hold, are dropped. The same table gives the same
bytes: a workbook's own times are fixed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from planner.domain.export_columns import Cell

PIECE_BYTES = 64 * 1024
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SHEET_NAME = 31
WIDEST = 60
WIDE_BY = 500
"""So many rows say how wide the columns of a streamed sheet are."""

FIRST_TIME = datetime(1980, 1, 1)  # noqa: DTZ001 -- the earliest a ZIP can hold, which has no zone
CORE = "docProps/core.xml"
TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Table:
    """``totals`` are rows under a blank line, as wide as ``headers``."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Sequence[Cell]] = ()

    def lines(self) -> Iterable[Sequence[Cell]]:
        yield self.headers
        yield from self.rows
        yield from self.totals


@dataclass(frozen=True, slots=True)
class Streamed:
    """As ``Table``; its rows are asked for once, one after the other, then ``totals``."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    totals: Callable[[], Sequence[Sequence[Cell]]]

    def below(self) -> Iterator[Sequence[Cell]]:
        """Rows and totals."""
        yield from self.rows
        yield from self.totals()


def write_csv(table: Streamed, out: IO[bytes]) -> None:
    """Comma separated, decimal points, ISO dates; spreadsheets know the encoding by the mark in front."""
    for piece in csv_pieces(table.headers, table.below()):
        out.write(piece)


def write_xlsx(table: Streamed, out: IO[bytes]) -> None:
    """A workbook of one sheet, never held whole; its columns are as wide as the first rows want."""
    # openpyxl takes a moment to load and only exports need it.
    from openpyxl import Workbook

    lines = table.below()
    first = list(islice(lines, WIDE_BY))
    book = Workbook(write_only=True)
    _sheet(book, Table(table.title, table.headers, first), chain(first, lines))
    with TemporaryFile() as made:
        book.save(made)
        timeless(made, out)


def csv_pieces(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A CSV piece by piece, so that it need not be held whole."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow([neutral(header) for header in headers])
    for row in rows:
        writer.writerow([_as_text(cell) for cell in row])
        if out.tell() >= PIECE_BYTES:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def book_bytes(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables:
        _sheet(book, table, chain(table.rows, table.totals))
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    timeless(made, out)
    return out.getvalue()


def _sheet(book: Any, table: Table, lines: Iterable[Sequence[Cell]]) -> None:
    """A sheet of these lines under the table's headers, as wide as the table wants."""
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", table.title)[:SHEET_NAME])
    sheet.freeze_panes = "A2"
    for index, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[_letter(index)].width = width
    for line in chain([table.headers], lines):
        sheet.append(sheet_row(line))


def sheet_row(line: Iterable[Cell]) -> list[Cell]:
    return [neutral(cell) if isinstance(cell, str) else cell for cell in line]


def timeless(book: IO[bytes], out: IO[bytes]) -> None:
    """Copy a workbook without the moment it was saved at, which its parts and its properties name."""
    with ZipFile(book) as parts, ZipFile(out, "w") as copy:
        for part in parts.infolist():
            info = ZipInfo(part.filename, FIRST_TIME.timetuple()[:6])
            info.compress_type, info.file_size = ZIP_DEFLATED, part.file_size
            with parts.open(part) as source, copy.open(info, "w") as goal:
                if part.filename == CORE:
                    goal.write(TIMES.sub(rb"\g<1>" + f"{FIRST_TIME.isoformat()}Z".encode(), source.read()))
                    continue
                while piece := source.read(PIECE_BYTES):
                    goal.write(piece)


def neutral(text: str) -> str:
    """The text as no spreadsheet takes it for a formula."""
    plain = CONTROL.sub("", text)
    return f"'{plain}" if plain.lstrip(" ").startswith(FORMULA_STARTS) else plain


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _widths(table: Table) -> list[int]:
    columns = zip(*table.lines(), strict=True)
    return [min(WIDEST, 2 + max(len(_as_text(cell)) for cell in column)) for column in columns]


def _letter(index: int) -> str:
    """A to Z; tables here are narrower than that."""
    return chr(ord("A") + index - 1)
