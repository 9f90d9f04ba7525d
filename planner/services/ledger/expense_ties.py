"""What an expense may belong to: a visit, a drive, an account, each of the rep's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.domain.expenses import ExpenseCategory
from planner.domain.mileage import TripOrigin
from planner.domain.visits import VisitState
from planner.models.accounts import Account
from planner.models.ledger import Expense, Trip
from planner.models.visits import Visit
from planner.services import scope
from planner.services.ledger import entries
from planner.services.ledger.expense_lines import NewExpense

BEEN_TO = (VisitState.ARRIVED, VisitState.LEFT, *mileage.DRIVEN_TO)
"""Visits an expense may belong to: parking is paid before the visit is over."""


ON_THE_WAY = (ExpenseCategory.PARKING, ExpenseCategory.TOLL)
"""What is paid for driving to a visit: it belongs to the drive as well."""


@dataclass(frozen=True, slots=True)
class VisitChoice:
    visit_id: int
    account_name: str
    on: date


@dataclass(frozen=True, slots=True)
class Tied:
    """What an expense belongs to, by name; ``trip`` is the drive as it stands now."""

    visited: str = ""
    account_name: str = ""
    trip: Trip | None = None


def visit_choices(session: Session, actor: Actor, on: date) -> list[VisitChoice]:
    """The actor's visits of a day, to say which one an expense belongs to."""
    query = (
        select(Visit)
        .where(Visit.rep_id == actor.user_id, Visit.on == on, Visit.state.in_(BEEN_TO))
        .options(joinedload(Visit.account))
        .order_by(Visit.arrived_at, Visit.id)
    )
    return [VisitChoice(row.id, row.account.name, row.on) for row in session.scalars(query)]


def trip_choices(session: Session, actor: Actor, on: date) -> list[Trip]:
    """The actor's drives of a day, once it is closed or one was entered by hand."""
    query = select(Trip).where(
        Trip.rep_id == actor.user_id,
        Trip.on == on,
        Trip.origin != TripOrigin.ADJUSTMENT,
        Trip.is_private.is_(False),
        entries.in_force(Trip),
    )
    return list(session.scalars(query.order_by(Trip.position, Trip.id)))


def own_visit(session: Session, actor: Actor, visit_id: int) -> VisitChoice:
    """One of the actor's own visits. Raises NotFound."""
    row = session.scalar(select(Visit).where(Visit.id == visit_id, Visit.rep_id == actor.user_id))
    if row is None:
        raise NotFound("visit", id=visit_id)
    return VisitChoice(row.id, row.account.name, row.on)


def account_choice(session: Session, actor: Actor, today: date, account_id: int) -> tuple[int, str]:
    """An account the actor may read, by id and name. Raises NotFound."""
    row = scope.readable_account(session, actor, account_id, today)
    return row.id, row.name


def check(session: Session, actor: Actor, today: date, new: NewExpense) -> None:
    """Raises NotFound for a visit or drive of somebody else, or an account the actor may not read."""
    if new.visit_id is not None:
        own_visit(session, actor, new.visit_id)
    if new.account_id is not None:
        account_choice(session, actor, today, new.account_id)
    mine = select(Trip.id).where(Trip.id == new.trip_id, Trip.rep_id == actor.user_id)
    if new.trip_id is not None and session.scalar(mine) is None:
        raise NotFound("trip", id=new.trip_id)


def of_expense(session: Session, row: Expense) -> Tied:
    """The caller has checked the scope."""
    visit = row.visit_id and session.scalar(
        select(Visit).where(Visit.id == row.visit_id).options(joinedload(Visit.account))
    )
    trip = session.get(Trip, row.trip_id) if row.trip_id else None
    account = session.get(Account, row.account_id) if row.account_id else None
    return Tied(
        visit.account.name if visit else "",
        account.name if account else "",
        newest(session, trip) if trip else None,
    )


def newest(session: Session, trip: Trip) -> Trip:
    """The drive as it stands now: corrected, or entered anew after it was taken back."""
    last = entries.history(session, trip)[-1]
    after = entries.replacement(session, last)
    return newest(session, after) if after is not None else last


def of_trip(session: Session, history: Sequence[Trip]) -> list[Expense]:
    """Standing expenses of a drive: those that name it, or parking and tolls of the visit it leads to. They
    go with what was entered in its place."""
    if entries.replacement(session, history[-1]) is not None:
        return []
    history = [*_before(session, history[0]), *history]
    ids = [row.id for row in history]
    visits = {row.visit_id for row in history if row.visit_id is not None}
    on_the_way = Expense.visit_id.in_(visits) & Expense.category.in_(ON_THE_WAY) & Expense.trip_id.is_(None)
    query = select(Expense).where(
        Expense.rep_id == history[0].rep_id,
        or_(Expense.trip_id.in_(ids), on_the_way),
        entries.standing(Expense),
    )
    return list(session.scalars(query.order_by(Expense.id)))


def _before(session: Session, first: Trip) -> list[Trip]:
    """Every entry of the drives that one was entered in place of."""
    if first.replaces_id is None:
        return []
    found = entries.history(session, session.get_one(Trip, first.replaces_id))
    return [*_before(session, found[0]), *found]
