"""Contra entries: what is wrong in an approved claim, or a closed month, is taken back in an open one.

The entry stays where it is, in its claim, its export and its sums. Its exact negative goes into the claim
that is open today, and what is right beside it as a new entry of the same day. The rep does so, or whoever
answers for them takes a line back; either takes back only their own contra entry, while its claim is open.
An adjustment of a trip that is taken back is proposed away like any other difference.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import EDITABLE, SETTLED, ClaimState
from planner.domain.errors import Conflict, Locked, NotAllowed
from planner.domain.mileage import TripOrigin
from planner.models.ledger import Claim, Expense, Trip
from planner.services import scope
from planner.services.installation import audit
from planner.services.ledger import (
    chain,
    claims,
    closed_months,
    entries,
    expense_lines,
    expenses,
    repricing,
    successors,
    trip_changes,
)
from planner.services.ledger.entries import Row
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.trip_changes import TripChange

CONTRA = UUID("8f0b3c5e-5a1d-4a55-9b5c-61f5a2f0d9a7")
"""Namespace of the uids of contra entries that make room for a new one: sent twice it is entered once."""


def is_settled(session: Session, entry: Trip | Expense) -> bool:
    """Whether what is wrong with an entry is taken back in a later claim: its own was approved, or its month
    is closed."""
    claim = session.get(Claim, entry.claim_id) if entry.claim_id else None
    if claim is None:
        return False
    return claim.state in SETTLED or (claim.state in EDITABLE and closed_months.holds(session, entry, claim))


def may(session: Session, actor: Actor, entry: Trip | Expense) -> bool:
    """Whether the actor may take a standing entry back. The caller has checked the scope."""
    is_answering = actor.user_id == entry.rep_id or actor.is_manager or actor.is_admin
    is_adjustment = isinstance(entry, Trip) and entry.origin is TripOrigin.ADJUSTMENT
    return is_answering and not is_adjustment and is_settled(session, entry)


def take_back(
    session: Session, actor: Actor, now: datetime, today: date, entry: Row, uid: str, reason: str
) -> Row:
    """The contra entry of a trip or an expense. The same uid again is the same one, entered once.

    Raises NotFound outside the actor's scope, NotAllowed("not_your_entry"), Invalid("reason"),
    Conflict("entry_superseded"), Conflict("entry_taken_back"), Conflict("contra_fixed"),
    Conflict("adjustment_fixed"), Conflict("entry_open") where it can still be corrected, and
    Locked("entry_locked") while its claim waits for a decision.
    """
    known = _known(session, entry, entries.uuid_text(uid))
    if known is not None and known.contra_of_id == entry.id:
        scope.rep(session, actor, entry.rep_id, today)
        return known
    row = _taken_back(session, actor, now, today, entry, uid, reason)
    _settle(session, now, row)
    return row


def _taken_back(
    session: Session, actor: Actor, now: datetime, today: date, entry: Row, uid: str, reason: str
) -> Row:
    """As ``take_back``; what that does to the trips behind it is the caller's business."""
    uid, said = entries.uuid_text(uid), entries.reason_text(reason)
    scope.rep(session, actor, entry.rep_id, today)
    _check(session, actor, entry)
    row = _made(entry, successors.contra, expense_lines.contra, uid, said)
    row.claim_id = claims.open_for(session, entry.rep_id, today, entry.currency).id
    row.entered_by_id = None if actor.user_id == entry.rep_id else actor.user_id
    _enter(session, now, row)
    told = {"kind": entry.__tablename__, "entry": entry.id, "contra": row.id, "amount": row.amount_minor}
    audit.record(session, actor, now, "entry.taken_back", "rep", entry.rep_id, None, told)
    return row


def undo(
    session: Session, actor: Actor, now: datetime, today: date, contra: Row, uid: str, reason: str
) -> Row:
    """Let what was taken back count again: only who took it back, and only while the contra entry's claim is
    open. The same uid again is the same undo.

    Raises NotFound outside the actor's scope, NotAllowed("contra_of_other"), Invalid("reason"),
    Conflict("entry_superseded"), Conflict("entry_replaced") while what was entered in its place counts,
    Conflict("entry_replaced_since") where that was taken back in turn, Locked("entry_locked"),
    Locked("period_closed").
    """
    uid, said = entries.uuid_text(uid), entries.reason_text(reason)
    scope.rep(session, actor, contra.rep_id, today)
    known = _known(session, contra, uid)
    if known is not None and known.corrects_id == contra.id:
        return known
    if actor.user_id != (contra.entered_by_id or contra.rep_id):
        raise NotAllowed("contra_of_other")
    entries.check_open(session, contra)
    line = session.get_one(type(contra), contra.contra_of_id)
    _check_place(session, line)
    row = _made(contra, successors.reversal, expense_lines.reversal, uid, said)
    row.entered_by_id = contra.entered_by_id
    _enter(session, now, row)
    _settle(session, now, row)
    told = {"kind": contra.__tablename__, "contra": contra.id, "amount": contra.amount_minor}
    audit.record(session, actor, now, "entry.counts_again", "rep", contra.rep_id, None, told)
    return row


def correct_trip(
    session: Session, actor: Actor, now: datetime, today: date, old: Trip, change: TripChange
) -> Trip:
    """Take a trip back, unless that was done, and enter it as it was. Raises what ``take_back`` does,
    NotAllowed for anybody but its rep, and Invalid for a field."""
    uid = _own(actor, old, change.uid)
    known = _known(session, old, uid)
    if known is not None and known.replaces_id == old.id:
        return known
    _make_room(session, actor, now, today, old, uid, change.reason)
    row = successors.again(old, uid, entries.reason_text(change.reason))
    trip_changes.say(session, row, old, change)
    row.claim_id = claims.open_for(session, old.rep_id, today, old.currency).id
    row.is_void, row.is_late, row.replaces_id = False, old.is_late, old.id
    return trip_changes.enter(session, now, row)


def correct_expense(
    session: Session, actor: Actor, now: datetime, today: date, old: Expense, new: NewExpense, reason: str
) -> Expense:
    """Take an expense back, unless that was done, and enter it as it was. Raises as ``correct_trip``."""
    uid = _own(actor, old, new.uid)
    known = _known(session, old, uid)
    if known is not None and known.replaces_id == old.id:
        return known
    _make_room(session, actor, now, today, old, uid, reason)
    return expenses.once_more(session, actor, now, today, old, new, reason)


def may_replace(session: Session, actor: Actor, entry: Trip | Expense) -> bool:
    """Whether the actor may enter what is right in place of an entry that was taken back."""
    is_free = entries.contra_of(session, entry) is not None and entries.replacement(session, entry) is None
    return is_free and actor.user_id == entry.rep_id and is_settled(session, entry)


def _make_room(
    session: Session, actor: Actor, now: datetime, today: date, old: Trip | Expense, uid: str, reason: str
) -> None:
    chain.hold(session, old.rep_id)
    if not may_replace(session, actor, old):
        _taken_back(session, actor, now, today, old, str(uuid5(CONTRA, uid)), reason)


def _own(actor: Actor, old: Trip | Expense, uid: str) -> str:
    if actor.user_id != old.rep_id:
        raise NotAllowed("not_your_entry")
    return entries.uuid_text(uid)


def _known(session: Session, beside: Row, uid: str) -> Row | None:
    table = type(beside)
    return session.scalar(select(table).where(table.rep_id == beside.rep_id, table.uid == uid))


def _check(session: Session, actor: Actor, entry: Trip | Expense) -> None:
    if actor.user_id != entry.rep_id and not (actor.is_manager or actor.is_admin):
        raise NotAllowed("not_your_entry")
    chain.hold(session, entry.rep_id)
    entries.check_last(session, entry)
    if entry.contra_of_id is not None:
        raise Conflict("contra_fixed")
    if isinstance(entry, Trip) and entry.origin is TripOrigin.ADJUSTMENT:
        raise Conflict("adjustment_fixed")
    if is_settled(session, entry):
        return
    claim = session.get(Claim, entry.claim_id) if entry.claim_id else None
    if claim is not None and claim.state is ClaimState.SUBMITTED:
        raise Locked("entry_locked", state=claim.state.value)
    raise Conflict("entry_open")


def _check_place(session: Session, line: Trip | Expense) -> None:
    """What was entered in place of a line, corrected since or not, must not count. Taken back itself it may
    count again, or have something in its own place: what is right goes there, at the end of the chain, and
    the lines before it stay taken back.
    """
    place = entries.replacement(session, line)
    if place is None:
        return
    is_taken_back = entries.contra_of(session, place) is not None
    raise Conflict("entry_replaced_since" if is_taken_back else "entry_replaced")


def _made(
    entry: Row,
    of_trip: Callable[[Trip, str, str], Trip],
    of_expense: Callable[[Expense, str, str], Expense],
    uid: str,
    reason: str,
) -> Row:
    if isinstance(entry, Trip):
        return of_trip(entry, uid, reason)
    return of_expense(entry, uid, reason)


def _enter(session: Session, now: datetime, row: Trip | Expense) -> None:
    row.entered_at = now
    session.add(row)
    session.flush()
    chain.append(session, row.rep_id, [row])


def _settle(session: Session, now: datetime, row: Trip | Expense) -> None:
    """Trips behind one that came or went may lie in other bands."""
    if isinstance(row, Trip):
        repricing.settle_counter(session, now, trip_changes.place_of(session, row), row)
