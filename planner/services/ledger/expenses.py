"""Expenses: entered once however often a phone sends them, then corrected or reversed by new entries.

``today`` is the local date of the entry. A breach of policy hinders nothing: it is said, and shown
to the reviewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain import expenses as rules
from planner.domain import mileage
from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.domain.expenses import ExpenseCategory
from planner.models.ledger import Expense
from planner.services import scope
from planner.services.ledger import chain, claims, entries, expense_lines, expense_ties, own_currency
from planner.services.ledger.expense_lines import NewExpense


def add(session: Session, actor: Actor, now: datetime, today: date, new: NewExpense) -> Expense:
    """Enter an expense of the actor's own.

    Sent again, it comes back as it stands; the same uid with other content raises
    Conflict("uid_taken"). Raises Invalid for a field, NotFound for a visit of somebody else.
    """
    new = _checked(session, actor, today, new)
    known = _known(session, actor, new.uid)
    if known is not None:
        if not expense_lines.is_same(known, new):
            raise Conflict("uid_taken")
        return known
    scope.rep(session, actor, actor.user_id, today)
    row = expense_lines.made(session, new, own_currency.of_day(session, actor.user_id, new.on, today))
    row.rep_id = actor.user_id
    row.claim_id = claims.open_for(session, actor.user_id, new.on, row.currency).id
    row.captured_at = new.noted.at if new.noted else None
    row.is_late = mileage.is_late(new.on, new.noted.on if new.noted else today)
    return _enter(session, now, row)


def correct(
    session: Session, actor: Actor, now: datetime, today: date, expense_id: int, new: NewExpense, reason: str
) -> Expense:
    """A new entry in place of an expense, in the claim of its date, as late as the first one; without a
    receipt of its own it keeps the former one. Raises what ``add`` and ``entries.check_correctable`` do."""
    old = entries.expense(session, actor, today, expense_id)
    new, said = _checked(session, actor, today, new), entries.reason_text(reason)
    known = _known(session, actor, new.uid)
    if known is not None and known.corrects_id == old.id:
        return known
    entries.check_correctable(session, actor, old)
    row = _after(session, old, today, new, said)
    row.corrects_id, row.replaces_id = old.id, old.replaces_id
    row.claim_id = claims.open_for(session, actor.user_id, new.on, row.currency).id
    return _enter(session, now, row)


def once_more(
    session: Session, actor: Actor, now: datetime, today: date, old: Expense, new: NewExpense, reason: str
) -> Expense:
    """A new expense in the open claim after one that was taken back; as ``correct`` otherwise."""
    row = _after(session, old, today, _checked(session, actor, today, new), entries.reason_text(reason))
    row.replaces_id = old.id
    row.claim_id = claims.open_for(session, old.rep_id, today, row.currency).id
    return _enter(session, now, row)


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
    return _enter(session, now, expense_lines.reversal(old, uid, said))


def categories_of_day(session: Session, rep_id: int, on: date) -> frozenset[ExpenseCategory]:
    """What was spent on that day for what, without expenses that were taken back."""
    mine = select(Expense.category).where(
        Expense.rep_id == rep_id, Expense.on == on, entries.in_force(Expense)
    )
    return frozenset(session.scalars(mine.distinct()))


def of_day(session: Session, rep_id: int, on: date) -> Sequence[Expense]:
    """The standing expenses of a day. The caller has checked the scope."""
    query = select(Expense).where(Expense.rep_id == rep_id, Expense.on == on, entries.standing(Expense))
    return session.scalars(query.options(selectinload(Expense.receipt)).order_by(Expense.id)).all()


def _checked(session: Session, actor: Actor, today: date, new: NewExpense) -> NewExpense:
    rules.check(new.on, today, new.amount_minor, new.category, new.note)
    expense_ties.check(session, actor, today, new)
    return replace(
        new,
        nights=rules.check_nights(new.category, new.nights),
        uid=entries.uuid_text(new.uid),
        merchant=entries.checked_text("merchant", new.merchant, 120),
        note=entries.checked_text("note", new.note, 400),
    )


def _known(session: Session, actor: Actor, uid: str) -> Expense | None:
    return session.scalar(select(Expense).where(Expense.rep_id == actor.user_id, Expense.uid == uid))


def _after(session: Session, old: Expense, today: date, new: NewExpense, reason: str) -> Expense:
    """The entry after another one, as late as it was; without a receipt of its own it keeps the former
    one."""
    claimed_in = own_currency.of_day(session, old.rep_id, new.on, today)
    row = expense_lines.made(session, replace(new, receipt_id=new.receipt_id or old.receipt_id), claimed_in)
    row.rep_id, row.change_reason = old.rep_id, reason
    row.is_late = mileage.is_late(new.on, entries.recorded_on(session, old))
    return row


def _enter(session: Session, now: datetime, row: Expense) -> Expense:
    row.entered_at = now
    session.add(row)
    session.flush()
    chain.append(session, row.rep_id, [row])
    return row
