"""What a rep sees before and after closing a day: what is undecided, the drives, the expenses, the sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.day_kept import Kept
from planner.domain.expenses import ExpenseCategory
from planner.domain.money import by_currency
from planner.domain.review import Flag
from planner.domain.visits import UNDECIDED
from planner.models.ledger import ClosedDay, Trip
from planner.services.days import today
from planner.services.days.day_visits import DayVisit
from planner.services.ledger import entries, expense_findings, expenses, per_diems, plan_kept, receipts, trips
from planner.services.ledger.day_trips import OffTheRoads, TripDraft
from planner.services.ledger.per_diems import Proposal


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    expense_id: int
    category: ExpenseCategory
    amount_minor: int
    currency: str
    merchant: str
    has_receipt: bool
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A day still open: the drives it would be closed with, and the visits that must be decided first.
    ``uncounted`` are metres of drives, by their key, that are the rep's own way to work."""

    undecided: tuple[DayVisit, ...]
    drives: tuple[TripDraft, ...]
    past_by: tuple[OffTheRoads, ...]
    metres: int
    uncounted: dict[int, int]


@dataclass(frozen=True, slots=True)
class ClosedTrip:
    trip_id: int
    from_label: str
    to_label: str
    purpose: str
    metres: int
    road_metres: int
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A closed day: its trips as they stand, corrections included. ``as_planned``: its distances were left as
    the road's; how it was driven beside its plan says ``kept``."""

    closed_at: datetime
    as_planned: bool
    reason: str
    odometer_metres: int | None
    trips: tuple[ClosedTrip, ...]
    kept: Kept | None = None

    @property
    def metres(self) -> int:
        return sum(trip.metres for trip in self.trips)

    @property
    def amounts(self) -> dict[str, int]:
        """By currency: a trip added after its rep was moved is in another one."""
        return by_currency((trip.amount_minor, trip.currency) for trip in self.trips)


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """Either ``draft`` or ``summary``, then with the per diem the day is worth, where there is one."""

    day: today.Day
    draft: Draft | None
    summary: Summary | None
    expenses: tuple[ExpenseLine, ...]
    per_diem: Proposal | None = None


def page(
    session: Session, actor: Actor, now: datetime, today_on: date, networks_folder: Path, on: date
) -> ClosingPage:
    """The actor's own day on its way into the ledger. Raises as ``trips.preview`` does."""
    day = today.day(session, actor, now, today_on, on)
    closed = session.scalar(select(ClosedDay).where(ClosedDay.rep_id == actor.user_id, ClosedDay.on == on))
    return ClosingPage(
        day=day,
        draft=_draft(session, actor, networks_folder, day) if closed is None else None,
        summary=_summary(session, closed) if closed is not None else None,
        expenses=_expenses(session, actor.user_id, on),
        per_diem=per_diems.proposal(session, actor, on) if closed is not None else None,
    )


def _draft(session: Session, actor: Actor, networks_folder: Path, day: today.Day) -> Draft:
    found = trips.preview(session, actor, networks_folder, actor.user_id, day.on)
    return Draft(
        undecided=tuple(visit for visit in day.visits if visit.state in UNDECIDED),
        drives=found.trips,
        past_by=found.left_out,
        metres=found.metres,
        uncounted={
            drive.key: metres
            for drive in found.trips
            if (metres := found.uncounted_metres(drive, drive.metres))
        },
    )


def _summary(session: Session, closed: ClosedDay) -> Summary:
    query = select(Trip).where(Trip.rep_id == closed.rep_id, Trip.on == closed.on, entries.standing(Trip))
    return Summary(
        closed_at=closed.closed_at,
        as_planned=closed.as_planned,
        reason=closed.reason,
        odometer_metres=closed.odometer_metres,
        trips=tuple(
            ClosedTrip(
                trip_id=row.id,
                from_label=row.from_label,
                to_label=row.to_label,
                purpose=row.purpose,
                metres=row.metres,
                road_metres=row.road_metres,
                amount_minor=row.amount_minor,
                currency=row.currency,
            )
            for row in session.scalars(query.order_by(Trip.position, Trip.id))
        ),
        kept=plan_kept.of_day(session, closed.rep_id, closed.on),
    )


def _expenses(session: Session, rep_id: int, on: date) -> tuple[ExpenseLine, ...]:
    rows = expenses.of_day(session, rep_id, on)
    found = expense_findings.of_lines(session, rows)
    return tuple(
        ExpenseLine(
            expense_id=row.id,
            category=row.category,
            amount_minor=row.amount_minor,
            currency=row.currency,
            merchant=row.merchant,
            has_receipt=receipts.is_here(row),
            flags=tuple(finding.flag for finding in found.get(row.id, ())),
        )
        for row in rows
    )
