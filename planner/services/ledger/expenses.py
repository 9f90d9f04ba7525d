"""Expenses: entered once however often a phone sends them, then corrected or reversed by new entries.

``today`` is the local date of the entry. Amounts are minor units of the claim's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain import expenses as rules
from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.errors import Conflict, NotFound
from planner.domain.expenses import ExpenseCategory
from planner.domain.visits import VisitState
from planner.models.ledger import Expense
from planner.models.visits import Visit
from planner.services import scope
from planner.services.ledger import chain, claims, entries

BEEN_TO = (VisitState.ARRIVED, *mileage.DRIVEN_TO)
"""Visits an expense may belong to: parking is paid before the visit is over."""


@dataclass(frozen=True, slots=True)
class NewExpense:
    """``uid`` is made with the form: the same uid of the same rep is the same expense."""

    uid: str
    on: date
    category: ExpenseCategory
    amount_minor: int
    currency: str
    merchant: str = ""
    note: str = ""
    visit_id: int | None = None
    receipt_id: int | None = None


@dataclass(frozen=True, slots=True)
class VisitChoice:
    visit_id: int
    account_name: str
    on: date


def add(session: Session, actor: Actor, now: datetime, today: date, new: NewExpense) -> Expense:
    """Enter an expense of the actor's own.

    Sent again, it comes back as it stands; the same uid with other content raises
    Conflict("uid_taken"). Raises Invalid for a field, NotFound for a visit of somebody else.
    """
    new = _checked(session, actor, today, new)
    known = _known(session, actor, new.uid)
    if known is not None:
        if any(getattr(known, name) != value for name, value in asdict(new).items()):
            raise Conflict("uid_taken")
        return known
    scope.rep(session, actor, actor.user_id, today)
    claim = claims.open_for(session, actor.user_id, new.on, new.currency)
    return _enter(session, now, today, Expense(**asdict(new), rep_id=actor.user_id, claim_id=claim.id))


def correct(
    session: Session, actor: Actor, now: datetime, today: date, expense_id: int, new: NewExpense, reason: str
) -> Expense:
    """A new entry in place of an expense, in the claim of its date; without a receipt of its own it keeps
    the former one. Raises what ``add`` and ``entries.check_correctable`` do."""
    old = entries.expense(session, actor, today, expense_id)
    new, said = _checked(session, actor, today, new), entries.reason_text(reason)
    known = _known(session, actor, new.uid)
    if known is not None and known.corrects_id == old.id:
        return known
    entries.check_correctable(session, actor, old)
    new = replace(new, receipt_id=new.receipt_id or old.receipt_id)
    claim = claims.open_for(session, actor.user_id, new.on, new.currency)
    row = Expense(**asdict(new), rep_id=old.rep_id, claim_id=claim.id, corrects_id=old.id, change_reason=said)
    return _enter(session, now, today, row)


def void(
    session: Session, actor: Actor, now: datetime, today: date, expense_id: int, uid: str, reason: str
) -> Expense:
    """Reverse an expense: the entry stays to be read and counts no more."""
    old = entries.expense(session, actor, today, expense_id)
    uid, said = entries.uuid_text(uid), entries.reason_text(reason)
    known = _known(session, actor, uid)
    if known is not None and known.corrects_id == old.id:
        return known
    entries.check_correctable(session, actor, old)
    kept = {name: getattr(old, name) for name in NewExpense.__slots__ if name not in {"uid", "amount_minor"}}
    row = Expense(**kept, uid=uid, amount_minor=0, rep_id=old.rep_id, claim_id=old.claim_id)
    row.corrects_id, row.change_reason, row.is_void = old.id, said, True
    return _enter(session, now, today, row)


def of_day(session: Session, rep_id: int, on: date) -> Sequence[Expense]:
    """The standing expenses of a day. The caller has checked the scope."""
    query = select(Expense).where(Expense.rep_id == rep_id, Expense.on == on, entries.standing(Expense))
    return session.scalars(query.order_by(Expense.id)).all()


def visit_choices(session: Session, actor: Actor, on: date) -> list[VisitChoice]:
    """The actor's visits of a day, to say which one an expense belongs to."""
    query = (
        select(Visit)
        .where(Visit.rep_id == actor.user_id, Visit.on == on, Visit.state.in_(BEEN_TO))
        .options(joinedload(Visit.account))
        .order_by(Visit.arrived_at, Visit.id)
    )
    return [VisitChoice(row.id, row.account.name, row.on) for row in session.scalars(query)]


def own_visit(session: Session, actor: Actor, visit_id: int) -> VisitChoice:
    """One of the actor's own visits. Raises NotFound."""
    row = session.scalar(select(Visit).where(Visit.id == visit_id, Visit.rep_id == actor.user_id))
    if row is None:
        raise NotFound("visit", id=visit_id)
    return VisitChoice(row.id, row.account.name, row.on)


def _checked(session: Session, actor: Actor, today: date, new: NewExpense) -> NewExpense:
    rules.check(new.on, today, new.amount_minor, new.category, new.note)
    if new.visit_id is not None:
        own_visit(session, actor, new.visit_id)
    return replace(
        new,
        uid=entries.uuid_text(new.uid),
        merchant=entries.checked_text("merchant", new.merchant, 120),
        note=entries.checked_text("note", new.note, 400),
    )


def _known(session: Session, actor: Actor, uid: str) -> Expense | None:
    return session.scalar(select(Expense).where(Expense.rep_id == actor.user_id, Expense.uid == uid))


def _enter(session: Session, now: datetime, today: date, row: Expense) -> Expense:
    row.entered_at, row.is_late = now, mileage.is_late(row.on, today)
    session.add(row)
    session.flush()
    chain.append(session, row.rep_id, [row])
    return row
