"""The lists as CSV and XLSX: exactly the lines of the filter shown, with the same totals.

Distances stand in the person's unit and, for sums without rounding, in metres. Times are the person's, with
their offset from UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext

from planner import clock
from planner.database import reading
from planner.domain.claims import Totals
from planner.domain.mileage import METRES_PER, is_home
from planner.domain.money import major
from planner.domain.review import Flag
from planner.services.ledger import ledger_lists, receipts
from planner.services.ledger.entries import noted_at
from planner.services.ledger.exports import Cell, Streamed
from planner.services.ledger.ledger_lists import ClaimLine, ExpenseLine, Filter, TripLine
from planner.services.ledger.rates import exponent
from planner.web.ledger.blueprint import purpose, why_changed
from planner.web.review.blueprint import review, today_on
from planner.web.review.lists import filter_asked
from planner.web.sent_tables import sent
from planner.web.signin import actor, signed_in
from planner.web.words import word

THOUSANDTH = Decimal("0.001")

Shown = TypeVar("Shown")


@review.get("/trips.<any(csv,xlsx):form>")
def trips_file(form: str) -> Response:
    wanted = filter_asked()
    months = ledger_lists.trips_by_month(reading(), actor(), clock.now(), today_on(), wanted)
    return _file(_trips(months), form, wanted)


@review.get("/expenses.<any(csv,xlsx):form>")
def expenses_file(form: str) -> Response:
    wanted = filter_asked()
    months = ledger_lists.expenses_by_month(reading(), actor(), clock.now(), today_on(), wanted)
    return _file(_expenses(months), form, wanted)


@review.get("/claims.<any(csv,xlsx):form>")
def claims_file(form: str) -> Response:
    wanted = filter_asked()
    lines = ledger_lists.claims(reading(), actor(), clock.now(), today_on(), wanted)
    return _file(_claims(lines), form, wanted)


def _trips(months: Iterable[Sequence[TripLine]]) -> Streamed:
    unit, zone = signed_in().distance_unit, ZoneInfo(signed_in().zone)
    headers = (
        *(gettext("Date"), gettext("Rep"), gettext("From"), gettext("To"), gettext("Purpose")),
        *(gettext("Vehicle"), gettext("Distance (%(unit)s)", unit=unit), gettext("Metres")),
        *(gettext("Road metres"), gettext("Planned metres"), gettext("Amount"), gettext("Currency")),
        *(gettext("Claim"), gettext("State"), *_when_headers(), gettext("Remarks"), gettext("Entry")),
    )
    return _streamed(
        gettext("Trips"),
        headers,
        months,
        lambda line: _trip_row(line, unit, zone),
        ledger_lists.trip_totals,
        lambda found: _total_rows(headers, found, gettext("Amount"), lambda each: each.trips_minor),
    )


def _expenses(months: Iterable[Sequence[ExpenseLine]]) -> Streamed:
    zone = ZoneInfo(signed_in().zone)
    headers = (
        *(gettext("Date"), gettext("Rep"), gettext("Category"), gettext("Where"), gettext("Note")),
        *(gettext("Amount"), gettext("Currency"), gettext("Tax in it"), gettext("Tax rate")),
        *(
            gettext("Paid"),
            gettext("Paid in"),
            gettext("Exchange rate"),
            gettext("Receipt"),
            gettext("Claim"),
        ),
        *(gettext("State"), *_when_headers(), gettext("Remarks"), gettext("Entry")),
    )
    return _streamed(
        gettext("Expenses"),
        headers,
        months,
        lambda line: _expense_row(line, zone),
        ledger_lists.expense_totals,
        lambda found: _total_rows(headers, found, gettext("Amount"), lambda each: each.expenses_minor),
    )


def _claims(lines: Sequence[ClaimLine]) -> Streamed:
    unit = signed_in().distance_unit
    headers = (
        *(gettext("Month"), gettext("Rep"), gettext("State"), gettext("Trips")),
        *(gettext("Distance (%(unit)s)", unit=unit), gettext("Metres"), gettext("Mileage")),
        *(gettext("Expenses"), gettext("Total"), gettext("Currency"), gettext("Remarks")),
    )
    return _streamed(
        gettext("Claims"),
        headers,
        [lines],
        lambda line: _claim_row(line, unit),
        ledger_lists.claim_totals,
        lambda found: _total_rows(headers, found, gettext("Total"), lambda each: each.amount_minor),
    )


def _streamed(
    title: str,
    headers: Sequence[str],
    portions: Iterable[Sequence[Shown]],
    row: Callable[[Shown], list[Cell]],
    sums: Callable[[Sequence[Shown]], dict[str, Totals]],
    below: Callable[[Mapping[str, Totals]], list[list[Cell]]],
) -> Streamed:
    """One portion of the lines is held at a time; what they come to is added up on the way."""
    found: dict[str, Totals] = {}

    def rows() -> Iterator[list[Cell]]:
        for lines in portions:
            for currency, come_to in sums(lines).items():
                found[currency] = found.get(currency, Totals()) + come_to
            yield from (row(line) for line in lines)

    return Streamed(title, headers, rows(), lambda: below(dict(sorted(found.items()))))


def _when_headers() -> tuple[str, ...]:
    return gettext("Entered"), gettext("Noted at"), gettext("Received at"), gettext("Late")


def _when(row: Any, zone: ZoneInfo) -> list[Cell]:
    """When an entry was written down, on the phone that sent it or here, when it came in, and whether that
    was late."""
    late = gettext("yes") if row.is_late else gettext("no")
    return [row.entered_at.date(), _local(noted_at(row), zone), _local(row.entered_at, zone), late]


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(" ", "seconds")


def _trip_row(line: TripLine, unit: str, zone: ZoneInfo) -> list[Cell]:
    trip = line.trip
    return [
        *(
            trip.on,
            line.rep_name,
            _end(trip.from_account_id, trip.from_lat, trip.from_label),
            _end(trip.to_account_id, trip.to_lat, trip.to_label),
            purpose(trip.purpose),
            trip.vehicle,
        ),
        *(_in_unit(trip.metres, unit), trip.metres, trip.road_metres, trip.planned_metres),
        *(_money(trip.amount_minor, trip.currency), trip.currency),
        *(f"{line.claim.from_on:%Y-%m}", word(line.claim.state), *_when(trip, zone)),
        _remarks(line.flags, trip.change_reason),
        trip.uid,
    ]


def _end(account_id: int | None, lat: float | None, label: str) -> str:
    return gettext("Home") if is_home(account_id, lat) else label


def _expense_row(line: ExpenseLine, zone: ZoneInfo) -> list[Cell]:
    spent = line.expense
    return [
        *(spent.on, line.rep_name, word(spent.category), spent.merchant, spent.note),
        *(_money(spent.amount_minor, spent.currency), spent.currency),
        *_tax_and_paid(spent),
        gettext("yes") if receipts.is_here(spent) else gettext("no"),
        *(f"{line.claim.from_on:%Y-%m}", word(line.claim.state), *_when(spent, zone)),
        _remarks(line.flags, spent.change_reason),
        spent.uid,
    ]


def _tax_and_paid(spent: Any) -> list[Cell]:
    paid = spent.paid_currency
    return [
        None if spent.tax_minor is None else _money(spent.tax_minor, spent.currency),
        spent.tax_percent,
        None if spent.paid_minor is None else _money(spent.paid_minor, paid),
        *(paid, spent.exchange_rate),
    ]


def _claim_row(line: ClaimLine, unit: str) -> list[Cell]:
    claim, own = line.checked.row, line.checked.totals
    return [
        *(f"{claim.from_on:%Y-%m}", line.rep_name, word(claim.state), line.checked.trip_count),
        *(_in_unit(own.trips_metres, unit), own.trips_metres),
        *(_money(minor, claim.currency) for minor in (own.trips_minor, own.expenses_minor, own.amount_minor)),
        claim.currency,
        _remarks(tuple(line.flags), ""),
    ]


def _total_rows(
    headers: Sequence[str], found: Mapping[str, Totals], amount: str, minor: Callable[[Totals], int]
) -> list[list[Cell]]:
    """One row per currency, its sums under the columns they add up."""
    rows = []
    for currency, totals in found.items():
        sums: dict[str, Cell] = {
            headers[0]: gettext("Total"),
            gettext("Metres"): totals.trips_metres,
            gettext("Mileage"): _money(totals.trips_minor, currency),
            gettext("Expenses"): _money(totals.expenses_minor, currency),
            amount: _money(minor(totals), currency),
            gettext("Currency"): currency,
        }
        rows.append([sums.get(header) for header in headers])
    return rows


def _in_unit(metres: int, unit: str) -> Decimal:
    return (Decimal(metres) / METRES_PER[unit]).quantize(THOUSANDTH)


def _money(minor: int, currency: str) -> Decimal:
    return major(minor, exponent(currency))


def _remarks(flags: Sequence[Flag], reason: str) -> str:
    return "; ".join([*(word(flag) for flag in flags), *([why_changed(reason)] if reason else [])])


def _file(table: Streamed, form: str, wanted: Filter) -> Response:
    return sent(table, form, f"{wanted.from_on}-{wanted.last_on}")
