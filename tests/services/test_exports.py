"""Files for payroll: formulas are inert, numbers stay numbers, whatever the text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner.services.ledger.exports import (
    FORMULA_STARTS,
    WIDE_BY,
    Cell,
    Streamed,
    neutral,
    write_csv,
    write_xlsx,
)

HEADERS = ("Date", "From", "Amount", "Metres")
ROWS: list[Sequence[Cell]] = [
    (date(2026, 3, 4), "Almacén\n2º piso", Decimal("12.50"), 1250),
    (date(2026, 3, 5), None, Decimal("-3"), 0),
]
TOTALS: list[Sequence[Cell]] = [("Total", None, Decimal("9.50"), 1250)]


def written(
    write: Callable[[Streamed, IO[bytes]], None],
    headers: Sequence[str] = HEADERS,
    rows: Sequence[Sequence[Cell]] = ROWS,
    totals: Sequence[Sequence[Cell]] = TOTALS,
) -> bytes:
    out = io.BytesIO()
    write(Streamed("Trips: all", headers, iter(rows), lambda: totals), out)
    return out.getvalue()


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_csv_reads_back_with_its_accents_lines_and_numbers() -> None:
    data = written(write_csv)
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_csv(data) == [
        ["Date", "From", "Amount", "Metres"],
        ["2026-03-04", "Almacén\n2º piso", "12.50", "1250"],
        ["2026-03-05", "", "-3", "0"],
        ["Total", "", "9.50", "1250"],
    ]


def test_an_xlsx_holds_numbers_and_dates_as_such() -> None:
    sheet = load_workbook(io.BytesIO(written(write_xlsx))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][1:] == ("Almacén\n2º piso", 12.5, 1250)
    assert rows[1][0].date() == date(2026, 3, 4)
    assert rows[2][2] == -3
    assert rows[3] == ("Total", None, 9.5, 1250)


def test_long_files_hold_every_row_once_and_the_totals_last() -> None:
    """Also behind those that the width of a sheet's columns is read from."""
    rows = [(number,) for number in range(2 * WIDE_BY + 1)]
    expected = [*(str(number) for number in range(len(rows))), "sum"]
    assert [row[0] for row in read_csv(written(write_csv, ("A",), rows, [("sum",)]))[1:]] == expected
    sheet = load_workbook(io.BytesIO(written(write_xlsx, ("A",), rows, [("sum",)]))).active
    assert [str(cell.value) for cell in sheet["A"]][1:] == expected


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@given(st.text())
def test_no_text_can_become_a_formula_or_spoil_the_file(text: str) -> None:
    assert not neutral(text).lstrip(" ").startswith(FORMULA_STARTS)
    sheet = load_workbook(io.BytesIO(written(write_xlsx, ("A",), [(text,)], []))).active
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    assert len(read_csv(written(write_csv, ("A",), [(text,)], []))) == 2
