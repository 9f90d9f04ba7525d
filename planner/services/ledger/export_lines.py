"""The standing lines of claims, one after the other, however many: only some are held at any time.

Claim by claim in the order of month and rep; within one by day, trips before expenses.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from planner.domain.export_columns import Line
from planner.domain.mileage import is_home
from planner.models.accounts import Account
from planner.models.ledger import Claim, Expense, Receipt, Trip
from planner.models.people import Person
from planner.models.visits import Visit
from planner.services.ledger import entries, receipts
from planner.services.ledger.rates import exponent

ROWS_AT_ONCE = 500
HOME = "Home"

MONEY = (
    *(Expense.tax_minor, Expense.tax_percent, Expense.nights),
    *(Expense.paid_minor, Expense.paid_currency, Expense.exchange_rate),
)
"""Columns of an expense that a line has under the same names."""

Wording = Callable[[str], str]
"""Puts a code, or what the rep wrote, into words."""

Sortable = tuple[tuple[Any, ...], Line]


def of_claims(
    session: Session, claim_ids: Sequence[int], purpose: Wording, why_changed: Wording
) -> Iterator[Line]:
    """The caller has checked the scope."""
    streams = _trips(session, claim_ids, purpose, why_changed), _expenses(session, claim_ids)
    return (line for _, line in heapq.merge(*streams, key=itemgetter(0)))


def _trips(
    session: Session, claim_ids: Sequence[int], purpose: Wording, why_changed: Wording
) -> Iterator[Sortable]:
    columns = (
        *(Trip.metres, Trip.from_label, Trip.to_label, Trip.purpose, Trip.vehicle),
        *(Trip.from_account_id, Trip.to_account_id, Trip.from_lat, Trip.to_lat),
    )
    ordered = (
        _of(Trip, claim_ids)
        .add_columns(*columns, Trip.position)
        .order_by(Claim.from_on, Claim.rep_id, Trip.on, Trip.position, Trip.id)
    )
    for row in _streamed(session, ordered):
        driven = {"metres": row.metres, "vehicle": row.vehicle}
        driven["from_label"] = _end(row.from_account_id, row.from_lat, row.from_label)
        driven["to_label"] = _end(row.to_account_id, row.to_lat, row.to_label)
        key = (row.from_on, row.rep_id, row.on, 0, row.position, row.subject_id)
        said = {"purpose": purpose(row.purpose), "reason": why_changed(row.reason)}
        yield key, Line(**{**_common(row), **driven, **said})


def _end(account_id: int | None, lat: float | None, label: str) -> str:
    """Where somebody lives is no business of payroll's: as on the review's pages, it is called home."""
    return HOME if is_home(account_id, lat) else label


def _expenses(session: Session, claim_ids: Sequence[int]) -> Iterator[Sortable]:
    visited, named = aliased(Account), aliased(Account)
    account = func.coalesce(named.name, visited.name, "").label("account")
    columns = (Expense.category, Expense.merchant, Expense.note, Receipt.byte_count, account, *MONEY)
    ordered = (
        _of(Expense, claim_ids)
        .outerjoin(Receipt, Receipt.id == Expense.receipt_id)
        .outerjoin(Visit, Visit.id == Expense.visit_id)
        .outerjoin(visited, visited.id == Visit.account_id)
        .outerjoin(named, named.id == Expense.account_id)
        .add_columns(*columns)
        .order_by(Claim.from_on, Claim.rep_id, Expense.on, Expense.id)
    )
    for row in _streamed(session, ordered):
        spent = {"category": row.category.value, "merchant": row.merchant, "note": row.note, **_money(row)}
        key = (row.from_on, row.rep_id, row.on, 1, 0, row.subject_id)
        yield key, Line(**_common(row), **spent, has_receipt=receipts.is_whole(row.byte_count))


def _money(row: Row[Any]) -> dict[str, Any]:
    paid = row.paid_currency
    said = {name: getattr(row, name) for name in ("account", *(column.key for column in MONEY))}
    return {**said, "paid_currency": paid or "", "paid_decimals": exponent(paid) if paid else 0}


def _of(table: type[Trip] | type[Expense], claim_ids: Sequence[int]) -> Select[Any]:
    """What trips and expenses share, of those that stand."""
    return (
        select(
            *(
                Claim.id.label("claim_id"),
                Claim.from_on,
                Claim.rep_id,
                Person.name.label("rep"),
                Person.email,
            ),
            *(table.id.label("subject_id"), table.on, table.uid, table.amount_minor, table.currency),
            *(table.change_reason.label("reason"), table.is_late, table.entered_at.label("received_at")),
            func.coalesce(table.captured_at, table.entered_at).label("noted_at"),
        )
        .join(Claim, Claim.id == table.claim_id)
        .join(Person, Person.id == Claim.rep_id)
        .where(Claim.id.in_(claim_ids), entries.standing(table))
    )


SHARED = (
    "subject_id",
    "claim_id",
    "from_on",
    "rep",
    "email",
    "on",
    "uid",
    "amount_minor",
    "currency",
    "reason",
    "is_late",
    "received_at",
    "noted_at",
)


def _common(row: Row[Any]) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in SHARED}, "decimals": exponent(row.currency)}


def _streamed(session: Session, query: Select[Any]) -> Iterator[Row[Any]]:
    return iter(session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}))
