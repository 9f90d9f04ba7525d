"""What a rep does to the rest of a day in one tap, kept so that one tap takes it back.

A change of the route is taken back as long as nothing was put in order after it; what came of visits
meanwhile stays. What was learnt about an account is taken back as long as nobody has changed it since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Locked, NotFound
from planner.models.visits import DayChange, DayRoute
from planner.services.days import day_snapshots, taking_back, visits
from planner.services.days.day_snapshots import Snapshot

SHOWN = 6
SHARED_OUT = "shared_out"
"""The kind of a day that a manager shared out; ``services.cover`` takes it back, not the rep."""


@dataclass(frozen=True, slots=True)
class Change:
    """``told`` are the values of its sentence. ``can_be_undone``: it is the last one, and the day is open."""

    change_id: int
    on: date
    kind: str
    told: Mapping[str, Any]
    made_at: datetime
    is_undone: bool
    can_be_undone: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A change about to be made: the route before it, and beside it what ``taking_back`` understands.
    ``is_of_route``: False for one that leaves the order alone."""

    kind: str
    told: Mapping[str, Any]
    route: Snapshot | None
    rows: Mapping[str, Any]
    is_of_route: bool = True


def keep(session: Session, now: datetime, rep_id: int, on: date, step: Step) -> int:
    """Note a change that has just been made; returns its id."""
    row = DayChange(
        rep_id=rep_id,
        on=on,
        kind=step.kind,
        told=dict(step.told),
        before={**({"route": step.route} if step.is_of_route else {}), **step.rows},
        route_rev=_route_rev(session, rep_id, on),
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def of_day(session: Session, rep_id: int, on: date, is_open: bool) -> list[Change]:
    """The changes of a day, newest first."""
    query = (
        select(DayChange)
        .where(DayChange.rep_id == rep_id, DayChange.on == on, DayChange.kind != SHARED_OUT)
        .order_by(DayChange.id.desc())
        .limit(SHOWN)
    )
    rows = list(session.scalars(query))
    standing = [row for row in rows if row.undone_at is None]
    last = next((row.id for row in standing if "route" in row.before), None)
    rev = None if last is None else _route_rev(session, rep_id, on)
    free = {row.id for row in standing if "route" not in row.before}
    free |= {row.id for row in standing if row.id == last and row.route_rev == rev}
    return [_change(row, is_open and row.id in free) for row in rows]


def undo(session: Session, actor: Actor, now: datetime, today: date, change_id: int) -> Change:
    """Put everything back as it was before.

    Raises NotFound for a change of somebody else, Conflict("day_change_undone"), Locked("day_closed"), and
    Conflict("day_changed_since") where the day was put in order, or one of the visits changed, afterwards.
    """
    row = session.get(DayChange, change_id)
    if row is None or row.rep_id != actor.user_id or row.kind == SHARED_OUT:
        raise NotFound("day_change", id=change_id)
    if row.undone_at is not None:
        raise Conflict("day_change_undone")
    if visits.is_closed(session, row.rep_id, row.on):
        raise Locked("day_closed", on=row.on.isoformat())
    is_of_route = "route" in row.before
    is_last = not is_of_route or row.route_rev == _route_rev(session, row.rep_id, row.on)
    if row.on < today or not is_last:
        raise Conflict("day_changed_since")
    is_stale = _is_stale(session, row.rep_id, row.on)
    taking_back.take_back(session, actor, now, today, row.rep_id, row.on, row.before)
    if is_of_route:
        day_snapshots.put_back(session, row.rep_id, row.on, row.before["route"], is_stale)
    row.undone_at = now
    session.flush()
    return _change(row, can_be_undone=False)


def _route_rev(session: Session, rep_id: int, on: date) -> int | None:
    return session.scalar(select(DayRoute.rev).where(DayRoute.rep_id == rep_id, DayRoute.on == on))


def _is_stale(session: Session, rep_id: int, on: date) -> bool:
    """Whether a length, an hour or a pin changed since the route was stored."""
    query = select(DayRoute.is_stale).where(DayRoute.rep_id == rep_id, DayRoute.on == on)
    return session.scalar(query) or False


def _change(row: DayChange, can_be_undone: bool) -> Change:
    return Change(
        change_id=row.id,
        on=row.on,
        kind=row.kind,
        told=row.told,
        made_at=row.made_at,
        is_undone=row.undone_at is not None,
        can_be_undone=can_be_undone,
    )
