"""A visit dropped on another day of the calendar, and put back from there.

Both name the revision of the visit that the person saw: what has changed since is not moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.models.visits import Visit
from planner.services.schedule import agreements
from planner.services.schedule.agreements import Changed
from planner.services.schedule.calendar_visits import Hold, hold_of


@dataclass(frozen=True, slots=True)
class Dropped:
    """A visit on its new day; ``rev`` is what putting it back on ``came_from_on`` has to name."""

    changed: Changed
    account_name: str
    rev: int
    came_from_on: date


def drop(
    session: Session, actor: Actor, now: datetime, today: date, visit_id: int, rev: int, on: date
) -> Dropped:
    """Move a visit that nothing holds, and pin it on its new day.

    Raises Conflict("visit_changed") for another revision, Conflict("visit_held") for an agreed or pinned
    one, and as ``agreements.move`` does.
    """
    visit = _as_seen(session, actor, today, visit_id, rev)
    if hold_of(visit, today) is not Hold.MOVABLE:
        raise Conflict("visit_held", account=visit.account.name)
    before = visit.on
    changed = agreements.move(session, actor, now, today, visit_id, on)
    return Dropped(changed, visit.account.name, visit.rev, before)


def put_back(
    session: Session, actor: Actor, now: datetime, today: date, visit_id: int, rev: int, on: date
) -> Dropped:
    """Undo a drop: back to the day it came from, and movable as it was.

    Raises Conflict("visit_changed"), and as ``agreements.move`` does.
    """
    visit = _as_seen(session, actor, today, visit_id, rev)
    before = visit.on
    changed = agreements.move(session, actor, now, today, visit_id, on)
    agreements.pin(session, actor, today, visit_id, is_pinned=False)
    return Dropped(changed, visit.account.name, visit.rev, before)


def _as_seen(session: Session, actor: Actor, today: date, visit_id: int, rev: int) -> Visit:
    visit = agreements.to_come(session, actor, visit_id, today)
    if visit.rev != rev:
        raise Conflict("visit_changed", account=visit.account.name)
    return visit
