"""How far the routes of days would have led, for what was claimed to stand beside.

A stale route has the times of before, yet its metres are still what was planned when all that came of it is
that somebody was not called on: every visit driven to is a stop of it, no stop was taken out, and the day
begins and ends where it does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.mileage import TripOrigin
from planner.models.ledger import Trip
from planner.models.visits import DayChange, DayRoute
from planner.services.days import leg_paths
from planner.services.days.leg_paths import Point

BESIDE_DEGREES = 1e-2
"""A kilometre: a route begins on the road beside a home, and a night that matters is farther away."""


def metres_of_days(
    session: Session, reps: Iterable[int], first: date, last: date, trips: Iterable[Trip]
) -> dict[tuple[int, date], int]:
    """Metres of whole day routes by rep and day. One whose rest begins where the phone was says nothing of
    the way there. ``trips`` are what was driven on these days."""
    from_somewhere = (
        select(DayChange.id)
        .where(DayChange.rep_id == DayRoute.rep_id, DayChange.on == DayRoute.on)
        .where(DayChange.made_at == DayRoute.solved_at, DayChange.undone_at.is_(None))
        .where(DayChange.told["from_position"].as_boolean())
    )
    query = (
        select(DayRoute)
        .where(DayRoute.rep_id.in_(reps), DayRoute.on >= first, DayRoute.on < last)
        .where(~from_somewhere.exists())
        .options(selectinload(DayRoute.stops))
    )
    driven: dict[tuple[int, date], list[Trip]] = defaultdict(list)
    for trip in trips:
        if trip.origin is TripOrigin.DAY:
            driven[trip.rep_id, trip.on].append(trip)
    return {
        (row.rep_id, row.on): sum(stop.leg_metres for stop in row.stops) + row.home_leg_metres
        for row in session.scalars(query)
        if not row.is_stale or _still_says(row, driven[row.rep_id, row.on])
    }


def _still_says(route: DayRoute, driven: Sequence[Trip]) -> bool:
    """Whether a stale route is still what was planned for the drives of its day, in the order driven."""
    named = {stop.visit_id for stop in route.stops}
    visited = {trip.visit_id for trip in driven if trip.visit_id is not None}
    is_whole = [stop.position for stop in route.stops] == list(range(len(named)))
    return bool(visited) and visited <= named and is_whole and _joins_up(route, driven)


def _joins_up(route: DayRoute, driven: Sequence[Trip]) -> bool:
    """Whether its legs lead from where the first drive begins to where the last one ends, without a gap."""
    paths = [*(stop.leg_path for stop in route.stops), route.home_leg_path]
    first, last = leg_paths.ends(paths[0]), leg_paths.ends(paths[-1])
    begins_there = first is None or _is_near(first[0], driven[0].from_lat, driven[0].from_lon)
    ends_there = last is None or _is_near(last[1], driven[-1].to_lat, driven[-1].to_lon)
    legs = (leg_paths.joined(before, here) for before, here in pairwise(paths))
    return begins_there and ends_there and all(legs)


def _is_near(point: Point, lat: float | None, lon: float | None) -> bool:
    if lat is None or lon is None:
        return True
    return all(abs(a - b) <= BESIDE_DEGREES for a, b in zip(point, (lat, lon), strict=True))
