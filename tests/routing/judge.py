"""An independent judge of day routes: the rules from scratch, nothing shared with the solver.

``best_cost`` tries every order of every subset; ``faults`` names what a route breaks.
"""

from __future__ import annotations

from itertools import combinations, pairwise, permutations

from routing.types import UNREACHABLE_SECONDS, DayProblem, DayRoute, Stop

MUST = 10**8


def earliest(stop: Stop, ready: int) -> int | None:
    """The first second from ``ready`` in some window; no windows: at once."""
    if not stop.windows:
        return ready
    moments = [max(ready, w.opens) for w in stop.windows if w.opens <= w.closes and ready <= w.closes]
    return min(moments) if moments else None


def ends_of(problem: DayProblem, order: tuple[int, ...]) -> list[int]:
    """Every moment home can be reached when lunch is tried at each possible spot of the order."""
    shift, seconds = problem.shift, problem.travel.seconds
    lunch = shift.lunch
    spots: list[int | None] = [None]
    if lunch is not None and shift.starts <= lunch.latest:
        # Spot 2k: before driving to stop k (or home); spot 2k + 1: on arrival at stop k.
        spots += list(range(2 * len(order) + 1))
    found = []
    for spot in spots:
        at, time, good = shift.start, shift.starts, True
        for number, index in enumerate(order):
            stop = problem.stops[index]
            if spot == 2 * number and lunch is not None:
                good = good and max(time, lunch.earliest) <= lunch.latest
                time = max(time, lunch.earliest) + lunch.seconds
            drive = int(seconds[at, stop.at])
            good = good and drive < UNREACHABLE_SECONDS
            time += drive
            if spot == 2 * number + 1 and lunch is not None:
                good = good and max(time, lunch.earliest) <= lunch.latest
                time = max(time, lunch.earliest) + lunch.seconds
            begins = earliest(stop, time)
            if begins is None or not good:
                good = False
                break
            time, at = begins + stop.service_seconds, stop.at
        if not good:
            continue
        if spot == 2 * len(order) and lunch is not None:
            if max(time, lunch.earliest) > lunch.latest:
                continue
            time = max(time, lunch.earliest) + lunch.seconds
        drive = int(seconds[at, shift.end])
        if drive >= UNREACHABLE_SECONDS or time + drive > shift.ends:
            continue
        unfed = spot is None and lunch is not None and shift.starts <= lunch.latest
        if unfed and lunch is not None and time + drive > lunch.latest:
            continue
        found.append(time + drive)
    return found


def cost_of(problem: DayProblem, order: tuple[int, ...]) -> int:
    """Driving plus the prices of the stops that are not in ``order``."""
    way = [problem.shift.start, *(problem.stops[i].at for i in order), problem.shift.end]
    driving = sum(int(problem.travel.seconds[a, b]) for a, b in pairwise(way))
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
        if planned.leg_seconds != problem.travel.seconds[at, stop.at]:
            found.append(f"{stop.key}: wrong drive")
        if planned.arrives < free + planned.leg_seconds:
            found.append(f"{stop.key}: arrives too early")
        if planned.begins < planned.arrives or earliest(stop, planned.begins) != planned.begins:
            found.append(f"{stop.key}: begins while closed")
        if planned.leaves != planned.begins + stop.service_seconds:
            found.append(f"{stop.key}: leaves at the wrong time")
        at, free = stop.at, planned.leaves
    if route.home_leg_seconds != problem.travel.seconds[at, problem.shift.end]:
        found.append("wrong drive home")
    if not free + route.home_leg_seconds <= route.home_at <= problem.shift.ends:
        found.append("home at the wrong time")
    keys = [s.key for s in route.stops] + [s.key for s in route.left_out]
    if sorted(keys) != sorted(by_key):
        found.append("a stop is lost or doubled")
    return found
