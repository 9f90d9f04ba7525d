"""Files for payroll: formulas are inert, numbers stay numbers, whatever the text."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner.services.ledger.exports import FORMULA_STARTS, Table, csv_bytes, neutral, xlsx_bytes

TABLE = Table(
    "Trips: all",
    ("Date", "From", "Amount", "Metres"),
    [
        (date(2026, 3, 4), "Almacén\n2º piso", Decimal("12.50"), 1250),
        (date(2026, 3, 5), None, Decimal("-3"), 0),
    ],
    [("Total", None, Decimal("9.50"), 1250)],
)


def test_a_csv_reads_back_with_its_accents_lines_and_numbers() -> None:
    data = csv_bytes(TABLE)
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["Date", "From", "Amount", "Metres"],
        ["2026-03-04", "Almacén\n2º piso", "12.50", "1250"],
        ["2026-03-05", "", "-3", "0"],
        ["Total", "", "9.50", "1250"],
    ]


def test_an_xlsx_holds_numbers_and_dates_as_such() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes(TABLE))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][1:] == ("Almacén\n2º piso", 12.5, 1250)
    assert rows[1][0].date() == date(2026, 3, 4)
    assert rows[2][2] == -3


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@given(st.text())
def test_no_text_can_become_a_formula_or_spoil_the_file(text: str) -> None:
    assert not neutral(text).lstrip(" ").startswith(FORMULA_STARTS)
    table = Table("x", ("A",), [(text,)])
    sheet = load_workbook(io.BytesIO(xlsx_bytes(table))).active
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    assert len(list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"), newline="")))) == 2
