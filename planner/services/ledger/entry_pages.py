"""What the pages of one trip and one expense show: the entry, its corrections, and whether it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.claims import EDITABLE
from planner.models.ledger import Claim, Expense, MileageRate, Trip
from planner.models.visits import Visit
from planner.services.ledger import entries


@dataclass(frozen=True, slots=True)
class TripPage:
    """``rate`` None: no rate held on the day. ``history`` is oldest first and holds the trip itself."""

    trip: Trip
    claim: Claim | None
    rate: MileageRate | None
    history: Sequence[Trip]

    @property
    def is_open(self) -> bool:
        return _is_open(self.trip, self.claim, self.history)


@dataclass(frozen=True, slots=True)
class ExpensePage:
    """``visited`` is the account of the visit it belongs to."""

    expense: Expense
    claim: Claim | None
    visited: str
    history: Sequence[Expense]

    @property
    def is_open(self) -> bool:
        return _is_open(self.expense, self.claim, self.history)


def trip_page(session: Session, actor: Actor, today: date, trip_id: int) -> TripPage:
    """Raises NotFound for a trip outside the actor's scope."""
    row = entries.trip(session, actor, today, trip_id)
    rate = session.get(MileageRate, row.rate_id) if row.rate_id else None
    return TripPage(row, _claim(session, row), rate, entries.history(session, row))


def expense_page(session: Session, actor: Actor, today: date, expense_id: int) -> ExpensePage:
    """Raises NotFound for an expense outside the actor's scope."""
    row = entries.expense(session, actor, today, expense_id)
    visit = session.scalar(select(Visit).where(Visit.id == row.visit_id).options(joinedload(Visit.account)))
    visited = visit.account.name if visit else ""
    return ExpensePage(row, _claim(session, row), visited, entries.history(session, row))


def _claim(session: Session, row: Trip | Expense) -> Claim | None:
    return session.get(Claim, row.claim_id) if row.claim_id else None


def _is_open(row: Trip | Expense, claim: Claim | None, history: Sequence[Trip] | Sequence[Expense]) -> bool:
    """Whether its rep may still correct it."""
    is_last = history[-1].id == row.id
    return is_last and not row.is_void and (claim is None or claim.state in EDITABLE)
