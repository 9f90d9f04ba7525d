"""A day's facts to a day route with its street paths: no database, so that it can take its time.

Visits that are over or under way stay as they were driven, in front; only what is still to come is put
in order, from the last of them or from where the rep is, and no drive begins in the past.
Times are seconds after local midnight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import polyline

from planner.services.days.day_facts import DayFacts
from planner.services.days.day_posing import END, START, TOO_LATE, RestOfDay, SolvedLeftOut, pose, stop_of
from planner.services.days.kept_places import QUICK, THOROUGH, best_with_places
from planner.services.roads import RoadsTravel
from routing.day import solve_day
from routing.types import DayRoute, LeftOut, Leg, Objective, Place, PlannedStop, SearchBudget, Shift

BUDGET = SearchBudget(iterations=400, seconds=7.5)
"""Only days of about twenty stops and more take it all; OR-Tools then runs in a process of its own."""
PATH_PRECISION = 5


@dataclass(frozen=True, slots=True)
class SolvedStop:
    """``leg_class_seconds`` as ``routing.types.Leg`` has them."""

    visit_id: int
    times: PlannedStop
    leg_path: str
    leg_class_seconds: tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class SolvedDay:
    """``leg_path`` and ``home_leg_path`` are polylines of (lat, lon) at precision 5. ``bed_*_off_road``: the
    day begins or ends at home because the night's place is not on the roads."""

    stops: tuple[SolvedStop, ...]
    left_out: tuple[SolvedLeftOut, ...]
    leaves: int
    home: int
    home_leg_seconds: int
    home_leg_metres: int
    home_leg_path: str
    lunch_begins: int | None
    is_proven: bool
    within_percent: float | None
    network_version: str
    bed_before_off_road: bool
    bed_after_off_road: bool


def solve(
    facts: DayFacts,
    travel: RoadsTravel,
    not_before: int = 0,
    budget: SearchBudget = BUDGET,
    position: Place | None = None,
) -> SolvedDay:
    """The best order found, beginning no earlier than ``not_before``, at the rep's ``position`` where it is
    known and no visit is under way.

    Raises ``OffRoad`` or ``BadPoint`` when the home or the rep's position is not on the roads; a night whose
    place is not on them is spent at home, and a visit that cannot be driven to left out with its reason."""
    rest = pose(facts, travel, not_before, position)
    return told(rest, best_route(rest, budget))


def best_route(rest: RestOfDay, budget: SearchBudget, known: Sequence[int] = ()) -> DayRoute:
    """The best order found by the rep's goal; visits that keep a place have it, though others may be late for
    that. ``known`` are visits in an order that may be good."""
    objective = Objective(rest.facts.goal)
    by_visit = {rest.visit(stop.key).visit_id: stop.key for stop in rest.problem.stops}
    route = solve_day(
        rest.problem, budget, objective, [by_visit[visit_id] for visit_id in known if visit_id in by_visit]
    )
    keys = [stop.key for stop in rest.problem.stops]
    order = [keys.index(stop.key) for stop in route.stops]
    wishes = {index: rest.visit(keys[index]).kept_place for index in order}
    places = {index: place - 1 - len(rest.driven) for index, place in wishes.items() if place is not None}
    if not places:
        return route
    steps = QUICK if budget.quick else THOROUGH
    found = best_with_places(rest.problem, order, places, objective, steps).route
    return replace(found, left_out=route.left_out, proven=False)


def told(rest: RestOfDay, route: DayRoute) -> SolvedDay:
    """The whole day with its street paths: what is over, then ``route``."""
    left_out = (*rest.places.left_out, *_left_out(rest, route))
    return _solved(rest, route, left_out)


def _left_out(rest: RestOfDay, route: DayRoute) -> list[SolvedLeftOut]:
    facts = rest.facts
    whole = Shift(facts.starts, facts.ends, START, END, facts.lunch)
    found = []
    for out in route.left_out:
        visit, reason = rest.visit(out.key), out.reason.value
        if out.reason in (LeftOut.CLOSED, LeftOut.TOO_LONG):
            alone = replace(rest.problem, shift=whole, stops=(stop_of(out.key, visit),))
            reason = TOO_LATE if solve_day(alone, BUDGET, Objective(facts.goal)).stops else reason
        found.append(SolvedLeftOut(visit.visit_id, reason, out.seconds))
    return found


def _solved(rest: RestOfDay, route: DayRoute, left_out: tuple[SolvedLeftOut, ...]) -> SolvedDay:
    driven, timed = rest.driven, [*rest.driven, *route.stops]
    return SolvedDay(
        stops=tuple(
            SolvedStop(rest.visit(stop.key).visit_id, stop, _drawn(leg), leg.class_seconds)
            for stop, leg in zip(timed, _legs(rest, route), strict=True)
        ),
        left_out=left_out,
        leaves=max(0, driven[0].arrives - driven[0].leg_seconds) if driven else route.leaves_at,
        home=route.home_at,
        home_leg_seconds=route.home_leg_seconds,
        home_leg_metres=route.home_leg_metres,
        home_leg_path=_home_path(rest, route),
        lunch_begins=route.lunch_begins,
        is_proven=route.proven,
        within_percent=route.within_percent,
        network_version=rest.problem.travel.network_version,
        bed_before_off_road=START in rest.places.beds_off_road,
        bed_after_off_road=END in rest.places.beds_off_road,
    )


def _legs(rest: RestOfDay, route: DayRoute) -> list[Leg]:
    """To every stop; the first of the rest begins where the rep is."""
    legs = [*pairwise([START, *(stop.key for stop in rest.driven)])]
    legs += pairwise([rest.problem.shift.start, *(stop.key for stop in route.stops)])
    timed = [*rest.driven, *route.stops]
    return [_leg(rest, leg, stop.arrives - stop.leg_seconds) for leg, stop in zip(legs, timed, strict=True)]


def _home_path(rest: RestOfDay, route: DayRoute) -> str:
    last = route.stops[-1].key if route.stops else rest.problem.shift.start
    return _drawn(_leg(rest, (last, END), route.home_at - route.home_leg_seconds))


def _leg(rest: RestOfDay, leg: tuple[int, int], departs: int) -> Leg:
    start, goal = (rest.places.snaps[index] for index in leg)
    return rest.travel.leg(start, goal, departs)


def _drawn(leg: Leg) -> str:
    return str(polyline.encode([(lat, lon) for lon, lat in leg.path], PATH_PRECISION))
