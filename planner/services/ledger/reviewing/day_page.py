"""One day of a rep as its reviewer sees it: planned against done, in the order driven, and where that was.

Where a rep lives is nobody's business: a drive from or to home, or to where a night was spent, is told as a
distance and never drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import polyline
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.domain.day_kept import Kept
from planner.domain.mileage import TripOrigin
from planner.domain.pace import TooFast
from planner.domain.visits import NotHeldReason, VisitState
from planner.models.ledger import ClosedDay, Trip
from planner.models.visits import DayRoute, Visit
from planner.services import roads
from planner.services.days import leg_paths
from planner.services.ledger import plan_kept
from planner.services.ledger.claim_check import CheckedDay, CheckedTrip
from routing.errors import RoutingError
from routing.network import snap
from routing.types import Place, Snap

ANY_METRES = 40_000_000

StreetPath = tuple[tuple[float, float], ...]
"""(lon, lat) points of a street path."""


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """A visit of the day. ``place`` is its place in the route, from 1; None: it was not in it. ``arrives``
    and ``leaves`` are the route's, seconds after local midnight."""

    visit_id: int
    name: str
    state: VisitState
    not_held: NotHeldReason | None
    place: int | None
    arrives: int | None
    leaves: int | None
    arrived_at: datetime | None
    left_at: datetime | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class SeenDrive:
    """A drive that is claimed, the visit it led to, and what is wrong with the time between both."""

    trip: CheckedTrip
    visit: SeenVisit | None
    too_fast: TooFast | None


@dataclass(frozen=True, slots=True)
class SeenDay:
    """``not_driven`` are visits of the day that no drive leads to: skipped, or off the roads; none where the
    claim only takes drives back or adds to what they are worth. ``kept`` says how it differs from its plan,
    once it is closed."""

    on: date
    drives: tuple[SeenDrive, ...]
    not_driven: tuple[SeenVisit, ...]
    closed: ClosedDay | None
    network_name: str
    kept: Kept | None = None

    @property
    def visits(self) -> Iterator[SeenVisit]:
        """In the order driven, then those not driven to."""
        yield from (drive.visit for drive in self.drives if drive.visit is not None)
        yield from self.not_driven


def seen_day(session: Session, rep_id: int, on: date, day: CheckedDay | None) -> SeenDay:
    """A day in full; ``day`` None: it was not closed. The caller has checked the scope."""
    route = _route(session, rep_id, on)
    visits = {visit.visit_id: visit for visit in _visits(session, rep_id, on, route)}
    fast = {pair.after.visit_id: pair for pair in day.too_fast} if day else {}
    drives = tuple(
        SeenDrive(trip, visits.get(trip.row.visit_id or 0), fast.get(trip.row.visit_id or 0))
        for trip in (day.driven if day else ())
    )
    driven = {drive.visit.visit_id for drive in drives if drive.visit is not None}
    is_claimed_here = day is None or any(trip.row.contra_of_id is None for trip in day.driven)
    rest = [visit for visit_id, visit in visits.items() if is_claimed_here and visit_id not in driven]
    closed = session.scalar(select(ClosedDay).where(ClosedDay.rep_id == rep_id, ClosedDay.on == on))
    name = next((drive.trip.row.network_name for drive in drives if drive.trip.row.network_name), "")
    kept = plan_kept.of_day(session, rep_id, on) if closed is not None else None
    return SeenDay(on, drives, tuple(rest), closed, name or (route.network_name if route else ""), kept)


def planned_paths(session: Session, rep_id: int, on: date) -> list[StreetPath]:
    """The legs between accounts as the route has them, without the first and the last, and without one that
    was re-planned from somewhere on the way."""
    route = _route(session, rep_id, on)
    stops = route.stops if route else []
    pairs = [(before.leg_path, here.leg_path) for before, here in pairwise(stops)]
    return [_points(here) for before, here in pairs if here and leg_paths.joined(before, here)]


def driven_paths(networks_folder: Path, day: CheckedDay | None) -> list[StreetPath]:
    """The claimed drives between accounts, along the roads they were measured on. A drive whose roads are
    gone is left out."""
    rows = (trip.row for trip in (day.trips if day else ()))
    found = (_driven(networks_folder, row) for row in rows if not _begins_or_ends_the_day(row))
    return [path for path in found if path]


def _begins_or_ends_the_day(trip: Trip) -> bool:
    """A night's place has the account it is near to: it is known by where in the day the drive comes."""
    return trip.origin is TripOrigin.DAY and (trip.position == 0 or trip.visit_id is None)


def _driven(networks_folder: Path, trip: Trip) -> StreetPath:
    ends = (trip.from_account_id, trip.to_account_id)
    points = (trip.from_lat, trip.from_lon, trip.to_lat, trip.to_lon)
    if None in ends or not trip.network_version:
        return ()
    from_lat, from_lon, to_lat, to_lon = (point or 0.0 for point in points)
    try:
        travel = roads.travel_on(networks_folder, trip.network_name, trip.network_version)
        places = [Place(from_lon, from_lat), Place(to_lon, to_lat)]
        spots = [spot for spot in snap(travel.network, places, ANY_METRES) if isinstance(spot, Snap)]
        return tuple(travel.leg(*spots).path) if len(spots) == len(places) else ()
    except RoutingError:
        return ()


def _route(session: Session, rep_id: int, on: date) -> DayRoute | None:
    query = select(DayRoute).where(DayRoute.rep_id == rep_id, DayRoute.on == on)
    return session.scalar(query.options(selectinload(DayRoute.stops)))


def _visits(session: Session, rep_id: int, on: date, route: DayRoute | None) -> Sequence[SeenVisit]:
    stops = {stop.visit_id: stop for stop in route.stops} if route else {}
    query = select(Visit).where(Visit.rep_id == rep_id, Visit.on == on, Visit.state != VisitState.CANCELLED)
    rows = session.scalars(query.options(joinedload(Visit.account)).order_by(Visit.id))
    return [
        SeenVisit(
            visit_id=row.id,
            name=row.account.name,
            state=row.state,
            not_held=row.not_held_reason,
            place=stop.position + 1 if stop else None,
            arrives=stop.arrives_seconds if stop else None,
            leaves=stop.leaves_seconds if stop else None,
            arrived_at=row.arrived_at,
            left_at=row.left_at,
            lat=row.account.lat,
            lon=row.account.lon,
        )
        for row in rows
        for stop in [stops.get(row.id)]
    ]


def _points(path: str) -> StreetPath:
    return tuple((lon, lat) for lat, lon in polyline.decode(path, leg_paths.PATH_PRECISION))
