"""A day's facts to a day route with its street paths: no database, so that it can take its time.

Visits that are over stay as they were driven, in front; only what is still to come is put in order.
Times are seconds after local midnight. Within this module a stop's key is its index among the places.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import polyline

from planner.services.day_facts import DayFacts, DayVisit
from routing.day import solve_day
from routing.network import NotOnRoad, snap
from routing.travel import RoadTravel
from routing.types import (
    UNREACHABLE_SECONDS,
    DayProblem,
    DayRoute,
    LeftOut,
    PlannedStop,
    SearchBudget,
    Shift,
    Snap,
    Stop,
    TravelMatrix,
)

BUDGET = SearchBudget(iterations=400, seconds=3.0)
PATH_PRECISION = 5
HOME = 0

NO_PLACE = "no_place"
OFF_ROAD = "off_road"
"""Reasons of ours beside those of ``routing.types.LeftOut``."""


@dataclass(frozen=True, slots=True)
class SolvedStop:
    visit_id: int
    times: PlannedStop
    leg_path: str


@dataclass(frozen=True, slots=True)
class SolvedLeftOut:
    visit_id: int
    reason: str
    detour_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SolvedDay:
    """``leg_path`` and ``home_leg_path`` are polylines of (lat, lon) at precision 5."""

    stops: tuple[SolvedStop, ...]
    left_out: tuple[SolvedLeftOut, ...]
    leaves: int
    home: int
    home_leg_seconds: int
    home_leg_metres: int
    home_leg_path: str
    lunch_begins: int | None
    is_proven: bool
    network_version: str


@dataclass(frozen=True, slots=True)
class _Places:
    """Home and the visits that lie on the roads, by index; ``visits[0]`` is a gap for the home."""

    snaps: list[Snap]
    visits: list[DayVisit | None]
    left_out: list[SolvedLeftOut]

    def visit(self, index: int) -> DayVisit:
        visit = self.visits[index]
        assert visit is not None
        return visit

    def indices(self, is_over: bool) -> list[int]:
        return [i for i, visit in enumerate(self.visits) if visit is not None and visit.is_over is is_over]


def solve(facts: DayFacts, travel: RoadTravel, budget: SearchBudget = BUDGET) -> SolvedDay:
    """The best order found. Raises ``OffRoad`` or ``BadPoint`` when the rep's home is not on the roads;
    a visit that cannot be driven to is left out with its reason."""
    places = _places(facts, travel)
    matrix = travel.matrix(places.snaps)
    driven = _driven(facts, places, matrix)
    coming = [i for i in places.indices(is_over=False) if places.visit(i).is_open]
    stops = tuple(_stop(i, places.visit(i)) for i in coming)
    route = solve_day(DayProblem(_rest_of_shift(facts, driven), stops, matrix), budget)
    return _solved(facts, travel, places, driven, route, matrix.network_version)


def _places(facts: DayFacts, travel: RoadTravel) -> _Places:
    wanted = [facts.home, *(visit.place for visit in facts.visits if visit.place is not None)]
    found = snap(travel.network, wanted, facts.refuse_metres)
    home, spots = found[0], iter(found[1:])
    if isinstance(home, NotOnRoad):
        raise home.error()
    places = _Places([home], [None], [])
    for visit in facts.visits:
        spot = next(spots) if visit.place is not None else None
        if isinstance(spot, Snap) and (visit.is_open or visit.is_over):
            places.snaps.append(spot)
            places.visits.append(visit)
        else:
            places.left_out.append(SolvedLeftOut(visit.visit_id, _trouble(visit, spot)))
    return places


def _trouble(visit: DayVisit, spot: Snap | NotOnRoad | None) -> str:
    if visit.place is None:
        return NO_PLACE
    return OFF_ROAD if isinstance(spot, NotOnRoad) else LeftOut.CLOSED.value


def _driven(facts: DayFacts, places: _Places, matrix: TravelMatrix) -> list[PlannedStop]:
    """The visits that are over, in the order they stood in, at the times they were held."""
    stops: list[PlannedStop] = []
    before, leaves = HOME, facts.starts
    for index in sorted(places.indices(is_over=True), key=lambda i: _held_order(places.visit(i))):
        visit, seconds = places.visit(index), int(matrix.seconds[before, index])
        if UNREACHABLE_SECONDS in (seconds, int(matrix.seconds[index, HOME])):
            places.left_out.append(SolvedLeftOut(visit.visit_id, LeftOut.UNREACHABLE.value))
            continue
        arrives = leaves + seconds if visit.arrived is None else visit.arrived
        leaves = max(arrives, arrives + visit.service_seconds if visit.left is None else visit.left)
        metres = int(matrix.metres[before, index])
        stops.append(PlannedStop(index, arrives, arrives, leaves, seconds, metres))
        before = index
    return stops


def _held_order(visit: DayVisit) -> tuple[int, int]:
    return visit.position, visit.arrived if visit.arrived is not None else 24 * 3600


def _rest_of_shift(facts: DayFacts, driven: list[PlannedStop]) -> Shift:
    """The whole shift, or what is left of it after the last visit held."""
    if not driven:
        return Shift(facts.starts, facts.ends, HOME, HOME, facts.lunch)
    now = driven[-1].leaves
    lunch = facts.lunch if facts.lunch is not None and now <= facts.lunch.latest else None
    return Shift(now, max(now, facts.ends), driven[-1].key, HOME, lunch)


def _stop(index: int, visit: DayVisit) -> Stop:
    return Stop(index, index, visit.service_seconds, visit.windows, visit.price)


def _solved(
    facts: DayFacts,
    travel: RoadTravel,
    places: _Places,
    driven: list[PlannedStop],
    route: DayRoute,
    network_version: str,
) -> SolvedDay:
    timed = [*driven, *route.stops]
    way = [HOME, *(stop.key for stop in timed), HOME]
    paths = [_path(travel, places.snaps[a], places.snaps[b]) for a, b in pairwise(way)]
    beaten = [
        SolvedLeftOut(places.visit(out.key).visit_id, out.reason.value, out.seconds) for out in route.left_out
    ]
    return SolvedDay(
        stops=tuple(
            SolvedStop(places.visit(stop.key).visit_id, stop, path)
            for stop, path in zip(timed, paths, strict=False)
        ),
        left_out=(*places.left_out, *beaten),
        leaves=max(0, driven[0].arrives - driven[0].leg_seconds) if driven else route.leaves_at,
        home=route.home_at,
        home_leg_seconds=route.home_leg_seconds,
        home_leg_metres=route.home_leg_metres,
        home_leg_path=paths[-1],
        lunch_begins=route.lunch_begins,
        is_proven=route.proven,
        network_version=network_version,
    )


def _path(travel: RoadTravel, start: Snap, goal: Snap) -> str:
    points = [(lat, lon) for lon, lat in travel.leg(start, goal).path]
    return str(polyline.encode(points, PATH_PRECISION))
