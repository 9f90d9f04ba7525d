"""What trips and expenses share: which entries stand, and which may still be corrected.

An entry stands when no later one corrects it and it is no reversal itself. It is in force when no contra
entry takes it back either; a contra entry stands, for sums, and is never in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, ColumnElement, FromClause, column, exists, inspect, select
from sqlalchemy import table as select_from
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import EDITABLE
from planner.domain.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from planner.models.ledger import Claim, Expense, Trip
from planner.services import scope
from planner.services.days.day_facts import zone_of
from planner.services.ledger import chain, closed_months

Row = TypeVar("Row", Trip, Expense)


def _others(table: Any) -> FromClause:
    """Other entries of a table, with what is asked of them here: an alias of a class makes its forty columns
    anew each time."""
    named = ("id", "corrects_id", "contra_of_id")
    name = inspect(table).mapper.local_table.name
    return select_from(name, *map(column, named), column("is_void", Boolean())).alias()


def _stands(row: Any, later: FromClause) -> ColumnElement[bool]:
    return row.is_void.is_(False) & ~exists().where(later.c.corrects_id == row.id)


def standing(table: Any) -> ColumnElement[bool]:
    """The condition that an entry of ``table``, or of an alias of it, counts: not corrected, not reversed."""
    return _stands(table, _others(table))


def taken_back(table: type[Trip] | type[Expense]) -> ColumnElement[bool]:
    """The condition that a standing contra entry takes an entry back."""
    contra = _others(table)
    return exists().where(contra.c.contra_of_id == table.id, _stands(contra.c, _others(table)))


def in_force(table: type[Trip] | type[Expense]) -> ColumnElement[bool]:
    """The condition that an entry says what was driven or spent, not only what was once booked."""
    return standing(table) & table.contra_of_id.is_(None) & ~taken_back(table)


def contra_of(session: Session, entry: Row) -> Row | None:
    """The standing contra entry that takes an entry back, when there is one."""
    table = type(entry)
    return session.scalar(select(table).where(table.contra_of_id == entry.id, standing(table)))


def trip(session: Session, actor: Actor, today: date, trip_id: int) -> Trip:
    """A trip within the actor's scope. Raises NotFound."""
    visible = Trip.rep_id.in_(scope.rep_ids(actor, today))
    row = session.scalar(select(Trip).where(Trip.id == trip_id, visible))
    if row is None:
        raise NotFound("trip", id=trip_id)
    return row


def expense(session: Session, actor: Actor, today: date, expense_id: int) -> Expense:
    """An expense within the actor's scope. Raises NotFound."""
    visible = Expense.rep_id.in_(scope.rep_ids(actor, today))
    row = session.scalar(select(Expense).where(Expense.id == expense_id, visible))
    if row is None:
        raise NotFound("expense", id=expense_id)
    return row


def check_correctable(session: Session, actor: Actor, entry: Trip | Expense) -> None:
    """Only its own rep corrects an entry, only while it stands, its claim is open and its month too. A contra
    entry is not corrected.

    Raises NotAllowed("not_your_entry"), Conflict("contra_fixed") and what ``check_open`` does.
    """
    if actor.user_id != entry.rep_id:
        raise NotAllowed("not_your_entry")
    if entry.contra_of_id is not None:
        raise Conflict("contra_fixed")
    check_open(session, entry)


def check_open(session: Session, entry: Trip | Expense) -> None:
    """Another entry may stand in the place of this one. Holds the rep's chain.

    Raises Conflict("entry_superseded"), Conflict("entry_taken_back"), Locked("entry_locked"),
    Locked("period_closed").
    """
    chain.hold(session, entry.rep_id)
    check_last(session, entry)
    claim = session.get(Claim, entry.claim_id) if entry.claim_id else None
    if claim is not None and claim.state not in EDITABLE:
        raise Locked("entry_locked", state=claim.state.value)
    if closed_months.holds(session, entry, claim):
        raise Locked("period_closed")


def stands(session: Session, entry: Trip | Expense) -> bool:
    """Whether it counts: not corrected, not reversed."""
    table = type(entry)
    return session.scalar(select(table.id).where(table.id == entry.id, standing(table))) is not None


def check_last(session: Session, entry: Trip | Expense) -> None:
    """Raises Conflict("entry_superseded"), Conflict("entry_taken_back")."""
    if not stands(session, entry):
        raise Conflict("entry_superseded")
    if contra_of(session, entry) is not None:
        raise Conflict("entry_taken_back")


def history(session: Session, entry: Row) -> Sequence[Row]:
    """The entry and what came before and after it by correction, oldest first."""
    table = type(entry)
    rows = [entry]
    while rows[0].corrects_id is not None:
        rows.insert(0, session.get_one(table, rows[0].corrects_id))
    while (later := session.scalar(select(table).where(table.corrects_id == rows[-1].id))) is not None:
        rows.append(later)
    return rows


def first_of(session: Session, entry: Row) -> Row:
    """The first entry of all that stood for the same drive or expense, also in claims that were approved."""
    table, first = type(entry), history(session, entry)[0]
    while first.replaces_id is not None:
        first = history(session, session.get_one(table, first.replaces_id))[0]
    return first


def replacement(session: Session, entry: Row) -> Row | None:
    """What was entered in place of an entry that was taken back, while it counts."""
    table = type(entry)
    return session.scalar(select(table).where(table.replaces_id == entry.id, standing(table)))


def noted_at(entry: Trip | Expense) -> datetime:
    """When it was written down: on the phone that sent it, else as we heard of it."""
    return entry.captured_at or entry.entered_at


def recorded_on(session: Session, entry: Trip | Expense) -> date:
    """The rep's date when the entry, or the first of those it corrects or replaces, was noted."""
    first = first_of(session, entry)
    zone = ZoneInfo(zone_of(session, first.rep_id, first.on))
    return noted_at(first).astimezone(zone).date()


def uuid_text(text: str) -> str:
    """The uid in its one form. Raises Invalid("uid", "bad_uid")."""
    try:
        return str(UUID(text))
    except ValueError:
        raise Invalid("uid", "bad_uid") from None


def reason_text(text: str) -> str:
    """A reason for a change. Raises Invalid("reason")."""
    if not text.strip():
        raise Invalid("reason", "change_reason_missing")
    return checked_text("reason", text, 400)


def checked_text(field: str, text: str, most: int) -> str:
    """The text without blanks around it. Raises Invalid(field, "text_length")."""
    if len(text.strip()) > most:
        raise Invalid(field, "text_length", most=most)
    return text.strip()
