"""The ways of days that were changed on the road, forgotten after a while: one may begin where a rep stood.

A day re-planned from a tapped position has a way from there, and so has what undo keeps. Nobody can take
such a change back any more; times, metres and trips stay. A day still to be closed needs its ways for that.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, String, cast, or_, select, update
from sqlalchemy.orm import Session

from planner.domain.retention import Kept
from planner.models.ledger import ClosedDay
from planner.models.visits import DayChange, DayRoute, Stop
from planner.services.installation import retention_terms

OPEN_FOR = timedelta(days=400)
"""Entries are taken for a year: a day that was not closed by then never is."""

AT_ONCE = 200


def due(today: date, keep: timedelta) -> Select[tuple[DayChange]]:
    """Changes older than ``keep`` that still have their ways."""
    closed = select(ClosedDay.id).where(ClosedDay.rep_id == DayChange.rep_id, ClosedDay.on == DayChange.on)
    return select(DayChange).where(
        DayChange.on < today - keep,
        or_(closed.exists(), DayChange.on < today - OPEN_FOR),
        cast(DayChange.before, String) != "{}",  # JSON has no equality in PostgreSQL
    )


def forget(session: Session, today: date) -> int:
    """Forget the ways of ``AT_ONCE`` changes at most whose term is over; returns of how many."""
    keep = retention_terms.kept(session, Kept.WAYS)
    old = session.scalars(due(today, keep).limit(AT_ONCE)).all()
    for change in old:
        change.before = {}
        day = (DayRoute.rep_id == change.rep_id, DayRoute.on == change.on)
        session.execute(update(DayRoute).where(*day).values(home_leg_path=""))
        routes = select(DayRoute.id).where(*day)
        session.execute(update(Stop).where(Stop.day_route_id.in_(routes)).values(leg_path=""))
    session.flush()
    return len(old)
