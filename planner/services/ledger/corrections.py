"""Correcting an entry, whichever way it takes: in its place while its claim is open, by a contra entry and
a new one once it is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.models.ledger import Claim, Expense, Trip
from planner.services.ledger import contra_entries, entries, expenses, trip_changes
from planner.services.ledger.entries import Row
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.trip_changes import TripChange


class Way(StrEnum):
    """How an entry was corrected or reversed."""

    IN_PLACE = "in_place"
    REVERSED = "reversed"
    TAKEN_BACK = "taken_back"
    ENTERED_ANEW = "entered_anew"
    """Taken back, with what is right beside that."""
    COUNTS_AGAIN = "counts_again"
    """A contra entry was reversed."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done by an entry, and the first day of the month whose claim it is in; None: in no claim."""

    way: Way
    month_on: date | None


def done(session: Session, row: Trip | Expense) -> Done:
    """Of an entry that a correction or reversal has made."""
    claim = session.get(Claim, row.claim_id) if row.claim_id else None
    return Done(_way(row), claim.from_on if claim else None)


def _way(row: Trip | Expense) -> Way:
    if row.is_void:
        return Way.REVERSED if row.contra_of_id is None else Way.COUNTS_AGAIN
    if row.corrects_id is not None:
        return Way.IN_PLACE
    return Way.ENTERED_ANEW if row.contra_of_id is None else Way.TAKEN_BACK


def correct_trip(
    session: Session, actor: Actor, now: datetime, today: date, trip_id: int, change: TripChange
) -> Trip:
    """Raises what ``trip_changes.correct`` and ``contra_entries.correct_trip`` do."""
    old = entries.trip(session, actor, today, trip_id)
    if contra_entries.is_settled(session, old):
        return contra_entries.correct_trip(session, actor, now, today, old, change)
    return trip_changes.correct(session, actor, now, today, trip_id, change)


def correct_expense(
    session: Session, actor: Actor, now: datetime, today: date, expense_id: int, new: NewExpense, reason: str
) -> Expense:
    """Raises what ``expenses.correct`` and ``contra_entries.correct_expense`` do."""
    old = entries.expense(session, actor, today, expense_id)
    if contra_entries.is_settled(session, old):
        return contra_entries.correct_expense(session, actor, now, today, old, new, reason)
    return expenses.correct(session, actor, now, today, expense_id, new, reason)


def reverse_trip(
    session: Session, actor: Actor, now: datetime, today: date, trip_id: int, uid: str, reason: str
) -> Trip:
    """The trip counts no more; of a contra entry, what it took back counts again."""
    old = entries.trip(session, actor, today, trip_id)
    return _reversed(session, actor, now, today, old, trip_changes.void, uid, reason)


def reverse_expense(
    session: Session, actor: Actor, now: datetime, today: date, expense_id: int, uid: str, reason: str
) -> Expense:
    """The expense counts no more; of a contra entry, what it took back counts again."""
    old = entries.expense(session, actor, today, expense_id)
    return _reversed(session, actor, now, today, old, expenses.void, uid, reason)


def _reversed(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    old: Row,
    void: Callable[..., Row],
    uid: str,
    reason: str,
) -> Row:
    """``void`` is how it is done while the claim is open."""
    if old.contra_of_id is not None:
        return contra_entries.undo(session, actor, now, today, old, uid, reason)
    if contra_entries.is_settled(session, old):
        return contra_entries.take_back(session, actor, now, today, old, uid, reason)
    return void(session, actor, now, today, old.id, uid, reason)
