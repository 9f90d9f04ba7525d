"""A rep's own visits on the way: arrived, done with a report, missed, skipped, and undo.

Each step may be sent twice and happens once. ``today`` is the local date of the rep's territory; times
of day are recorded on the visit's own date only, a later report leaves them open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, Locked, NotFound
from planner.domain.visits import NotHeldReason, Outcome, VisitAction, VisitState, next_state
from planner.models.ledger import ClosedDay
from planner.models.visits import Visit
from planner.services.days import day_routes, notes
from planner.services.days.notes import NewNote

LONGEST_NEXT_STEP = 400
MOST_DAYS_AHEAD = 366


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a visit. ``uid`` is the note's; ``see_again_days`` None: as usual."""

    uid: str
    outcome: Outcome
    note: str = ""
    next_step: str = ""
    see_again_days: int | None = None


def arrive(session: Session, actor: Actor, now: datetime, today: date, visit_id: int) -> Visit:
    """The rep is there. Raises Conflict("visit_not_today") on any other day."""
    visit = _changeable(session, actor, today, visit_id)
    if visit.on != today:
        raise Conflict("visit_not_today")
    if visit.state is not VisitState.ARRIVED:
        _move(visit, VisitAction.ARRIVE)
        visit.arrived_at = now
        session.flush()
    return visit


def finish(
    session: Session, actor: Actor, now: datetime, today: date, visit_id: int, report: Report
) -> Visit:
    """The visit was held; a report sent again corrects the former one but for its note, which stays.

    Raises Invalid for a field, Conflict("visit_in_future"), Locked("day_closed").
    """
    visit = _changeable(session, actor, today, visit_id)
    _check(report)
    was_open = visit.state is not VisitState.DONE
    _move(visit, VisitAction.FINISH)
    if was_open and visit.on == today:
        visit.left_at = now
    visit.outcome, visit.next_step = report.outcome, report.next_step.strip()
    visit.see_again_days, visit.not_held_reason = report.see_again_days, None
    session.flush()
    if report.note.strip():
        notes.add(session, actor, now, NewNote(report.uid, visit.account_id, report.note, now, visit.id))
    return visit


def miss(
    session: Session, actor: Actor, now: datetime, today: date, visit_id: int, reason: NotHeldReason
) -> Visit:
    """The rep went and nobody was there: the way counts, the visit does not."""
    visit = _changeable(session, actor, today, visit_id)
    if visit.state is not VisitState.MISSED:
        _move(visit, VisitAction.MISS)
        if visit.on == today:
            visit.arrived_at, visit.left_at = visit.arrived_at or now, now
    visit.not_held_reason = reason
    session.flush()
    return visit


def skip(
    session: Session, actor: Actor, now: datetime, today: date, visit_id: int, reason: NotHeldReason
) -> Visit:
    """The rep does not go: the route loses the stop, so its times are no longer true."""
    visit = _changeable(session, actor, today, visit_id)
    if visit.state is not VisitState.SKIPPED:
        _move(visit, VisitAction.SKIP)
        visit.arrived_at = None
        day_routes.mark_stale(session, visit.rep_id, [visit.on])
    visit.not_held_reason = reason
    session.flush()
    return visit


def undo(session: Session, actor: Actor, today: date, visit_id: int) -> Visit:
    """Back to planned, until the day is closed. A note that was written stays: notes are only added."""
    visit = _changeable(session, actor, today, visit_id)
    if visit.state is VisitState.PLANNED:
        return visit
    if visit.state is VisitState.SKIPPED:
        day_routes.mark_stale(session, visit.rep_id, [visit.on])
    _move(visit, VisitAction.UNDO)
    visit.arrived_at = visit.left_at = visit.outcome = visit.see_again_days = visit.not_held_reason = None
    visit.next_step = ""
    session.flush()
    return visit


def own(session: Session, actor: Actor, visit_id: int) -> Visit:
    """A visit of the actor's own. Raises NotFound for anybody else's, a manager's reps' included."""
    visit = session.scalar(select(Visit).where(Visit.id == visit_id, Visit.rep_id == actor.user_id))
    if visit is None or visit.state is VisitState.CANCELLED:
        raise NotFound("visit", id=visit_id)
    return visit


def is_closed(session: Session, rep_id: int, on: date) -> bool:
    """Whether the rep has closed the day: trips are made of its visits, so they stand."""
    query = select(ClosedDay.id).where(ClosedDay.rep_id == rep_id, ClosedDay.on == on)
    return session.scalar(query) is not None


def _changeable(session: Session, actor: Actor, today: date, visit_id: int) -> Visit:
    visit = own(session, actor, visit_id)
    if visit.on > today:
        raise Conflict("visit_in_future", on=visit.on.isoformat())
    if is_closed(session, visit.rep_id, visit.on):
        raise Locked("day_closed", on=visit.on.isoformat())
    return visit


def _move(visit: Visit, action: VisitAction) -> None:
    visit.state = next_state(visit.state, action)
    visit.rev += 1


def _check(report: Report) -> None:
    if len(report.next_step.strip()) > LONGEST_NEXT_STEP:
        raise Invalid("next_step", "text_length", most=LONGEST_NEXT_STEP)
    if report.see_again_days is not None and not 0 < report.see_again_days <= MOST_DAYS_AHEAD:
        raise Invalid("see_again_days", "see_again_range", most=MOST_DAYS_AHEAD)
