"""The drives of a day, made of the visits somebody drove to: home, each visit in the order done, home. With
a night away before or after it the day begins or ends there instead.

The roads are those the territory uses now, at the default speeds, so that the same version always gives
the same metre; it goes with every drive. A missed visit counts as a stop, a skipped one does not. All
legs count, those from and to home or a night included. A night whose place is not on the roads counts as
spent at home, as the day's route has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.domain import mileage
from planner.domain.commuting import Commute, CommutePolicy, uncounted_metres
from planner.domain.mileage import DRIVEN_TO, Held
from planner.domain.mileage_rates import VehicleKind
from planner.domain.visits import UNDECIDED, VisitState
from planner.models.people import Rep
from planner.models.visits import DayRoute, Visit
from planner.services import roads
from planner.services.days import day_facts, leg_paths, visit_facts
from planner.services.days.leg_paths import Point
from planner.services.installation import settings
from planner.services.installation.settings import Settings
from planner.services.ledger import vehicles
from planner.services.ledger.day_ends import End, ends_of, home_of
from routing.network import NotOnRoad, RoadNetwork, snap
from routing.types import UNREACHABLE_SECONDS, Place, Snap, TravelMatrix

HOME_LEG = 0
"""Key of the drive home or to the night away; every other drive has the id of the visit it leads to."""

ANY_METRES = 40_000_000
"""What was near enough to a road once is measured again, whatever the limit is now."""

BEGIN, GOAL = 0, 1
"""Indices of both ends of the day among its places; the visits follow."""

EVERY_METRE_COUNTS = CommutePolicy()

NO_PLACE, OFF_ROAD, UNREACHABLE = "no_place", "off_road", "unreachable"


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
    def is_commute(self) -> bool:
        """Whether it leads from home to the first account or from the last one home; a night away is no
        home, nor is the way from it."""
        ends = (self.start, self.goal)
        return not any(end.is_night for end in ends) and any(end.account_id is None for end in ends)

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
    vehicle_kind: VehicleKind = VehicleKind.CAR
    commuting: CommutePolicy = EVERY_METRE_COUNTS
    trips: tuple[TripDraft, ...] = ()
    left_out: tuple[OffTheRoads, ...] = ()
    undecided: tuple[int, ...] = ()

    @property
    def metres(self) -> int:
        return sum(trip.metres for trip in self.trips)

    def uncounted_metres(self, trip: TripDraft, driven_metres: int) -> int:
        """How much of a drive, as long as it was, the person's own way to work is."""
        return uncounted_metres(driven_metres, self.commuting) if trip.is_commute else 0


@dataclass(slots=True)
class _Way:
    """Both ends of the day, then the visits that lie on the roads in the order driven; snaps by the same
    index."""

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
    rules = settings.read(session)
    ends = [*ends_of(session, rep, on), home_of(rep)]
    way = _way(ends, _driven(visits, route), travel.network, rules.snap_refuse_metres)
    matrix = travel.matrix(way.snaps)
    begin = way.snaps[BEGIN]
    trips = tuple(_trips(way, matrix, _planned_legs(route, (begin.lat, begin.lon))))
    driven_with = vehicles.on_day(session, rep, on)
    return DayDraft(
        rep_id=rep_id,
        on=on,
        network_name=network_name,
        network_version=matrix.network_version,
        vehicle=driven_with.label,
        vehicle_kind=driven_with.kind,
        commuting=commuting(rules),
        trips=trips,
        left_out=tuple(way.left_out),
        undecided=tuple(visit.id for visit in visits if visit.state in UNDECIDED),
    )


def commuting(rules: Settings) -> CommutePolicy:
    return CommutePolicy(Commute(rules.commute), rules.commute_beyond_metres)


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


def _way(ends: list[End], visits: Sequence[Visit], network: RoadNetwork, refuse_metres: int) -> _Way:
    """``ends``: where the day begins and ends, then home."""
    places = [visit_facts.place_of(visit.account) for visit in visits]
    known = [*(end.place for end in ends), *(place for place in places if place is not None)]
    spots = iter(snap(network, known, refuse_metres))
    *found, home = [next(spots) for _ in ends]
    way = _Way([], [])
    for end, spot in zip(ends[:-1], found, strict=True):
        is_lost = isinstance(spot, NotOnRoad)
        at = home if is_lost else spot
        if isinstance(at, NotOnRoad):
            raise at.error()
        way.ends.append(ends[-1] if is_lost else end)
        way.snaps.append(at)
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
    before, before_key = BEGIN, HOME_LEG
    for index, visit in enumerate(way.visits, start=GOAL + 1):
        if UNREACHABLE_SECONDS in (matrix.metres[before, index], matrix.metres[index, GOAL]):
            way.left_out.append(OffTheRoads(visit.id, visit.account.name, UNREACHABLE))
            continue
        purpose = mileage.purpose(visit.kind, visit.state, visit.outcome)
        yield _trip(way, matrix, before, index, visit.id, purpose, planned.get((before_key, visit.id)))
        before, before_key = index, visit.id
    if before != BEGIN or _is_moved(way, matrix):
        last = mileage.NIGHT if way.ends[GOAL].is_night else mileage.HOME
        yield _trip(way, matrix, before, GOAL, HOME_LEG, last, planned.get((before_key, HOME_LEG)))


def _is_moved(way: _Way, matrix: TravelMatrix) -> bool:
    """Whether a day without visits still leads from a night's place to somewhere else."""
    return way.ends[BEGIN] != way.ends[GOAL] and int(matrix.metres[BEGIN, GOAL]) != UNREACHABLE_SECONDS


def _trip(
    way: _Way, matrix: TravelMatrix, start: int, goal: int, key: int, purpose: str, planned: int | None
) -> TripDraft:
    metres, seconds = int(matrix.metres[start, goal]), int(matrix.seconds[start, goal])
    return TripDraft(key, way.ends[start], way.ends[goal], purpose, metres, seconds, planned)


def _planned_legs(route: DayRoute | None, begin: Point) -> dict[tuple[int, int], int]:
    """Metres of the route's legs by the keys of both ends; not of one that was re-planned from somewhere on
    the way. ``begin``: where the day sets out."""
    if route is None:
        return {}
    legs = [(stop.visit_id, stop.leg_path, stop.leg_metres) for stop in route.stops]
    found, before, end = {}, HOME_LEG, begin
    for key, path, metres in [*legs, (HOME_LEG, route.home_leg_path, route.home_leg_metres)]:
        if leg_paths.goes_on(end, path):
            found[before, key] = metres
        drawn = leg_paths.ends(path)
        before, end = key, drawn[1] if drawn else None
    return found


def _label(visit: Visit) -> str:
    account = visit.account
    return ", ".join(part for part in (account.name, account.address, account.city) if part)[:240]
