"""The columns of an export: which field of a line stands under which header. What a line is, and its cells.

Amounts are in the currency's own unit, exactly; distances in metres, or in kilometres and miles to a
thousandth. An expense has no distance, a trip no merchant and no tax. Amount, net and tax are in the claim's
currency; what was paid in another one stands beside it with the rate it was reckoned by. Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from planner.domain.errors import Invalid
from planner.domain.mileage import METRES_PER
from planner.domain.money import major

THOUSANDTH = Decimal("0.001")
MILEAGE = "Mileage"

Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A trip, which has ``metres``, or an expense, which has none. ``decimals`` are the currency's; it was
    ``noted_at`` on the phone that sent it, else as it was received."""

    subject_id: int
    claim_id: int
    from_on: date
    rep: str
    email: str
    on: date
    uid: str
    amount_minor: int
    currency: str
    decimals: int
    reason: str
    category: str = ""
    merchant: str = ""
    note: str = ""
    noted_at: datetime | None = None
    received_at: datetime | None = None
    is_late: bool = False
    has_receipt: bool = False
    tax_minor: int | None = None
    tax_percent: Decimal | None = None
    paid_minor: int | None = None
    paid_currency: str = ""
    paid_decimals: int = 0
    exchange_rate: Decimal | None = None
    nights: int = 0
    account: str = ""
    metres: int | None = None
    from_label: str = ""
    to_label: str = ""
    purpose: str = ""
    vehicle: str = ""

    @property
    def is_trip(self) -> bool:
        return self.metres is not None

    @property
    def net_minor(self) -> int | None:
        """Without the tax in it; None where nothing is said of tax."""
        return None if self.tax_minor is None else self.amount_minor - self.tax_minor

    def distance(self, unit: str) -> Decimal | None:
        if self.metres is None:
            return None
        return (Decimal(self.metres) / METRES_PER[unit]).quantize(THOUSANDTH)


class Field(StrEnum):
    """What a preset may put into a column."""

    REP = "rep"
    EMAIL = "email"
    MONTH = "month"
    CLAIM = "claim"
    DAY = "day"
    KIND = "kind"
    CATEGORY = "category"
    DESCRIPTION = "description"
    FROM = "from"
    TO = "to"
    PURPOSE = "purpose"
    VEHICLE = "vehicle"
    MERCHANT = "merchant"
    NOTE = "note"
    METRES = "metres"
    KILOMETRES = "kilometres"
    MILES = "miles"
    AMOUNT = "amount"
    CURRENCY = "currency"
    NET = "net"
    TAX = "tax"
    TAX_RATE = "tax_rate"
    PAID = "paid"
    PAID_CURRENCY = "paid_currency"
    EXCHANGE_RATE = "exchange_rate"
    NIGHTS = "nights"
    ACCOUNT = "account"
    RECEIPT = "receipt"
    NOTED = "noted"
    RECEIVED = "received"
    LATE = "late"
    REASON = "reason"
    ENTRY = "entry"


def _major(line: Line, minor: int | None) -> Decimal | None:
    return None if minor is None else major(minor, line.decimals)


def _instant(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _plain(value: Decimal | None) -> Decimal | None:
    """Without the zeros a database adds: 19.000 is 19."""
    return None if value is None else Decimal(f"{value.normalize():f}")


CELLS: dict[Field, Callable[[Line], Cell]] = {
    Field.REP: lambda line: line.rep,
    Field.EMAIL: lambda line: line.email,
    Field.MONTH: lambda line: f"{line.from_on:%Y-%m}",
    Field.CLAIM: lambda line: line.claim_id,
    Field.DAY: lambda line: line.on,
    Field.KIND: lambda line: MILEAGE if line.is_trip else "Expense",
    Field.CATEGORY: lambda line: MILEAGE if line.is_trip else line.category.replace("_", " ").capitalize(),
    Field.DESCRIPTION: lambda line: f"{line.from_label} → {line.to_label}" if line.is_trip else line.merchant,
    Field.FROM: lambda line: line.from_label,
    Field.TO: lambda line: line.to_label,
    Field.PURPOSE: lambda line: line.purpose if line.is_trip else line.note,
    Field.VEHICLE: lambda line: line.vehicle,
    Field.MERCHANT: lambda line: line.merchant,
    Field.NOTE: lambda line: line.note,
    Field.METRES: lambda line: line.metres,
    Field.KILOMETRES: lambda line: line.distance("km"),
    Field.MILES: lambda line: line.distance("mi"),
    Field.AMOUNT: lambda line: major(line.amount_minor, line.decimals),
    Field.CURRENCY: lambda line: line.currency,
    Field.NET: lambda line: _major(line, line.net_minor),
    Field.TAX: lambda line: _major(line, line.tax_minor),
    Field.TAX_RATE: lambda line: _plain(line.tax_percent),
    Field.PAID: lambda line: None if line.paid_minor is None else major(line.paid_minor, line.paid_decimals),
    Field.PAID_CURRENCY: lambda line: line.paid_currency,
    Field.EXCHANGE_RATE: lambda line: _plain(line.exchange_rate),
    Field.NIGHTS: lambda line: line.nights or None,
    Field.ACCOUNT: lambda line: line.account,
    Field.RECEIPT: lambda line: "" if line.is_trip else ("yes" if line.has_receipt else "no"),
    Field.NOTED: lambda line: _instant(line.noted_at),
    Field.RECEIVED: lambda line: _instant(line.received_at),
    Field.LATE: lambda line: "yes" if line.is_late else "no",
    Field.REASON: lambda line: line.reason,
    Field.ENTRY: lambda line: line.uid,
}


@dataclass(frozen=True, slots=True)
class Column:
    """Either ``field``, or the same ``text`` on every line."""

    header: str
    field: Field | None = None
    text: str = ""

    def cell(self, line: Line) -> Cell:
        return self.text if self.field is None else CELLS[self.field](line)


@dataclass(frozen=True, slots=True)
class Preset:
    """The columns of a file under a code that batches keep."""

    code: str
    name: str
    columns: tuple[Column, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    def row(self, line: Line) -> list[Cell]:
        return [column.cell(line) for column in self.columns]


def read_preset(code: str, data: Mapping[str, object]) -> Preset:
    """A preset from its data file, as TOML gives it. Raises Invalid("preset", "preset_bad")."""
    columns = data.get("column")
    if not isinstance(columns, list) or not columns or not isinstance(data.get("name"), str):
        raise Invalid("preset", "preset_bad", preset=code, why="name, column")
    return Preset(code, str(data["name"]), tuple(_column(code, each) for each in columns))


def _column(code: str, data: Mapping[str, object]) -> Column:
    header, field, text = data.get("header"), data.get("field"), data.get("text")
    is_one = (field is None) != (text is None)
    if not isinstance(header, str) or not header or not is_one or data.keys() - {"header", "field", "text"}:
        raise Invalid("preset", "preset_bad", preset=code, why=str(dict(data)))
    if field is not None and field not in set(Field):
        raise Invalid("preset", "preset_bad", preset=code, why=str(field))
    return Column(header, Field(str(field)) if field is not None else None, str(text or ""))
