"""An independent judge of day routes: the rules from scratch, nothing shared with the solver.

``best_cost`` tries every order of every subset; ``faults`` names what a route breaks.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations, permutations, zip_longest

from routing.types import UNREACHABLE_SECONDS, DayProblem, DayRoute, Stop

MUST = 10**8


def earliest(stop: Stop, ready: int) -> int | None:
    """The first second from ``ready`` in some window; no windows: at once."""
    if not stop.windows:
        return ready
    moments = [max(ready, w.opens) for w in stop.windows if w.opens <= w.closes and ready <= w.closes]
    return min(moments) if moments else None


def takes(problem: DayProblem, a: int, b: int, leaves: int) -> int:
    """Seconds of a drive: in each slot of the day the share that its whole time allows, in fractions."""
    calm = int(problem.travel.seconds[a, b])
    if calm >= UNREACHABLE_SECONDS:
        return calm
    slots = [(rush.begins, rush.ends, int(rush.seconds[a, b])) for rush in problem.travel.rush]
    bounds = sorted({leaves, *(moment for slot in slots for moment in slot[:2] if moment > leaves)})
    undriven = Fraction(1)
    for begins, ends in zip_longest(bounds, bounds[1:]):
        whole = next((seconds for start, end, seconds in slots if start <= begins < end), calm)
        if ends is None or undriven * whole <= ends - begins:
            return math.floor(begins + undriven * whole + Fraction(1, 2)) - leaves
        undriven -= Fraction(ends - begins, whole)
    raise AssertionError("the last slot has no end")


def ways_of(problem: DayProblem, order: tuple[int, ...]) -> list[tuple[int, int]]:
    """Driving, and when home is reached, when lunch is tried at each possible spot of the order.

    For the lunch hour one waits only where one waits anyway, or would be too late for it else.

    To the first stop one leaves as late as its door allows, unless lunch comes before.
    """
    shift, lunch = problem.shift, problem.shift.lunch
    spots: list[int | None] = [None]
    if lunch is not None and shift.starts <= lunch.latest:
        # Spot 2k: before driving to stop k (or home); spot 2k + 1: on arrival at stop k.
        spots += list(range(2 * len(order) + 1))
    return [way for spot in spots for way in [_way(problem, order, spot)] if way is not None]


def _way(problem: DayProblem, order: tuple[int, ...], spot: int | None) -> tuple[int, int] | None:
    shift, lunch = problem.shift, problem.shift.lunch
    at, time, driving = shift.start, shift.starts, 0
    for number, index in enumerate([*order, None]):
        stop = None if index is None else problem.stops[index]
        goal = shift.end if stop is None else stop.at
        if spot == 2 * number and lunch is not None:
            hungry = time + takes(problem, at, goal, time) > lunch.latest
            if time > lunch.latest or (not hungry and (time < lunch.earliest or stop is None)):
                return None
            time = max(time, lunch.earliest) + lunch.seconds
        drive = takes(problem, at, goal, time)
        if drive >= UNREACHABLE_SECONDS:
            return None
        arrives = time + drive
        if stop is None:
            unfed = spot is None and lunch is not None and shift.starts <= lunch.latest
            late = arrives > shift.ends or (unfed and lunch is not None and arrives > lunch.latest)
            return None if late else (driving + drive, arrives)
        free = arrives
        if spot == 2 * number + 1 and lunch is not None:
            unfed = earliest(stop, arrives)
            done = None if unfed is None else unfed + stop.service_seconds
            early = arrives < lunch.earliest and unfed is not None and unfed < lunch.earliest
            if arrives > lunch.latest or (early and done is not None and done <= lunch.latest):
                return None
            free = max(arrives, lunch.earliest) + lunch.seconds
        begins = earliest(stop, free)
        if begins is None:
            return None
        if number == 0 and spot not in (0, 1):
            fastest = min(int(times.seconds[at, goal]) for times in (problem.travel, *problem.travel.rush))
            later = max(time, begins - fastest)
            while later > time and later + takes(problem, at, goal, later) > begins:
                later -= 1
            drive = takes(problem, at, goal, later)
        driving, at, time = driving + drive, stop.at, begins + stop.service_seconds
    raise AssertionError("every day ends")


def ends_of(problem: DayProblem, order: tuple[int, ...]) -> list[int]:
    """Every moment home can be reached."""
    return [home for _, home in ways_of(problem, order)]


def cost_of(problem: DayProblem, order: tuple[int, ...]) -> int:
    """The least driving plus the prices of the stops that are not in ``order``."""
    driving = min(driving for driving, _ in ways_of(problem, order))
    outside = [stop.price for i, stop in enumerate(problem.stops) if i not in order]
    return driving + sum(MUST if price is None else price for price in outside)


def best_cost(problem: DayProblem) -> int:
    count = len(problem.stops)
    return min(
        cost_of(problem, order)
        for size in range(count + 1)
        for chosen in combinations(range(count), size)
        for order in permutations(chosen)
        if ends_of(problem, order)
    )


def faults(problem: DayProblem, route: DayRoute) -> list[str]:
    """What is wrong with a route, in words; empty when nothing is."""
    by_key = {stop.key: stop for stop in problem.stops}
    found, at, free = [], problem.shift.start, route.leaves_at
    if route.leaves_at < problem.shift.starts:
        found.append("leaves before the shift")
    for planned in route.stops:
        stop = by_key[planned.key]
        departs = _departs(problem, route, free, planned.arrives - planned.leg_seconds)
        if departs is None or planned.leg_seconds != takes(problem, at, stop.at, departs):
            found.append(f"{stop.key}: wrong drive")
        if planned.arrives < free + planned.leg_seconds:
            found.append(f"{stop.key}: arrives too early")
        if planned.begins < planned.arrives or earliest(stop, planned.begins) != planned.begins:
            found.append(f"{stop.key}: begins while closed")
        if planned.leaves != planned.begins + stop.service_seconds:
            found.append(f"{stop.key}: leaves at the wrong time")
        at, free = stop.at, planned.leaves
    departs = _departs(problem, route, free, route.home_at - route.home_leg_seconds)
    if departs is None or route.home_leg_seconds != takes(problem, at, problem.shift.end, departs):
        found.append("wrong drive home")
    if not free + route.home_leg_seconds <= route.home_at <= problem.shift.ends:
        found.append("home at the wrong time")
    keys = [s.key for s in route.stops] + [s.key for s in route.left_out]
    if sorted(keys) != sorted(by_key):
        found.append("a stop is lost or doubled")
    return found


def _departs(problem: DayProblem, route: DayRoute, free: int, departs: int) -> int | None:
    """One sets out as soon as one is free, or has eaten; None when it was another moment."""
    lunch = problem.shift.lunch
    if departs == free or (lunch and route.lunch_begins and departs == route.lunch_begins + lunch.seconds):
        return departs
    return None
