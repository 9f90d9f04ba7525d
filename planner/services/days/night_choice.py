"""A rep's own word on a published night: sleep at home instead, or away after all.

Both days beside it begin and end elsewhere then, so both are to be put in order again; what is closed stays.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Locked, NotFound
from planner.models.nights import PlannedNight
from planner.models.runs import RunKind
from planner.services.days import day_routes, nights, visits
from planner.services.installation import audit
from planner.services.schedule import runs


def sleep_at_home(session: Session, actor: Actor, now: datetime, on: date) -> None:
    """Drop the actor's own night after ``on``. Raises NotFound where none was published, and
    Locked("day_closed") once one of both days is closed."""
    _choose(session, actor, now, on, is_dropped=True)


def sleep_away(session: Session, actor: Actor, now: datetime, on: date) -> None:
    """Take a drop back. Raises as ``sleep_at_home`` does."""
    _choose(session, actor, now, on, is_dropped=False)


def is_open(session: Session, rep_id: int, on: date) -> bool:
    """Whether neither the day nor the one after it is closed."""
    return not any(visits.is_closed(session, rep_id, day) for day in nights.days_beside({on}))


def _choose(session: Session, actor: Actor, now: datetime, on: date, is_dropped: bool) -> None:
    query = select(PlannedNight).where(PlannedNight.rep_id == actor.user_id, PlannedNight.on == on)
    row = session.scalar(query)
    if row is None:
        raise NotFound("night", on=on.isoformat())
    days = sorted(nights.days_beside({on}))
    for day in days:
        if visits.is_closed(session, actor.user_id, day):
            raise Locked("day_closed", on=day.isoformat())
    if row.is_dropped == is_dropped:
        return
    row.is_dropped = is_dropped
    session.flush()
    day_routes.mark_stale(session, actor.user_id, days)
    runs.request(session, actor, now, actor.user_id, RunKind.ROUTES, on)
    action = "night.dropped" if is_dropped else "night.restored"
    said = {"on": on, "near": row.name}
    audit.record(session, actor, now, action, "person", actor.user_id, {}, said)
