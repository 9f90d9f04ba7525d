"""A CSV file as a workbook: what its columns hold, and the same bytes again."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

from openpyxl import load_workbook

from planner.domain.export_columns import Cell
from planner.services.ledger import export_sheets, exports


def made(*rows: tuple[Cell, ...]) -> bytes:
    out = io.BytesIO()
    export_sheets.write(exports.csv_pieces(("A", "B"), rows), out)
    return out.getvalue()


def columns(data: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(data)).active.iter_cols(min_row=2, values_only=True))


def test_a_column_of_numbers_holds_numbers_and_one_of_days_dates() -> None:
    assert columns(made(("12.50", "2026-03-04"), ("", "2026-03-05"), (Decimal(-3), ""))) == [
        (12.5, None, -3),
        (datetime(2026, 3, 4), datetime(2026, 3, 5), None),  # noqa: DTZ001 -- as openpyxl reads a date
    ]


def test_one_text_makes_a_column_of_texts_and_zeros_in_front_stay() -> None:
    assert columns(made(("12", "01067"), ("x", "10115"))) == [("12", "x"), ("01067", "10115")]


def test_what_only_looks_like_a_day_is_text() -> None:
    assert columns(made(("2026-02-31", "x"))) == [("2026-02-31",), ("x",)]


def test_what_would_be_a_formula_is_none() -> None:
    data = made(("=1+1", "@x"), ("-1-1", "+1"))
    assert columns(data) == [("'=1+1", "'-1-1"), ("'@x", "'+1")]
    assert all(c.data_type != "f" for row in load_workbook(io.BytesIO(data)).active for c in row)


def test_the_same_rows_give_the_same_bytes_and_their_hash() -> None:
    row = ("12", "x")
    assert made(row) == made(row)
    assert made(row) != made(("13", "x"))
    assert export_sheets.sha256(exports.csv_pieces(("A", "B"), [row])) == export_sheets.sha256(
        [made_csv(row)]
    )


def made_csv(row: tuple[str, ...]) -> bytes:
    return b"".join(exports.csv_pieces(("A", "B"), [row]))
