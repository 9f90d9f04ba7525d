"""Trips, expenses and claims over a range of dates, filtered, with the totals of exactly what is shown.

``from_on`` counts, ``until_on`` does not: the day driven or spent, for claims their month. The flags of a
line are those its reviewer is to look at now: not what the rep is asked first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import ClaimState, Totals, totals
from planner.domain.review import Flag
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person
from planner.services import scope
from planner.services.ledger import claim_check
from planner.services.ledger.claim_check import CheckedClaim, CheckedDay, CheckedTrip
from planner.services.ledger.reviewing import remarks
from planner.services.ledger.reviewing.lines import Reviewed, day_key, expense_key, reviewed


@dataclass(frozen=True, slots=True)
class Filter:
    """``rep_id`` and ``state`` None: all of them."""

    from_on: date
    until_on: date
    rep_id: int | None = None
    state: ClaimState | None = None
    only_flagged: bool = False

    @property
    def last_on(self) -> date:
        return self.until_on - timedelta(days=1)

    def covers(self, on: date) -> bool:
        return self.from_on <= on < self.until_on


@dataclass(frozen=True, slots=True)
class TripLine:
    rep_name: str
    claim: Claim
    trip: Trip
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    rep_name: str
    claim: Claim
    expense: Expense
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class ClaimLine:
    rep_name: str
    checked: CheckedClaim
    flags: dict[Flag, int]


def trips(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    wanted: Filter,
    of: ColumnElement[bool] | None = None,
) -> list[TripLine]:
    """Standing trips by day and rep. What is asked about a day is asked about each of its trips."""
    found = chain.from_iterable(trips_by_month(session, actor, now, today, wanted, of))
    return sorted(found, key=_driven)


def trips_by_month(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    wanted: Filter,
    of: ColumnElement[bool] | None = None,
) -> Iterator[list[TripLine]]:
    """The same, by the months of their claims, one held at a time."""
    for month in _months(session, actor, today, wanted, of):
        lines = [
            TripLine(name, claim.checked.row, trip.row, flags)
            for name, claim in _reviewed(session, actor, now, today, wanted, month)
            for day in claim.checked.days
            for seen in [claim.seen_flags[day_key(day.on)]]
            for trip in day.trips
            for flags in [_in_order(seen & _flags(day, trip))]
            if _is_wanted(wanted, trip.row.on, flags)
        ]
        yield sorted(lines, key=_driven)


def _flags(day: CheckedDay, trip: CheckedTrip) -> set[Flag]:
    """Nothing is asked about an adjustment, whatever its day is asked about."""
    return set() if trip.is_adjustment else {*trip.flags, *day.flags}


def _driven(line: TripLine) -> tuple[date, str, int, int]:
    return line.trip.on, line.rep_name, line.trip.position, line.trip.id


def expenses(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    wanted: Filter,
    of: ColumnElement[bool] | None = None,
) -> list[ExpenseLine]:
    """Standing expenses by day and rep."""
    found = chain.from_iterable(expenses_by_month(session, actor, now, today, wanted, of))
    return sorted(found, key=_spent)


def expenses_by_month(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    wanted: Filter,
    of: ColumnElement[bool] | None = None,
) -> Iterator[list[ExpenseLine]]:
    """The same, by the months of their claims, one held at a time."""
    for month in _months(session, actor, today, wanted, of):
        lines = [
            ExpenseLine(name, claim.checked.row, expense.row, flags)
            for name, claim in _reviewed(session, actor, now, today, wanted, month)
            for expense in claim.checked.expenses
            for flags in [_in_order(claim.seen_flags[expense_key(expense.first_id)])]
            if _is_wanted(wanted, expense.row.on, flags)
        ]
        yield sorted(lines, key=_spent)


def _spent(line: ExpenseLine) -> tuple[date, str, int]:
    return line.expense.on, line.rep_name, line.expense.id


def claims(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    wanted: Filter,
    of: ColumnElement[bool] | None = None,
) -> list[ClaimLine]:
    """Claims whose month touches the range, by month and rep; given ``of``, those of them it holds for."""
    in_range = touching(wanted)
    found = _reviewed(session, actor, now, today, wanted, in_range if of is None else in_range & of)
    lines = [ClaimLine(name, each.checked, each.flags) for name, each in found]
    if wanted.only_flagged:
        lines = [line for line in lines if line.flags]
    return sorted(lines, key=lambda line: (line.checked.row.from_on, line.rep_name))


def trip_totals(lines: Sequence[TripLine]) -> dict[str, Totals]:
    """What the trips shown come to, by currency."""
    return {
        currency: totals(
            [(line.trip.metres, line.trip.amount_minor) for line in lines if line.trip.currency == currency],
            [],
        )
        for currency in sorted({line.trip.currency for line in lines})
    }


def expense_totals(lines: Sequence[ExpenseLine]) -> dict[str, Totals]:
    """What the expenses shown come to, by currency."""
    return {
        currency: totals(
            [], [line.expense.amount_minor for line in lines if line.expense.currency == currency]
        )
        for currency in sorted({line.expense.currency for line in lines})
    }


def claim_totals(lines: Sequence[ClaimLine]) -> dict[str, Totals]:
    """What the claims shown come to, by currency."""
    found: dict[str, Totals] = {}
    for line in lines:
        currency, own = line.checked.row.currency, line.checked.totals
        found[currency] = found.get(currency, Totals()) + own
    return dict(sorted(found.items()))


def _months(
    session: Session, actor: Actor, today: date, wanted: Filter, of: ColumnElement[bool] | None
) -> Iterator[ColumnElement[bool]]:
    """The claims with entries of the range, month by month; given ``of``, those of them it holds for, at
    once: they are few."""
    if of is not None:
        yield of
        return
    held = chosen(actor, today, wanted) & _with_entries(wanted)
    for from_on in session.scalars(
        select(Claim.from_on).where(held).distinct().order_by(Claim.from_on)
    ).all():
        yield _with_entries(wanted) & (Claim.from_on == from_on)


def touching(wanted: Filter) -> ColumnElement[bool]:
    """Claims whose month touches the range."""
    return (Claim.from_on < wanted.until_on) & (Claim.until_on > wanted.from_on)


def chosen(actor: Actor, today: date, wanted: Filter) -> ColumnElement[bool]:
    """The claims of the filter's rep and state that the actor may see."""
    rep = true() if wanted.rep_id is None else Claim.rep_id == wanted.rep_id
    state = true() if wanted.state is None else Claim.state == wanted.state
    return and_(Claim.rep_id.in_(scope.rep_ids(actor, today)), rep, state)


def _reviewed(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    wanted: Filter,
    condition: ColumnElement[bool],
) -> list[tuple[str, Reviewed]]:
    """Claims as their reviewer sees them now, with the name of the rep."""
    query = select(Claim, Person.name).join(Person, Person.id == Claim.rep_id)
    matching = query.where(chosen(actor, today, wanted), condition)
    found = session.execute(matching.order_by(Claim.from_on, Claim.id)).all()
    checked = claim_check.check(session, [row for row, _ in found])
    talks = remarks.talks(session, [row.id for row, _ in found])
    return [
        (name, reviewed(each, talks.get(row.id), now))
        for (row, name), each in zip(found, checked, strict=True)
    ]


def _in_order(flags: AbstractSet[Flag]) -> tuple[Flag, ...]:
    if not flags:
        return ()  # as with most of thousands of lines
    return tuple(flag for flag in Flag if flag in flags)


def _with_entries(wanted: Filter) -> ColumnElement[bool]:
    """Claims that hold an entry of the range: it may have come too late for its own month's."""
    trip_claims = select(Trip.claim_id).where(Trip.on >= wanted.from_on, Trip.on < wanted.until_on)
    expense_claims = select(Expense.claim_id).where(
        Expense.on >= wanted.from_on, Expense.on < wanted.until_on
    )
    return or_(Claim.id.in_(trip_claims), Claim.id.in_(expense_claims))


def _is_wanted(wanted: Filter, on: date, flags: tuple[Flag, ...]) -> bool:
    return wanted.covers(on) and not (wanted.only_flagged and not flags)
