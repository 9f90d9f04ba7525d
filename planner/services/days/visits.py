"""A rep's own visits on the way: arrived, done with a report, missed, skipped, and undo.

Each step may be sent twice and happens once. ``when`` tells when it was taken, which may be long before the
server hears of it. Times of day are recorded on the visit's own date only, a later report leaves them open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.capture import Captured
from planner.domain.errors import Conflict, Invalid, Locked, NotFound
from planner.domain.quick_dates import Quick
from planner.domain.visits import NotHeldReason, Outcome, VisitAction, VisitState, next_state
from planner.models.ledger import ClosedDay
from planner.models.visits import Visit
from planner.services import revisions
from planner.services.days import day_routes, follow_ups, notes
from planner.services.days.notes import NewNote

LONGEST_NEXT_STEP = 400
MOST_DAYS_AHEAD = 366


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a visit. ``uid`` is the note's; ``see_again_days`` None: as usual; ``next_by``: until
    when the next step is to be done, None without a date; ``next_in`` counts where it is None."""

    uid: str
    outcome: Outcome
    note: str = ""
    next_step: str = ""
    see_again_days: int | None = None
    next_by: date | None = None
    next_in: Quick | None = None


def arrive(session: Session, actor: Actor, when: Captured, visit_id: int) -> Visit:
    """The rep is there. Raises Conflict("visit_not_today") on any other day."""
    visit = _changeable(session, actor, when, visit_id)
    if visit.on != when.on:
        raise Conflict("visit_not_today")
    if visit.state not in (VisitState.ARRIVED, VisitState.LEFT):
        _move(visit, VisitAction.ARRIVE, actor, when)
        visit.arrived_at = when.at
    return visit


def leave(session: Session, actor: Actor, when: Captured, visit_id: int) -> Visit:
    """The rep drives on; the report is still to be written. Raises Conflict("visit_not_today") as ``arrive``
    does."""
    visit = _changeable(session, actor, when, visit_id)
    if visit.on != when.on:
        raise Conflict("visit_not_today")
    if visit.state is not VisitState.LEFT:
        _move(visit, VisitAction.LEAVE, actor, when)
        visit.left_at = when.at
    return visit


def finish(session: Session, actor: Actor, when: Captured, visit_id: int, report: Report) -> Visit:
    """The visit was held; a report sent again corrects the former one but for its note, which stays.

    Raises Invalid for a field, Conflict("visit_in_future"), Locked("day_closed").
    """
    visit = _changeable(session, actor, when, visit_id)
    _check(report)
    was_open = visit.state is not VisitState.DONE
    _move(visit, VisitAction.FINISH, actor, when)
    if was_open:
        visit.left_at = visit.left_at or _time_on(visit, when)
    had_next_step = bool(visit.next_step)
    visit.outcome, visit.next_step = report.outcome, report.next_step.strip()
    next_by = report.next_by or follow_ups.said(session, actor.user_id, when.on, report.next_in)
    if had_next_step or visit.next_step or next_by:
        follow_ups.keep_of_visit(session, actor, when, visit, next_by)
    visit.see_again_days, visit.not_held_reason = report.see_again_days, None
    if report.note.strip():
        new = NewNote(report.uid, visit.account_id, report.note, when.at, visit.id)
        notes.add(session, actor, when.received_at, new)
    return visit


def miss(session: Session, actor: Actor, when: Captured, visit_id: int, reason: NotHeldReason) -> Visit:
    """The rep went and nobody was there: the way counts, the visit does not."""
    visit = _changeable(session, actor, when, visit_id)
    if visit.state is not VisitState.MISSED:
        _move(visit, VisitAction.MISS, actor, when)
        at = _time_on(visit, when)
        visit.arrived_at, visit.left_at = visit.arrived_at or at, visit.left_at or at
    visit.not_held_reason = reason
    return visit


def skip(session: Session, actor: Actor, when: Captured, visit_id: int, reason: NotHeldReason) -> Visit:
    """The rep does not go: the route loses the stop, so its times are no longer true."""
    visit = _changeable(session, actor, when, visit_id)
    if visit.state is not VisitState.SKIPPED:
        _move(visit, VisitAction.SKIP, actor, when)
        visit.arrived_at = visit.left_at = None
        day_routes.mark_stale(session, visit.rep_id, [visit.on])
    visit.not_held_reason = reason
    return visit


def undo(session: Session, actor: Actor, when: Captured, visit_id: int) -> Visit:
    """Back to planned, or to being there where the rep had only left, until the day is closed. A note that
    was written stays: notes are only added."""
    visit = _changeable(session, actor, when, visit_id)
    if visit.state is VisitState.PLANNED:
        return visit
    if visit.state is VisitState.SKIPPED:
        day_routes.mark_stale(session, visit.rep_id, [visit.on])
    _move(visit, VisitAction.UNDO, actor, when)
    visit.left_at = None
    if visit.state is VisitState.ARRIVED:
        return visit
    visit.arrived_at = visit.outcome = visit.see_again_days = visit.not_held_reason = None
    if visit.next_step:
        follow_ups.drop_of_visit(session, visit.id)
    visit.next_step = ""
    return visit


def own(session: Session, actor: Actor, visit_id: int) -> Visit:
    """A visit of the actor's own. Raises NotFound for anybody else's, a manager's reps' included."""
    visit = session.get(Visit, visit_id)
    if visit is None or visit.rep_id != actor.user_id or visit.state is VisitState.CANCELLED:
        raise NotFound("visit", id=visit_id)
    return visit


def is_closed(session: Session, rep_id: int, on: date) -> bool:
    """Whether the rep has closed the day: trips are made of its visits, so they stand."""
    closed = select(ClosedDay.id).where(ClosedDay.rep_id == rep_id, ClosedDay.on == on)
    return session.scalar(closed) is not None


def _changeable(session: Session, actor: Actor, when: Captured, visit_id: int) -> Visit:
    visit = own(session, actor, visit_id)
    if visit.on > when.today:
        raise Conflict("visit_in_future", on=visit.on.isoformat())
    if visit.closed_day is not None:
        raise Locked("day_closed", on=visit.on.isoformat())
    return visit


def _move(visit: Visit, action: VisitAction, actor: Actor, when: Captured) -> None:
    visit.state = next_state(visit.state, action)
    visit.rev += 1
    revisions.changed(visit, actor.user_id, when.received_at)


def _time_on(visit: Visit, when: Captured) -> datetime | None:
    """When it happened, if that was on the visit's own date."""
    return when.at if visit.on == when.on else None


def _check(report: Report) -> None:
    if len(report.next_step.strip()) > LONGEST_NEXT_STEP:
        raise Invalid("next_step", "text_length", most=LONGEST_NEXT_STEP)
    if report.see_again_days is not None and not 0 < report.see_again_days <= MOST_DAYS_AHEAD:
        raise Invalid("see_again_days", "see_again_range", most=MOST_DAYS_AHEAD)
