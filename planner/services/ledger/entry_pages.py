"""What the pages of one trip and one expense show: the entry, its corrections, and whether it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import EDITABLE
from planner.domain.findings import Finding
from planner.models.ledger import Claim, Expense, MileageRate, Trip, TripPart
from planner.models.people import Person
from planner.services.ledger import (
    adjustments,
    closed_months,
    contra_entries,
    entries,
    expense_findings,
    expense_lines,
    expense_ties,
)
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.expense_ties import Tied


@dataclass(frozen=True, slots=True)
class Settling:
    """What a later claim makes of an entry: ``contra`` takes it back, or it is one itself and takes ``of``
    back. ``by`` is the name of who did so in place of the rep. ``is_due``: what is wrong with the entry is
    taken back now, no longer corrected; ``may_undo``: the reader took ``of`` back, and its claim is
    open. ``may_replace``: the reader may enter what is right in its place."""

    contra: Trip | Expense | None = None
    of: Trip | Expense | None = None
    by: str = ""
    is_due: bool = False
    may_undo: bool = False
    may_replace: bool = False


@dataclass(frozen=True, slots=True)
class TripPage:
    """``rate`` None: no rate held on the day. ``history`` is oldest first and holds the trip itself.
    ``parts`` are there when it crosses a yearly band, each with its rate; ``adjustments`` are what later
    rates made of it; ``is_closed``: its month takes no entries. ``expenses`` are parking and tolls on
    the way."""

    trip: Trip
    claim: Claim | None
    rate: MileageRate | None
    history: Sequence[Trip]
    parts: Sequence[tuple[TripPart, MileageRate | None]] = ()
    adjustments: Sequence[Trip] = ()
    is_closed: bool = False
    expenses: Sequence[Expense] = ()
    settling: Settling = Settling()

    @property
    def is_open(self) -> bool:
        return not self.is_closed and _is_open(self.trip, self.claim, self.history, self.settling)

    @property
    def driven_metres(self) -> int:
        """With what is not counted of the way to work."""
        return self.trip.metres + self.trip.commute_metres


@dataclass(frozen=True, slots=True)
class ExpensePage:
    """``tied`` is what it belongs to; ``is_closed``: its month takes no entries. ``findings`` are what the
    reviewer will be asked."""

    expense: Expense
    claim: Claim | None
    tied: Tied
    history: Sequence[Expense]
    is_closed: bool = False
    findings: tuple[Finding, ...] = ()
    settling: Settling = Settling()

    @property
    def said(self) -> NewExpense:
        """Its drive is the one that stands now, which is the one there is to choose."""
        trip_id = self.tied.trip.id if self.tied.trip else None
        return replace(expense_lines.said(self.expense), trip_id=trip_id)

    @property
    def is_open(self) -> bool:
        return not self.is_closed and _is_open(self.expense, self.claim, self.history, self.settling)


def trip_page(session: Session, actor: Actor, today: date, trip_id: int) -> TripPage:
    """Raises NotFound for a trip outside the actor's scope."""
    row = entries.trip(session, actor, today, trip_id)
    rate = session.get(MileageRate, row.rate_id) if row.rate_id else None
    history = entries.history(session, row)
    parts = [(part, session.get(MileageRate, part.rate_id) if part.rate_id else None) for part in row.parts]
    booked = adjustments.of_trip(session, [entry.id for entry in history])
    claim = _claim(session, row)
    spent = expense_ties.of_trip(session, history)
    is_closed = closed_months.holds(session, row, claim)
    settled = settling(session, actor, row, claim)
    return TripPage(row, claim, rate, history, parts, booked, is_closed, spent, settled)


def expense_page(session: Session, actor: Actor, today: date, expense_id: int) -> ExpensePage:
    """Raises NotFound for an expense outside the actor's scope."""
    row = entries.expense(session, actor, today, expense_id)
    claim, history = _claim(session, row), entries.history(session, row)
    counts = history[-1].id == row.id and not row.is_void
    is_closed = closed_months.holds(session, row, claim)
    settled = settling(session, actor, row, claim)
    return ExpensePage(
        row,
        claim,
        expense_ties.of_expense(session, row),
        history,
        is_closed,
        expense_findings.of_one(session, row) if counts and settled.contra is None else (),
        settled,
    )


def _claim(session: Session, row: Trip | Expense) -> Claim | None:
    return session.get(Claim, row.claim_id) if row.claim_id else None


def _is_open(
    row: Trip | Expense,
    claim: Claim | None,
    history: Sequence[Trip] | Sequence[Expense],
    settling: Settling,
) -> bool:
    """Whether its rep may still correct it."""
    is_last = history[-1].id == row.id and settling.contra is None and settling.of is None
    return is_last and not row.is_void and (claim is None or claim.state in EDITABLE)


def settling(session: Session, actor: Actor, row: Trip | Expense, claim: Claim | None) -> Settling:
    """What a later claim makes of an entry of ``claim``. The caller has checked the scope."""
    contra = entries.contra_of(session, row)
    of = session.get(type(row), row.contra_of_id) if row.contra_of_id else None
    named = (contra or row).entered_by_id
    stands = contra is None and entries.stands(session, row)
    is_mine = actor.user_id == (row.entered_by_id or row.rep_id)
    is_open = claim is not None and claim.state in EDITABLE and not closed_months.holds(session, row, claim)
    return Settling(
        contra,
        of,
        by=session.get_one(Person, named).name if named else "",
        is_due=stands and of is None and contra_entries.may(session, actor, row),
        may_undo=stands and of is not None and is_mine and is_open,
        may_replace=contra_entries.may_replace(session, actor, row),
    )
