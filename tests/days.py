"""A rep's day with a route, put together by hand: no solver, every number plain to see.

Leaves home at 9:30; the first visit begins at 10:00, one each hour after it, half an hour each, with a
leg of half an hour and 4 km before it; home at the full hour after the last one.
"""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import polyline

from planner.models.people import Person
from planner.models.visits import DayRoute, LeftOut, Stop, Visit
from tests.conftest import NOW, TODAY
from tests.world import LA_SERENA, World

HOUR = 3600
LEG_SECONDS = 1800
LEG_METRES = 4000


def planned_visit(world: World, rep: Person, on: date = TODAY, name: str = "") -> Visit:
    account = world.account(rep, name)
    row = Visit(
        uid=str(uuid4()),
        account_id=account.id,
        rep_id=rep.id,
        on=on,
        service_seconds=1800,
        reason="due",
        reason_values={"cadence_days": 28, "last_on": "2026-02-04"},
    )
    world.session.add(row)
    world.session.flush()
    return row


def routed_day(world: World, rep: Person, count: int, on: date = TODAY, left_out: int = 0) -> list[Visit]:
    """``count`` visits in a route, then ``left_out`` ones that are not; flushed, in that order."""
    visits = [planned_visit(world, rep, on) for _ in range(count + left_out)]
    route = DayRoute(
        rep_id=rep.id,
        on=on,
        leaves_seconds=9 * HOUR + 1800,
        home_seconds=(10 + count) * HOUR,
        home_leg_seconds=LEG_SECONDS,
        home_leg_metres=LEG_METRES,
        home_leg_path=path(LA_SERENA, (-29.91, -71.25)),
        network_name="la-serena-coquimbo",
        network_version="0" * 64,
        solved_at=NOW,
    )
    route.stops = [
        Stop(
            visit_id=visit.id,
            position=position,
            arrives_seconds=(10 + position) * HOUR,
            begins_seconds=(10 + position) * HOUR,
            leaves_seconds=(10 + position) * HOUR + 1800,
            leg_seconds=LEG_SECONDS,
            leg_metres=LEG_METRES,
            leg_path=path(LA_SERENA, (-29.91 - position / 1000, -71.25)),
        )
        for position, visit in enumerate(visits[:count])
    ]
    route.left_out = [
        LeftOut(visit_id=visit.id, reason="day_full", detour_seconds=720) for visit in visits[count:]
    ]
    world.session.add(route)
    world.session.flush()
    return visits


def path(*points: tuple[float, float]) -> str:
    return str(polyline.encode(list(points), 5))
