"""A day's facts to a day route with its street paths: no database, so that it can take its time.

Visits that are over or under way stay as they were driven, in front; only what is still to come is put
in order, and no drive begins in the past.
Times are seconds after local midnight. Within this module a stop's key is its index among the places.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import polyline

from planner.services.days.day_facts import DayFacts, DayVisit
from planner.services.roads import RoadsTravel
from routing.day import solve_day
from routing.network import NotOnRoad, snap
from routing.slots import drive_metres, drive_seconds
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
TOO_LATE = "too_late"
"""Reasons of ours beside those of ``routing.types.LeftOut``. Too late: it would have fitted the whole day,
and does not fit what is left of it."""


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

    def held(self) -> list[int]:
        """Those that are over or under way, in the order driven."""
        order = {i: visit.held for i, visit in enumerate(self.visits) if visit and visit.held is not None}
        return sorted(order, key=lambda i: order[i])

    def coming(self) -> list[int]:
        return [i for i, visit in enumerate(self.visits) if visit and visit.held is None]


def solve(
    facts: DayFacts, travel: RoadsTravel, not_before: int = 0, budget: SearchBudget = BUDGET
) -> SolvedDay:
    """The best order found, beginning no earlier than ``not_before``.

    Raises ``OffRoad`` or ``BadPoint`` when the rep's home is not on the roads; a visit that cannot be
    driven to is left out with its reason."""
    places = _places(facts, travel)
    matrix = travel.matrix(places.snaps)
    driven = _driven(facts, places, matrix)
    stops = tuple(_stop(i, places.visit(i)) for i in places.coming())
    route = solve_day(DayProblem(_rest_of_shift(facts, driven, matrix, not_before), stops, matrix), budget)
    places.left_out.extend(_left_out(facts, places, route, matrix))
    return _solved(travel, places, driven, route, matrix.network_version)


def _places(facts: DayFacts, travel: RoadsTravel) -> _Places:
    wanted = [facts.home, *(visit.place for visit in facts.visits if visit.place is not None)]
    found = snap(travel.network, wanted, facts.refuse_metres)
    home, spots = found[0], iter(found[1:])
    if isinstance(home, NotOnRoad):
        raise home.error()
    places = _Places([home], [None], [])
    for visit in facts.visits:
        spot = next(spots) if visit.place is not None else None
        if isinstance(spot, Snap) and (visit.is_open or visit.held is not None):
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
    """The visits that are over or under way, at the times they were held."""
    stops: list[PlannedStop] = []
    before, leaves = HOME, facts.starts
    for index in places.held():
        visit, seconds = places.visit(index), drive_seconds(matrix, before, index, leaves)
        if UNREACHABLE_SECONDS in (seconds, int(matrix.seconds[index, HOME])):
            places.left_out.append(SolvedLeftOut(visit.visit_id, LeftOut.UNREACHABLE.value))
            continue
        arrives = _arrival(visit, leaves + seconds)
        metres = drive_metres(matrix, before, index, leaves)
        leaves = max(arrives, arrives + visit.service_seconds if visit.left is None else visit.left)
        stops.append(PlannedStop(index, arrives, arrives, leaves, seconds, metres))
        before = index
    return stops


def _arrival(visit: DayVisit, by_road: int) -> int:
    """The time noted, else when the drive ends; nobody leaves before arriving."""
    if visit.arrived is not None:
        return visit.arrived
    return by_road if visit.left is None else min(by_road, visit.left)


def _rest_of_shift(
    facts: DayFacts, driven: list[PlannedStop], matrix: TravelMatrix, not_before: int
) -> Shift:
    """The whole shift, or what is left of it. When it is over there is still the way home."""
    start = driven[-1].key if driven else HOME
    begins = max(driven[-1].leaves if driven else facts.starts, not_before)
    home_at = begins + drive_seconds(matrix, start, HOME, begins)
    lunch = facts.lunch
    if lunch is not None and (begins > lunch.latest or home_at + lunch.seconds > facts.ends):
        lunch = None
    return Shift(begins, max(home_at, facts.ends), start, HOME, lunch)


def _stop(index: int, visit: DayVisit) -> Stop:
    return Stop(index, index, visit.service_seconds, visit.windows, visit.price)


def _left_out(facts: DayFacts, places: _Places, route: DayRoute, matrix: TravelMatrix) -> list[SolvedLeftOut]:
    whole = Shift(facts.starts, facts.ends, HOME, HOME, facts.lunch)
    found = []
    for out in route.left_out:
        visit, reason = places.visit(out.key), out.reason.value
        if out.reason in (LeftOut.CLOSED, LeftOut.TOO_LONG):
            alone = solve_day(DayProblem(whole, (_stop(out.key, visit),), matrix), BUDGET)
            reason = TOO_LATE if alone.stops else reason
        found.append(SolvedLeftOut(visit.visit_id, reason, out.seconds))
    return found


def _solved(
    travel: RoadsTravel,
    places: _Places,
    driven: list[PlannedStop],
    route: DayRoute,
    network_version: str,
) -> SolvedDay:
    timed = [*driven, *route.stops]
    way = [HOME, *(stop.key for stop in timed), HOME]
    departures = [
        *(stop.arrives - stop.leg_seconds for stop in timed),
        route.home_at - route.home_leg_seconds,
    ]
    paths = [
        _path(travel, places.snaps[a], places.snaps[b], departs)
        for (a, b), departs in zip(pairwise(way), departures, strict=True)
    ]
    return SolvedDay(
        stops=tuple(
            SolvedStop(places.visit(stop.key).visit_id, stop, path)
            for stop, path in zip(timed, paths, strict=False)
        ),
        left_out=tuple(places.left_out),
        leaves=max(0, driven[0].arrives - driven[0].leg_seconds) if driven else route.leaves_at,
        home=route.home_at,
        home_leg_seconds=route.home_leg_seconds,
        home_leg_metres=route.home_leg_metres,
        home_leg_path=paths[-1],
        lunch_begins=route.lunch_begins,
        is_proven=route.proven,
        network_version=network_version,
    )


def _path(travel: RoadsTravel, start: Snap, goal: Snap, departs: int) -> str:
    points = [(lat, lon) for lon, lat in travel.leg(start, goal, departs).path]
    return str(polyline.encode(points, PATH_PRECISION))
