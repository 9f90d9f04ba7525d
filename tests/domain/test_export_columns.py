"""Columns of exports: every field of a trip and of an expense, and what a preset's file may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from planner.domain.errors import Invalid
from planner.domain.export_columns import CELLS, Column, Field, Line, read_preset
from planner.services.ledger import presets

COMMON = {
    "subject_id": 7,
    "claim_id": 3,
    "from_on": date(2026, 4, 1),
    "rep": "Ana",
    "email": "ana@example.org",
    "on": date(2026, 3, 4),
    "uid": "u-7",
    "currency": "GBP",
    "decimals": 2,
    "reason": "Detour",
}
TRIP = Line(
    **COMMON,  # type: ignore[arg-type]
    amount_minor=699,
    metres=25_000,
    from_label="Home",
    to_label="Plaza",
    purpose="Visit",
    vehicle="Van",
)
SPENT = Line(
    **COMMON,  # type: ignore[arg-type]
    amount_minor=1250,
    category="parking",
    merchant="Centro",
    note="Two hours",
    has_receipt=True,
)


FOREIGN = Line(
    **COMMON,  # type: ignore[arg-type]
    amount_minor=1200,
    category="per_diem",
    tax_minor=200,
    tax_percent=Decimal("20.000"),
    paid_minor=2345,
    paid_currency="JPY",
    paid_decimals=0,
    exchange_rate=Decimal("0.0051173000"),
    account="Bakery",
)


def test_tax_and_what_was_paid_stand_beside_the_amount_claimed() -> None:
    # 2 345 JPY × 0.0051173 = 12.0000685 GBP, with 12.00 × 20 ÷ 120 = 2.00 of tax in it.
    wanted = {
        Field.CATEGORY: "Per diem",
        Field.AMOUNT: Decimal("12.00"),
        Field.NET: Decimal("10.00"),
        Field.TAX: Decimal("2.00"),
        Field.TAX_RATE: Decimal(20),
        Field.PAID: Decimal(2345),
        Field.PAID_CURRENCY: "JPY",
        Field.EXCHANGE_RATE: Decimal("0.0051173"),
        Field.ACCOUNT: "Bakery",
        Field.NIGHTS: None,
    }
    assert {name: CELLS[name](FOREIGN) for name in wanted} == wanted
    assert str(CELLS[Field.TAX_RATE](FOREIGN)) == "20"
    nothing = (Field.NET, Field.TAX, Field.TAX_RATE, Field.PAID, Field.EXCHANGE_RATE)
    assert [CELLS[name](SPENT) for name in nothing] == [None] * 5


def test_a_trip_has_a_distance_and_an_amount_in_the_currencys_own_unit() -> None:
    wanted = {
        Field.MONTH: "2026-04",
        Field.DAY: date(2026, 3, 4),
        Field.KIND: "Mileage",
        Field.DESCRIPTION: "Home → Plaza",
        Field.METRES: 25_000,
        Field.KILOMETRES: Decimal("25.000"),
        # 25 000 ÷ 1609.344 = 15.5343
        Field.MILES: Decimal("15.534"),
        Field.AMOUNT: Decimal("6.99"),
        Field.RECEIPT: "",
    }
    assert {name: CELLS[name](TRIP) for name in wanted} == wanted


def test_an_expense_has_a_category_a_merchant_and_no_distance() -> None:
    wanted = {
        Field.KIND: "Expense",
        Field.CATEGORY: "Parking",
        Field.DESCRIPTION: "Centro",
        Field.PURPOSE: "Two hours",
        Field.METRES: None,
        Field.KILOMETRES: None,
        Field.AMOUNT: Decimal("12.50"),
        Field.RECEIPT: "yes",
        Field.ENTRY: "u-7",
    }
    assert {name: CELLS[name](SPENT) for name in wanted} == wanted


def test_every_field_has_its_cell_for_both_kinds() -> None:
    assert CELLS.keys() == set(Field)
    for line in (TRIP, SPENT):
        assert all(isinstance(cell(line), str | int | Decimal | date | None) for cell in CELLS.values())


def test_a_preset_names_columns_with_a_field_or_a_fixed_text() -> None:
    columns = [{"header": "Who", "field": "rep"}, {"header": "Paid", "text": "yes"}]
    preset = read_preset("own", {"name": "Own", "column": columns})
    assert preset.columns == (Column("Who", Field.REP), Column("Paid", None, "yes"))
    assert (preset.headers, preset.row(TRIP)) == (("Who", "Paid"), ["Ana", "yes"])


@pytest.mark.parametrize(
    "column",
    [
        {"header": "A", "field": "salary"},
        {"header": "A"},
        {"header": "", "field": "rep"},
        {"header": "A", "field": "rep", "text": "x"},
        {"header": "A", "field": "rep", "formula": "=1"},
        {"field": "rep"},
    ],
)
def test_a_wrong_preset_is_refused(column: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read_preset("own", {"name": "Own", "column": [column]})
    with pytest.raises(Invalid):
        read_preset("own", {"name": "Own", "column": []})


def test_the_presets_that_come_along_can_be_read_and_tell_lines_apart() -> None:
    found = presets.available()
    assert list(found) == ["payroll", "concur", "expensify"]
    for preset in found.values():
        fields = {column.field for column in preset.columns}
        assert {Field.AMOUNT, Field.CURRENCY, Field.DAY, Field.EMAIL, Field.ENTRY} <= fields
        assert len(set(preset.headers)) == len(preset.columns)
    with pytest.raises(Invalid):
        presets.find("../payroll")


def test_when_it_was_noted_and_received_stands_in_utc() -> None:
    there = timezone(timedelta(hours=-3))
    noted, received = datetime(2026, 3, 4, 22, 5, 30, tzinfo=there), datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    line = replace(SPENT, noted_at=noted, received_at=received, is_late=True)
    fields = (Field.NOTED, Field.RECEIVED, Field.LATE)
    assert [CELLS[name](line) for name in fields] == ["2026-03-05T01:05:30Z", "2026-03-09T08:00:00Z", "yes"]
    assert [CELLS[name](SPENT) for name in fields] == ["", "", "no"]
