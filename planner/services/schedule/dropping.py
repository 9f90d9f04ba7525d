"""A visit dropped on another day of the calendar, and put back from there.

Both name the revision of the visit that the person saw: what has changed since is not moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict
from planner.models.settings import AuditEntry
from planner.models.visits import Visit
from planner.services.schedule import agreements, other_days
from planner.services.schedule.agreements import Changed
from planner.services.schedule.calendar_visits import Hold, hold_of
from planner.services.schedule.other_days import NO_ROOM, Choices


@dataclass(frozen=True, slots=True)
class Dropped:
    """A visit on its new day; ``rev`` is what putting it back has to name."""

    changed: Changed
    account_name: str
    rev: int


def drop(
    session: Session,
    actor: Actor,
    networks_folder: Path,
    now: datetime,
    today: date,
    visit_id: int,
    rev: int,
    on: date,
) -> Dropped:
    """Move a visit that nothing holds, and pin it on its new day.

    Raises Conflict("visit_changed") for another revision, Conflict("visit_held") for an agreed or pinned
    one, Conflict("into_today"), Conflict("day_has_no_room") where no order of that day fits it, and as
    ``agreements.move`` does.
    """
    visit = _as_seen(session, actor, today, visit_id, rev)
    if hold_of(visit, today) is not Hold.MOVABLE:
        raise Conflict("visit_held", account=visit.account.name)
    if on != visit.on:
        _check_room(other_days.for_visit(session, actor, networks_folder, visit_id, today), on, today)
    changed = agreements.move(session, actor, now, today, visit_id, on)
    return Dropped(changed, visit.account.name, visit.rev)


def _check_room(choices: Choices, on: date, today: date) -> None:
    """What ``agreements.move`` knows nothing of. Too near, too early, too late: that a person decides."""
    if on == today:
        raise Conflict("into_today")
    if any(day.on == on and day.blocked == NO_ROOM for day in choices.days):
        raise Conflict("day_has_no_room", account=choices.account_name)


def put_back(session: Session, actor: Actor, now: datetime, today: date, visit_id: int, rev: int) -> Dropped:
    """Undo a drop: back to the day it came from, and movable as it was, even where a rule speaks against
    that day by now: the visit stood there.

    Raises Conflict("visit_changed") for another revision or where no drop was the last thing done to the
    visit, Conflict("visit_past") for a day that is over by now, and as ``agreements.put_on`` does.
    """
    visit = _as_seen(session, actor, today, visit_id, rev)
    on = _came_from_on(session, visit)
    if on is None:
        raise Conflict("visit_changed", account=visit.account.name)
    if on < today:
        raise Conflict("visit_past")
    changed = agreements.put_on(session, actor, now, visit, on, is_pinned=False)
    return Dropped(changed, visit.account.name, visit.rev)


def _came_from_on(session: Session, visit: Visit) -> date | None:
    """As the log of the visit's last move says; None where that move did not lead to where it stands."""
    last = session.scalar(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == "visit", AuditEntry.subject_id == visit.id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if last is None or last.action != "visit.moved" or last.after.get("on") != visit.on.isoformat():
        return None
    return date.fromisoformat(last.before["on"])


def _as_seen(session: Session, actor: Actor, today: date, visit_id: int, rev: int) -> Visit:
    visit = agreements.to_come(session, actor, visit_id, today)
    if visit.rev != rev:
        raise Conflict("visit_changed", account=visit.account.name)
    return visit
