"""The drives of a day, made of the visits somebody drove to: home, each visit in the order done, home.

The roads are those the territory uses now, at the default speeds, so that the same version always gives
the same metre; it goes with every drive. A missed visit counts as a stop, a skipped one does not. All
legs count, those from and to home included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain import mileage
from planner.domain.mileage import DRIVEN_TO, Held
from planner.domain.visits import VisitState
from planner.models.people import Rep
from planner.models.visits import DayRoute, Visit
from planner.services import roads
from planner.services.days import day_facts
from planner.services.installation import settings
from routing.network import NotOnRoad, RoadNetwork, snap
from routing.types import UNREACHABLE_SECONDS, Place, Snap, TravelMatrix

HOME_LEG = 0
"""Key of the drive home; every other drive has the id of the visit it leads to."""

UNDECIDED = frozenset({VisitState.PLANNED, VisitState.ARRIVED})
ANY_METRES = 40_000_000
"""What was near enough to a road once is measured again, whatever the limit is now."""

NO_PLACE, OFF_ROAD, UNREACHABLE = "no_place", "off_road", "unreachable"


@dataclass(frozen=True, slots=True)
class End:
    """Where a drive begins or ends. ``account_id`` None: at home."""

    place: Place
    label: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class TripDraft:
    """One drive as the road has it. ``planned_metres`` where the same leg stood in the day's route."""

    key: int
    start: End
    goal: End
    purpose: str
    metres: int
    seconds: int
    planned_metres: int | None

    @property
    def visit_id(self) -> int | None:
        return self.key or None


@dataclass(frozen=True, slots=True)
class OffTheRoads:
    """A visit held at a place no drive can be measured to, and why: the drive goes past it."""

    visit_id: int
    account_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DayDraft:
    """The drives of a day in order. ``undecided`` are visits of which nobody said yet how they went."""

    rep_id: int
    on: date
    network_name: str
    network_version: str
    vehicle: str
    trips: tuple[TripDraft, ...] = ()
    left_out: tuple[OffTheRoads, ...] = ()
    undecided: tuple[int, ...] = ()

    @property
    def metres(self) -> int:
        return sum(trip.metres for trip in self.trips)


@dataclass(slots=True)
class _Way:
    """Home first, then the visits that lie on the roads, in the order driven; snaps by the same index."""

    ends: list[End]
    snaps: list[Snap]
    visits: list[Visit] = field(default_factory=list)
    left_out: list[OffTheRoads] = field(default_factory=list)


def draft(session: Session, networks_folder: Path, rep_id: int, on: date) -> DayDraft:
    """The drives of a day. Raises Conflict("rep_without_home"), Conflict("rep_without_territory") and
    routing's errors about the home or the network."""
    rep = session.get_one(Rep, rep_id)
    network_name = day_facts.territory_of(session, rep, on).network_name
    visits = _visits(session, rep_id, on)
    route = session.scalar(select(DayRoute).where(DayRoute.rep_id == rep_id, DayRoute.on == on))
    travel = roads.travel(networks_folder, network_name)
    refuse_metres = settings.read(session).snap_refuse_metres
    way = _way(rep, _driven(visits, route), travel.network, refuse_metres)
    matrix = travel.matrix(way.snaps)
    trips = tuple(_trips(way, matrix, _planned_legs(route)))
    return DayDraft(
        rep_id=rep_id,
        on=on,
        network_name=network_name,
        network_version=matrix.network_version,
        vehicle=rep.vehicle,
        trips=trips,
        left_out=tuple(way.left_out),
        undecided=tuple(visit.id for visit in visits if visit.state in UNDECIDED),
    )


def recompute(networks_folder: Path, name: str, version: str, start: Place, goal: Place) -> int:
    """The metres between two places on a stored version of the roads."""
    travel = roads.travel_on(networks_folder, name, version)
    begin, end = snap(travel.network, [start, goal], ANY_METRES)
    for spot in (begin, end):
        if isinstance(spot, NotOnRoad):
            raise spot.error()
    assert isinstance(begin, Snap)
    assert isinstance(end, Snap)
    return travel.leg(begin, end).metres


def _visits(session: Session, rep_id: int, on: date) -> Sequence[Visit]:
    query = select(Visit).where(Visit.rep_id == rep_id, Visit.on == on, Visit.state != VisitState.CANCELLED)
    return session.scalars(query.options(joinedload(Visit.account)).order_by(Visit.id)).all()


def _driven(visits: Sequence[Visit], route: DayRoute | None) -> list[Visit]:
    places = {stop.visit_id: stop.position for stop in route.stops} if route else {}
    by_id = {visit.id: visit for visit in visits if visit.state in DRIVEN_TO}
    held = [Held(v.id, v.arrived_at or v.left_at, places.get(v.id)) for v in by_id.values()]
    return [by_id[visit_id] for visit_id in mileage.order_driven(held)]


def _way(rep: Rep, visits: Sequence[Visit], network: RoadNetwork, refuse_metres: int) -> _Way:
    home = day_facts.home_of(rep)
    places = [day_facts.place_of(visit.account) for visit in visits]
    spots = iter(snap(network, [home, *(place for place in places if place is not None)], refuse_metres))
    begin = next(spots)
    if isinstance(begin, NotOnRoad):
        raise begin.error()
    way = _Way([End(home, rep.home_address)], [begin])
    for visit, place in zip(visits, places, strict=True):
        spot = next(spots) if place is not None else None
        if place is None or spot is None or isinstance(spot, NotOnRoad):
            why = NO_PLACE if place is None else OFF_ROAD
            way.left_out.append(OffTheRoads(visit.id, visit.account.name, why))
        else:
            way.ends.append(End(place, _label(visit), visit.account_id))
            way.snaps.append(spot)
            way.visits.append(visit)
    return way


def _trips(way: _Way, matrix: TravelMatrix, planned: dict[tuple[int, int], int]) -> Iterator[TripDraft]:
    before, before_key = 0, HOME_LEG
    for index, visit in enumerate(way.visits, start=1):
        if UNREACHABLE_SECONDS in (matrix.metres[before, index], matrix.metres[index, 0]):
            way.left_out.append(OffTheRoads(visit.id, visit.account.name, UNREACHABLE))
            continue
        purpose = mileage.purpose(visit.kind, visit.state, visit.outcome)
        yield _trip(way, matrix, before, index, visit.id, purpose, planned.get((before_key, visit.id)))
        before, before_key = index, visit.id
    if before:
        yield _trip(way, matrix, before, 0, HOME_LEG, mileage.HOME, planned.get((before_key, HOME_LEG)))


def _trip(
    way: _Way, matrix: TravelMatrix, start: int, goal: int, key: int, purpose: str, planned: int | None
) -> TripDraft:
    metres, seconds = int(matrix.metres[start, goal]), int(matrix.seconds[start, goal])
    return TripDraft(key, way.ends[start], way.ends[goal], purpose, metres, seconds, planned)


def _planned_legs(route: DayRoute | None) -> dict[tuple[int, int], int]:
    """Metres of the route's legs by the keys of both ends."""
    if route is None:
        return {}
    legs, before = {}, HOME_LEG
    for stop in route.stops:
        legs[before, stop.visit_id] = stop.leg_metres
        before = stop.visit_id
    return {**legs, (before, HOME_LEG): route.home_leg_metres}


def _label(visit: Visit) -> str:
    account = visit.account
    return ", ".join(part for part in (account.name, account.address, account.city) if part)[:240]
