"""What is left of a day, posed as a problem: no database, so that it can take its time.

Visits that are over or under way stay as they were driven, in front; the problem is what is still to come,
from the last of them or from where the rep is, and no drive begins in the past.
Times are seconds after local midnight. A stop's key is its index among the places.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.services.days.day_facts import DayFacts
from planner.services.days.visit_facts import DayVisit
from planner.services.roads import RoadsTravel
from routing.network import NotOnRoad, snap
from routing.slots import drive_metres, drive_seconds
from routing.types import (
    UNREACHABLE_SECONDS,
    DayProblem,
    LeftOut,
    Place,
    PlannedStop,
    Shift,
    Snap,
    Stop,
    TravelMatrix,
)

START, END = 0, 1
"""Indices of the places where the day begins and ends."""

NO_PLACE = "no_place"
OFF_ROAD = "off_road"
TOO_LATE = "too_late"
"""Reasons of ours beside those of ``routing.types.LeftOut``. Too late: it would have fitted the whole day,
and does not fit what is left of it."""


@dataclass(frozen=True, slots=True)
class SolvedLeftOut:
    visit_id: int
    reason: str
    detour_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Both ends of the day and the visits that lie on the roads, by index; of the ends ``visits`` is None.
    ``beds_off_road``: ends whose night's place is not on the roads; they are at home instead."""

    snaps: list[Snap]
    visits: list[DayVisit | None]
    left_out: list[SolvedLeftOut]
    beds_off_road: frozenset[int] = frozenset()

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


@dataclass(frozen=True, slots=True)
class RestOfDay:
    """What is still to come, posed: ``problem.shift.start`` is where the rep is. ``driven`` are the visits
    that are over or under way."""

    facts: DayFacts
    travel: RoadsTravel
    places: Places
    driven: tuple[PlannedStop, ...]
    problem: DayProblem

    def visit(self, key: int) -> DayVisit:
        """The visit of a stop's key."""
        return self.places.visit(key)


def pose(
    facts: DayFacts, travel: RoadsTravel, not_before: int = 0, position: Place | None = None
) -> RestOfDay:
    """What is left of a day as a problem. Raises as ``solve`` does."""
    if any(visit.is_under_way for visit in facts.visits):
        position = None
    places = _places(facts, travel)
    at = [] if position is None else _on_road(travel, position, facts.refuse_metres)
    matrix = travel.matrix([*places.snaps, *at])
    driven = _driven(facts, places, matrix)
    shift = _rest_of_shift(facts, driven, matrix, not_before, len(places.snaps) if at else None)
    places.snaps.extend(at)
    stops = tuple(stop_of(i, places.visit(i)) for i in places.coming())
    return RestOfDay(facts, travel, places, tuple(driven), DayProblem(shift, stops, matrix))


def _on_road(travel: RoadsTravel, place: Place, refuse_metres: int) -> list[Snap]:
    (found,) = snap(travel.network, [place], refuse_metres)
    if isinstance(found, NotOnRoad):
        raise found.error()
    return [found]


def _places(facts: DayFacts, travel: RoadsTravel) -> Places:
    ends = [facts.begins_at, facts.ends_at]
    wanted = [*ends, facts.home, *(visit.place for visit in facts.visits if visit.place is not None)]
    found = snap(travel.network, wanted, facts.refuse_metres)
    home, spots = found[len(ends)], iter(found[len(ends) + 1 :])
    off = frozenset(index for index, end in enumerate(ends) if isinstance(found[index], NotOnRoad))
    places = Places([], [], [], frozenset(index for index in off if ends[index] != facts.home))
    for index in range(len(ends)):
        end = home if index in off else found[index]
        if isinstance(end, NotOnRoad):
            raise end.error()
        places.snaps.append(end)
        places.visits.append(None)
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


def _driven(facts: DayFacts, places: Places, matrix: TravelMatrix) -> list[PlannedStop]:
    """The visits that are over or under way, at the times they were held."""
    stops: list[PlannedStop] = []
    before, leaves = START, facts.starts
    for index in places.held():
        visit, seconds = places.visit(index), drive_seconds(matrix, before, index, leaves)
        if UNREACHABLE_SECONDS in (seconds, int(matrix.seconds[index, END])):
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
    facts: DayFacts, driven: list[PlannedStop], matrix: TravelMatrix, not_before: int, position: int | None
) -> Shift:
    """The whole shift, or what is left of it. When it is over there is still the way home."""
    last = driven[-1].key if driven else START
    start = last if position is None else position
    begins = max(driven[-1].leaves if driven else facts.starts, not_before)
    drive = drive_seconds(matrix, start, END, begins)
    lunch = facts.lunch if facts.ate_at is None else None
    if lunch is not None and (begins > lunch.latest or begins + drive + lunch.seconds > facts.ends):
        lunch = None
    return Shift(begins, max(begins + drive, facts.ends), start, END, lunch)


def stop_of(index: int, visit: DayVisit) -> Stop:
    return Stop(index, index, visit.service_seconds, visit.windows, visit.price)
