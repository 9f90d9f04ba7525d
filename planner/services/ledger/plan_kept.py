"""How a closed day differs from its plan, worked out of its visits and routes. A fixed number of queries.

The plan is the route as it stood before its rep first changed it on the day itself, as the undo of that
change keeps it; else the route as it stands, which a closed day keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.day_kept import Kept, Planned, kept
from planner.domain.mileage import DRIVEN_TO, Held, order_driven
from planner.domain.visits import VisitState
from planner.models.visits import DayChange, DayRoute, Visit
from planner.services.days.day_changes import SHARED_OUT
from planner.services.days.day_facts import zone_of


def of_day(session: Session, rep_id: int, on: date) -> Kept | None:
    """None for a day without any visit or route. The caller has checked the scope."""
    visits = session.scalars(
        select(Visit).where(Visit.rep_id == rep_id, Visit.on == on, Visit.state != VisitState.CANCELLED)
    ).all()
    route = session.scalar(
        select(DayRoute)
        .where(DayRoute.rep_id == rep_id, DayRoute.on == on)
        .options(selectinload(DayRoute.stops), selectinload(DayRoute.left_out))
    )
    change = _first_change(session, rep_id, on)
    if not visits and route is None and change is None:
        return None
    driven = [visit for visit in visits if visit.state in DRIVEN_TO]
    skipped = {visit.id for visit in visits if visit.state is VisitState.SKIPPED}
    planned = _as_stored(route) if change is None else _as_kept(change)
    known_since = None if change is not None or route is None else _replaced_at(route, driven)
    return kept(planned, _in_order(driven, route), skipped, known_since)


def _first_change(session: Session, rep_id: int, on: date) -> DayChange | None:
    """The first change of the route, by its rep, on the day itself, that was not taken back."""
    query = (
        select(DayChange)
        .where(DayChange.rep_id == rep_id, DayChange.on == on, DayChange.kind != SHARED_OUT)
        .where(DayChange.undone_at.is_(None))
        .order_by(DayChange.id)
    )
    zone = ZoneInfo(zone_of(session, rep_id, on))
    rows = (row for row in session.scalars(query) if row.made_at.astimezone(zone).date() >= on)
    return next((row for row in rows if "route" in row.before), None)


def _as_kept(change: DayChange) -> Planned | None:
    route = change.before["route"]
    if route is None:
        return None
    stops = sorted(route["stops"], key=lambda stop: stop["position"])
    left_out = frozenset(out["visit_id"] for out in route["left_out"])
    return Planned(tuple(stop["visit_id"] for stop in stops), left_out)


def _as_stored(route: DayRoute | None) -> Planned | None:
    if route is None:
        return None
    left_out = frozenset(out.visit_id for out in route.left_out)
    return Planned(tuple(stop.visit_id for stop in route.stops), left_out)


def _replaced_at(route: DayRoute, driven: Sequence[Visit]) -> datetime | None:
    """When a run replaced the route with the day under way."""
    times = [at for visit in driven if (at := visit.arrived_at or visit.left_at) is not None]
    return route.solved_at if times and route.solved_at > min(times) else None


def _in_order(driven: Sequence[Visit], route: DayRoute | None) -> list[int]:
    """As the day's trips were made of them."""
    places = {stop.visit_id: stop.position for stop in route.stops} if route else {}
    return order_driven([Held(v.id, v.arrived_at or v.left_at, places.get(v.id)) for v in driven])
