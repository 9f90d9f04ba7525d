"""A batch's file as a workbook, made of the bytes that were handed out: the same rows, whatever changed.

A column whose every value is a number holds numbers, one of days dates, any other texts. Texts are neutral
already. The same bytes give the same workbook.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import IO

from planner.domain.export_columns import Cell
from planner.services.ledger import exports

HELD_BYTES = 1024 * 1024
"""Files up to this size are kept in memory, larger ones on disk."""

TITLE = "Lines"
KINDS: tuple[tuple[re.Pattern[str], Callable[[str], Cell]], ...] = (
    (re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?"), Decimal),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), date.fromisoformat),
)
"""How a value is written that is more than a text. A number has no more digits than a spreadsheet keeps, and
no zero in front, which a postcode may have."""


@contextmanager
def workbook(pieces: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """The workbook of a CSV file, to be read from its beginning; it goes away afterwards."""
    with tempfile.SpooledTemporaryFile(HELD_BYTES) as file:
        write(pieces, file)  # type: ignore[arg-type]
        file.seek(0)
        yield file  # type: ignore[misc]


def sha256(pieces: Iterable[bytes]) -> str:
    """The hash of the workbook of a CSV file."""
    with workbook(pieces) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def write(pieces: Iterable[bytes], out: IO[bytes]) -> None:
    """Read the file twice, once for what its columns hold; only a line is held at any time."""
    from openpyxl import Workbook

    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as made:
        for piece in pieces:
            file.write(piece)
        lines = _lines(file)
        kinds = _kinds(len(next(lines, [])), lines)
        lines = _lines(file)
        book = Workbook(write_only=True)
        sheet = book.create_sheet(TITLE)
        sheet.freeze_panes = "A2"
        sheet.append(exports.sheet_row(next(lines, [])))
        for line in lines:
            sheet.append(exports.sheet_row(_cells(line, kinds)))
        book.save(made)
        exports.timeless(made, out)


def _lines(file: IO[bytes]) -> Iterator[list[str]]:
    file.seek(0)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    yield from csv.reader(text)
    # Else it would close the file, which is read again.
    text.detach()


def _kinds(width: int, lines: Iterable[Sequence[str]]) -> list[int | None]:
    """For each column the place of its kind in ``KINDS``; None for texts and where there is nothing."""
    fits = [[True] * len(KINDS) for _ in range(width)]
    is_filled = [False] * width
    for line in lines:
        for column, text in enumerate(line):
            if text:
                is_filled[column] = True
                for place in range(len(KINDS)):
                    fits[column][place] = fits[column][place] and _is(text, place)
    return [
        fit.index(True) if filled and True in fit else None
        for fit, filled in zip(fits, is_filled, strict=True)
    ]


def _is(text: str, place: int) -> bool:
    pattern, value = KINDS[place]
    try:
        return pattern.fullmatch(text) is not None and value(text) is not None
    except ValueError:
        return False  # a 31 February


def _cells(line: Sequence[str], kinds: Sequence[int | None]) -> Iterator[Cell]:
    for text, kind in zip(line, kinds, strict=True):
        if not text:
            yield None
        else:
            yield text if kind is None else KINDS[kind][1](text)
