"""A day in the order someone wishes: its times, and every rule they break. Nothing is accepted in silence.

Windows that are missed do not stop the day: service begins on arrival, and it is said how late that is. Lunch
is put where least is late, then where one is home first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routing.day.checks import checked
from routing.day.moments import first_begin, no_lunch_ahead
from routing.day.timeline import route_of
from routing.errors import BadProblem
from routing.slots import drive_metres, drive_seconds
from routing.types import (
    UNREACHABLE_SECONDS,
    Broken,
    BrokenRule,
    DayProblem,
    DayRoute,
    OrderedDay,
    PlannedStop,
    Stop,
)


def drive_as_ordered(problem: DayProblem, keys: Sequence[int]) -> OrderedDay:
    """The stops of ``keys`` in that order; the others of the problem are not looked at.

    Raises ``BadProblem`` for keys that are unknown or named twice, and as ``solve_day``."""
    problem = checked(problem)
    by_key = {stop.key: stop for stop in problem.stops}
    if len(set(keys)) < len(keys) or not set(keys) <= set(by_key):
        raise BadProblem(why="an order that names a stop twice, or one that is not of the day")
    wished, broken = _drivable(problem, [by_key[key] for key in keys])
    chosen = replace(problem, stops=tuple(wished))
    route = route_of(chosen, range(len(wished)))
    if route is not None:
        return OrderedDay(route, tuple(broken))
    days = [_timed(chosen, spot) for spot in _lunch_spots(chosen)]
    best = min(days, key=lambda day: (_late(day), day.route.home_at))
    return replace(best, broken=(*broken, *best.broken))


def _drivable(problem: DayProblem, wished: Sequence[Stop]) -> tuple[list[Stop], list[BrokenRule]]:
    """The stops one can get to from the one before, and on from there."""
    kept: list[Stop] = []
    broken, at, seconds = [], problem.shift.start, problem.travel.seconds
    for stop in wished:
        if max(seconds[at, stop.at], seconds[stop.at, problem.shift.end]) >= UNREACHABLE_SECONDS:
            broken.append(BrokenRule(Broken.UNREACHABLE, stop.key))
        else:
            kept.append(stop)
            at = stop.at
    return kept, broken


def _lunch_spots(problem: DayProblem) -> list[int | None]:
    """Before leg ``n`` is 2n, on arrival behind it 2n + 1; the last leg is the one home."""
    if problem.shift.lunch is None or no_lunch_ahead(problem) is not None:
        return [None]
    return [None, *range(2 * len(problem.stops) + 2)]


def _late(day: OrderedDay) -> int:
    return sum(rule.seconds or 0 for rule in day.broken)


def _timed(problem: DayProblem, spot: int | None) -> OrderedDay:
    """The day with lunch at a spot, everything as early as can be."""
    shift, travel = problem.shift, problem.travel
    stops: list[PlannedStop] = []
    broken: list[BrokenRule] = []
    now, at, eaten = shift.starts, shift.start, None
    leaves_at = None
    for number, stop in enumerate([*problem.stops, None]):
        if spot == 2 * number:
            eaten, now = _eats(problem, now, broken)
        leaves_at = now if leaves_at is None else leaves_at
        goal = shift.end if stop is None else stop.at
        drive, metres = drive_seconds(travel, at, goal, now), drive_metres(travel, at, goal, now)
        arrives = now = now + drive
        if spot == 2 * number + 1:
            eaten, now = _eats(problem, now, broken)
        if stop is not None:
            begins = _begins(stop, now, broken)
            now = begins + stop.service_seconds
            stops.append(PlannedStop(stop.key, arrives, begins, now, drive, metres))
            at = goal
    if eaten is None and len(_lunch_spots(problem)) > 1 and shift.lunch is not None:
        _note(broken, Broken.LUNCH_LATE, None, now - shift.lunch.latest)
    _note(broken, Broken.HOME_LATE, None, arrives - shift.ends)
    route = DayRoute(tuple(stops), (), leaves_at or shift.starts, arrives, drive, metres, eaten, proven=False)
    return OrderedDay(route, tuple(broken))


def _eats(problem: DayProblem, now: int, broken: list[BrokenRule]) -> tuple[int, int]:
    """When lunch begins and ends."""
    lunch = problem.shift.lunch
    assert lunch is not None
    begins = max(now, lunch.earliest)
    _note(broken, Broken.LUNCH_LATE, None, begins - lunch.latest)
    return begins, begins + lunch.seconds


def _begins(stop: Stop, ready: int, broken: list[BrokenRule]) -> int:
    begins = first_begin(stop.windows, ready)
    if begins is not None:
        return begins
    closes = [w.closes for w in stop.windows if w.opens <= w.closes]
    if closes:
        _note(broken, Broken.LATE, stop.key, ready - max(closes))
    else:
        broken.append(BrokenRule(Broken.CLOSED, stop.key))
    return ready


def _note(broken: list[BrokenRule], rule: Broken, key: int | None, seconds: int) -> None:
    if seconds > 0:
        broken.append(BrokenRule(rule, key, seconds))
