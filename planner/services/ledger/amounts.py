"""Proving what lines are worth: metres at the rate they were paid by, and what was paid abroad at its
exchange rate. The chains say that an entry is as it was made; this says that it was reckoned rightly, and
that nobody has changed a rate since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from planner.domain.mileage import BOOKED_LATER
from planner.domain.money import converted
from planner.models.ledger import Expense, LedgerKind, MileageRate, Trip, TripPart
from planner.services.ledger import rates
from planner.services.ledger.currencies import exponent

ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class WrongAmount:
    """An entry that says another amount than its rate, or the line it takes back, gives; in minor units."""

    kind: LedgerKind
    entry_id: int
    told_minor: int
    right_minor: int

    def __str__(self) -> str:
        return f"{self.kind.value} {self.entry_id} says {self.told_minor} in place of {self.right_minor}"


def counted(session: Session) -> int:
    """How many entries there are that a rate says the worth of."""
    counts = (select(func.count()).select_from(query.subquery()) for query in (_trips(), _foreign()))
    return sum(session.scalar(count) or 0 for count in counts)


def verify(session: Session) -> list[WrongAmount]:
    """Trips and foreign expenses whose amounts their rates do not give. An adjustment is a difference, and
    a contra entry the negative of what it takes back: neither is reckoned by a rate of its own."""
    contras = (*_wrong_contras(session, Trip), *_wrong_contras(session, Expense))
    return [*_wrong_trips(session), *_wrong_expenses(session), *contras]


def _wrong_trips(session: Session) -> Iterator[WrongAmount]:
    """Each part by its own rate, rounded once; a trip without parts is one itself. A rate in another currency
    than the trip's pays nothing."""
    known = {(row.id, row.currency): row for row in session.scalars(select(MileageRate))}
    shared: dict[int, int] = defaultdict(int)
    parts = select(TripPart.trip_id, TripPart.metres, TripPart.rate_id, Trip.currency)
    for part in session.execute(parts.join(Trip, Trip.id == TripPart.trip_id)):
        shared[part.trip_id] += rates.amount(part.metres, known.get((part.rate_id, part.currency)))
    for row in session.execute(_trips().execution_options(yield_per=ROWS_AT_ONCE)):
        rate = known.get((row.rate_id, row.currency))
        right = shared[row.id] if row.id in shared else rates.amount(row.metres, rate)
        if right != row.amount_minor:
            yield WrongAmount(LedgerKind.TRIP, row.id, row.amount_minor, right)


def _wrong_expenses(session: Session) -> Iterator[WrongAmount]:
    for row in session.execute(_foreign().execution_options(yield_per=ROWS_AT_ONCE)):
        decimals = exponent(row.paid_currency), exponent(row.currency)
        right = converted(row.paid_minor, decimals[0], row.exchange_rate, decimals[1])
        if right != row.amount_minor:
            yield WrongAmount(LedgerKind.EXPENSE, row.id, row.amount_minor, right)


def _wrong_contras(session: Session, table: type[Trip] | type[Expense]) -> Iterator[WrongAmount]:
    """Each takes back its whole line; one that was reversed takes back nothing."""
    line = aliased(table)
    query = select(table.id, table.amount_minor, -line.amount_minor).join(line, line.id == table.contra_of_id)
    wrong = query.where(table.is_void.is_(False), table.amount_minor != -line.amount_minor)
    kind = LedgerKind(table.__tablename__)
    yield from (WrongAmount(kind, *row) for row in session.execute(wrong.order_by(table.id)))


def _trips() -> Select[Any]:
    columns = (Trip.id, Trip.metres, Trip.rate_id, Trip.amount_minor, Trip.currency)
    return select(*columns).where(Trip.origin.not_in(BOOKED_LATER))


def _foreign() -> Select[Any]:
    paid = (Expense.paid_minor, Expense.paid_currency, Expense.exchange_rate)
    columns = (Expense.id, Expense.amount_minor, Expense.currency, *paid)
    return select(*columns).where(Expense.paid_minor.is_not(None), Expense.contra_of_id.is_(None))
