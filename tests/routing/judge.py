"""An independent judge of day routes: the rules from scratch, nothing shared with the solver.

``best_cost`` tries every order of every subset; ``faults`` names what a route breaks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import zip_longest
from typing import NamedTuple

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
    if calm >= UNREACHABLE_SECONDS or not problem.travel.rush:
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


class Went(NamedTuple):
    """How far one came: when one is free to go on, the seconds driven, and whether lunch is behind."""

    free: int
    driving: int
    is_fed: bool


def set_out(problem: DayProblem) -> Went:
    shift = problem.shift
    return Went(shift.starts, 0, shift.lunch is None or shift.starts > shift.lunch.latest)


def ways_on(problem: DayProblem, at: int, went: Went, stop: Stop, is_first: bool) -> Iterator[Went]:
    """Every way to go on to a stop and serve there: at once, with lunch before the drive, or on arrival.

    For the lunch hour one waits only where one waits anyway, or would be too late for it else. To the first
    stop one leaves as late as its door allows, unless lunch comes before.
    """
    lunch, served = problem.shift.lunch, stop.service_seconds
    drive = takes(problem, at, stop.at, went.free)
    if drive >= UNREACHABLE_SECONDS:
        return
    arrives = went.free + drive
    begins = earliest(stop, arrives)
    if begins is not None:
        if is_first:
            drive = _last_drive(problem, at, stop.at, went.free, begins)
        yield Went(begins + served, went.driving + drive, went.is_fed)
    if went.is_fed or lunch is None:
        return
    eaten = _eaten_first(problem, went, arrives)
    if eaten is not None:
        later = takes(problem, at, stop.at, eaten)
        fed = earliest(stop, eaten + later)
        if fed is not None:
            yield Went(fed + served, went.driving + later, is_fed=True)
    early = arrives < lunch.earliest and begins is not None and begins < lunch.earliest
    is_early = early and begins is not None and begins + served <= lunch.latest
    if arrives <= lunch.latest and not is_early:
        fed = earliest(stop, max(arrives, lunch.earliest) + lunch.seconds)
        if fed is not None:
            yield Went(fed + served, went.driving + arrives - went.free, is_fed=True)


def _eaten_first(problem: DayProblem, went: Went, arrives: int) -> int | None:
    """When lunch is over that is eaten before the drive; None where nobody would eat there."""
    lunch = problem.shift.lunch
    assert lunch is not None
    if went.free > lunch.latest or (arrives <= lunch.latest and went.free < lunch.earliest):
        return None
    return max(went.free, lunch.earliest) + lunch.seconds


def _last_drive(problem: DayProblem, at: int, goal: int, free: int, begins: int) -> int:
    """Of who leaves as late as one may, to begin then."""
    fastest = min(int(times.seconds[at, goal]) for times in (problem.travel, *problem.travel.rush))
    later = max(free, begins - fastest)
    while later > free and later + takes(problem, at, goal, later) > begins:
        later -= 1
    return takes(problem, at, goal, later)


def ways_home(problem: DayProblem, at: int, went: Went) -> Iterator[tuple[int, int]]:
    """Driving, and when home is reached. Who is home before lunch is over needs none on the way."""
    shift, lunch = problem.shift, problem.shift.lunch
    drive = takes(problem, at, shift.end, went.free)
    if drive >= UNREACHABLE_SECONDS:
        return
    departs = went.free
    if not went.is_fed and lunch is not None and departs + drive > lunch.latest:
        eaten = _eaten_first(problem, went, departs + drive)
        if eaten is None:
            return
        departs, drive = eaten, takes(problem, at, shift.end, eaten)
    if departs + drive <= shift.ends:
        yield went.driving + drive, departs + drive


def ways_of(problem: DayProblem, order: tuple[int, ...]) -> list[tuple[int, int]]:
    """Driving, and when home is reached, of every way to live through the order."""
    at, went = problem.shift.start, {set_out(problem)}
    for number, index in enumerate(order):
        stop = problem.stops[index]
        went = {then for now in went for then in ways_on(problem, at, now, stop, number == 0)}
        at = stop.at
    return [way for now in went for way in ways_home(problem, at, now)]


def every_day(problem: DayProblem) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """Every order of every subset of the stops with each of its ways: the order, the driving, when home is
    reached. An order that cannot be lived is not gone on with."""
    waiting: list[tuple[tuple[int, ...], set[Went]]] = [((), {set_out(problem)})]
    while waiting:
        order, went = waiting.pop()
        at = problem.stops[order[-1]].at if order else problem.shift.start
        for now in went:
            for driving, home in ways_home(problem, at, now):
                yield order, driving, home
        for index, stop in enumerate(problem.stops):
            if index not in order:
                then = {way for now in went for way in ways_on(problem, at, now, stop, not order)}
                if then:
                    waiting.append(((*order, index), then))


def ends_of(problem: DayProblem, order: tuple[int, ...]) -> list[int]:
    """Every moment home can be reached."""
    return [home for _, home in ways_of(problem, order)]


def cost_of(problem: DayProblem, order: tuple[int, ...]) -> int:
    """The least driving plus the prices of the stops that are not in ``order``."""
    driving = min(driving for driving, _ in ways_of(problem, order))
    outside = [stop.price for i, stop in enumerate(problem.stops) if i not in order]
    return driving + sum(MUST if price is None else price for price in outside)


def best_cost(problem: DayProblem) -> int:
    """The least driving and prices by brute force."""
    prices = [MUST if stop.price is None else stop.price for stop in problem.stops]
    return min(
        driving + sum(prices) - sum(prices[index] for index in order)
        for order, driving, _ in every_day(problem)
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
