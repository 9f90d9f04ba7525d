"""The lists of ``ledger_lists`` by pages, with the totals of all their lines.

Whether a line is to be looked at is a rule, not a column: where only those are wanted, all lines are gone
through, a month of claims held at a time, and only what orders them is kept. Else the database counts, sums
and cuts, and the rule is asked about the claims of the one page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import Session

from planner.database import name_order
from planner.domain.access import Actor
from planner.domain.claims import Totals
from planner.domain.paging import Paging, paged
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person
from planner.services.ledger import entries, ledger_lists
from planner.services.ledger.ledger_lists import ClaimLine, ExpenseLine, Filter, TripLine

PAGE_SIZE = 100

Line = TypeVar("Line", TripLine, ExpenseLine, ClaimLine)


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Line]):
    """``totals`` are those of all pages, by currency."""

    lines: list[Line]
    paging: Paging
    totals: dict[str, Totals]


def trips(
    session: Session, actor: Actor, now: datetime, today: date, wanted: Filter, number: int = 1
) -> ListPage[TripLine]:
    """Standing trips by day and rep."""
    order = (Trip.on, name_order(Person.name), Trip.position, Trip.id)
    if wanted.only_flagged:
        months = ledger_lists.trips_by_month(session, actor, now, today, wanted)
        found = _gone_through(months, _trip_key, ledger_lists.trip_totals, number)
    else:
        sums = (func.sum(Trip.metres), func.sum(Trip.amount_minor), literal(0))
        found = _cut(session, _entries(actor, today, wanted, Trip), Trip, sums, order, number)
    ids, paging, totals = found
    lines = ledger_lists.trips(session, actor, now, today, wanted, _of_claims(ids))
    return ListPage(_in_order(lines, ids, lambda line: line.trip.id), paging, totals)


def expenses(
    session: Session, actor: Actor, now: datetime, today: date, wanted: Filter, number: int = 1
) -> ListPage[ExpenseLine]:
    """Standing expenses by day and rep."""
    order = (Expense.on, name_order(Person.name), Expense.id)
    if wanted.only_flagged:
        months = ledger_lists.expenses_by_month(session, actor, now, today, wanted)
        found = _gone_through(months, _expense_key, ledger_lists.expense_totals, number)
    else:
        sums = (literal(0), literal(0), func.sum(Expense.amount_minor))
        found = _cut(session, _entries(actor, today, wanted, Expense), Expense, sums, order, number)
    ids, paging, totals = found
    lines = ledger_lists.expenses(session, actor, now, today, wanted, _of_claims(ids))
    return ListPage(_in_order(lines, ids, lambda line: line.expense.id), paging, totals)


def claims(
    session: Session, actor: Actor, now: datetime, today: date, wanted: Filter, number: int = 1
) -> ListPage[ClaimLine]:
    """Claims whose month touches the range, by month and rep."""
    touching = ledger_lists.touching(wanted)
    if wanted.only_flagged:
        months = _claim_months(session, actor, now, today, wanted)
        found = _gone_through(months, _claim_key, ledger_lists.claim_totals, number)
    else:
        chosen = ledger_lists.chosen(actor, today, wanted) & touching
        count = session.scalar(select(func.count(Claim.id)).where(chosen)) or 0
        paging = paged(count, number, PAGE_SIZE)
        query = select(Claim.id, Claim.id).join(Person, Person.id == Claim.rep_id).where(chosen)
        ordered = query.order_by(Claim.from_on, name_order(Person.name), Claim.id)
        ids = _page_of(session, ordered, paging)
        found = ids, paging, _claim_sums(session, chosen)
    ids, paging, totals = found
    lines = ledger_lists.claims(session, actor, now, today, wanted, _of_claims(ids))
    return ListPage(_in_order(lines, ids, lambda line: line.checked.row.id), paging, totals)


Ids = list[tuple[int, int]]
"""Of the lines of a page, in their order, each with its claim's."""
Found = tuple[Ids, Paging, dict[str, Totals]]


def _entries(actor: Actor, today: date, wanted: Filter, table: Any) -> ColumnElement[bool]:
    in_range = (table.on >= wanted.from_on) & (table.on < wanted.until_on)
    return ledger_lists.chosen(actor, today, wanted) & in_range & entries.standing(table)


def _cut(
    session: Session,
    matching: ColumnElement[bool],
    table: Any,
    sums: Sequence[Any],
    order: Sequence[Any],
    number: int,
) -> Found:
    """By three queries: how many and how much, and the page."""
    summed = select(table.currency, func.count(table.id), *sums).join(Claim, Claim.id == table.claim_id)
    rows = session.execute(summed.where(matching).group_by(table.currency).order_by(table.currency)).all()
    totals = {currency: Totals(*map(int, come_to)) for currency, _, *come_to in rows}
    paging = paged(sum(count for _, count, *_ in rows), number, PAGE_SIZE)
    query = select(table.id, Claim.id).join(Claim, Claim.id == table.claim_id)
    ordered = query.join(Person, Person.id == Claim.rep_id).where(matching).order_by(*order)
    return _page_of(session, ordered, paging), paging, totals


def _page_of(session: Session, ordered: Select[Any], paging: Paging) -> Ids:
    return [(row[0], row[1]) for row in session.execute(ordered.limit(paging.size).offset(paging.before))]


def _claim_sums(session: Session, chosen: ColumnElement[bool]) -> dict[str, Totals]:
    """A claim comes to its standing lines. One without any comes to nothing, in its currency."""
    found = {
        currency: Totals()
        for currency in session.scalars(
            select(Claim.currency).where(chosen).distinct().order_by(Claim.currency)
        )
    }
    trip_sums = (func.sum(Trip.metres), func.sum(Trip.amount_minor), literal(0))
    for table, sums in (
        (Trip, trip_sums),
        (Expense, (literal(0), literal(0), func.sum(Expense.amount_minor))),
    ):
        query = select(Claim.currency, *sums).join(table, table.claim_id == Claim.id)
        lines = query.where(chosen, entries.standing(table)).group_by(Claim.currency)
        for currency, *come_to in session.execute(lines):
            found[currency] += Totals(*map(int, come_to))
    return found


def _gone_through(
    months: Iterable[Sequence[Line]],
    key: Callable[[Line], tuple[Any, ...]],
    sums: Callable[[Sequence[Line]], dict[str, Totals]],
    number: int,
) -> Found:
    """Of the lines only what orders them is kept, which ends with the ids of line and claim."""
    keys: list[tuple[Any, ...]] = []
    totals: dict[str, Totals] = {}
    for lines in months:
        keys += map(key, lines)
        for currency, come_to in sums(lines).items():
            totals[currency] = totals.get(currency, Totals()) + come_to
    paging = paged(len(keys), number, PAGE_SIZE)
    shown = sorted(keys)[paging.before : paging.before + paging.size]
    return [(each[-2], each[-1]) for each in shown], paging, dict(sorted(totals.items()))


def _claim_months(
    session: Session, actor: Actor, now: datetime, today: date, wanted: Filter
) -> Iterator[list[ClaimLine]]:
    chosen = ledger_lists.chosen(actor, today, wanted) & ledger_lists.touching(wanted)
    for from_on in session.scalars(select(Claim.from_on).where(chosen).distinct().order_by(Claim.from_on)):
        yield ledger_lists.claims(session, actor, now, today, wanted, Claim.from_on == from_on)


def _trip_key(line: TripLine) -> tuple[Any, ...]:
    return line.trip.on, line.rep_name, line.trip.position, line.trip.id, line.claim.id


def _expense_key(line: ExpenseLine) -> tuple[Any, ...]:
    return line.expense.on, line.rep_name, line.expense.id, line.claim.id


def _claim_key(line: ClaimLine) -> tuple[Any, ...]:
    row = line.checked.row
    return row.from_on, line.rep_name, row.id, row.id


def _of_claims(ids: Ids) -> ColumnElement[bool]:
    return Claim.id.in_({claim_id for _, claim_id in ids})


def _in_order(lines: Iterable[Line], ids: Ids, id_of: Callable[[Line], int]) -> list[Line]:
    """Without those that were corrected since the page was cut: what stands now is on another read."""
    by_id = {id_of(line): line for line in lines}
    return [by_id[each] for each, _ in ids if each in by_id]
