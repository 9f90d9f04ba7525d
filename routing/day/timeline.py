"""When things happen on a route whose order is given: the one place that knows when a window binds.

Driving is never broken. Lunch is taken at a place, before or after the service there, or before
leaving the start; it may begin from ``earliest`` to ``latest``. A day that is over by ``latest``
needs no lunch on the way. Service begins at the first moment a window allows; waiting is free.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from routing.types import UNREACHABLE_SECONDS, DayProblem, DayRoute, Lunch, PlannedStop, Stop, TimeWindow


class Moment(NamedTuple):
    """A place in a route. ``eaten`` is when lunch began, None while it is still to come."""

    arrives: int
    begins: int
    leaves: int
    eaten: int | None


def first_begin(windows: Sequence[TimeWindow], earliest: int) -> int | None:
    """The first moment from ``earliest`` on at which service may begin; None when the day's windows are over.

    Reversed windows (closing before they open) never open.
    """
    if not windows:
        return earliest
    begins = [max(w.opens, earliest) for w in windows if max(w.opens, earliest) <= w.closes]
    return min(begins, default=None)


def lunch_from(lunch: Lunch, moment: int) -> int | None:
    """When lunch begins if it is taken at the first chance from ``moment``; None when it is too late."""
    begins = max(moment, lunch.earliest)
    return begins if begins <= lunch.latest else None


def steps(problem: DayProblem, leaves: int, eaten: int | None, origin: int, stop: Stop) -> Iterator[Moment]:
    """The ways to go on to ``stop``: driving at once, after lunch, or with lunch on arrival there.

    None of them when the stop cannot be reached or is closed by then.
    """
    drive = int(problem.travel.seconds[origin, stop.at])
    if drive >= UNREACHABLE_SECONDS:
        return
    lunch = problem.shift.lunch
    yield from _served(stop, leaves + drive, leaves + drive, eaten)
    if lunch is None or eaten is not None:
        return
    before = lunch_from(lunch, leaves)
    if before is not None:
        arrives = before + lunch.seconds + drive
        yield from _served(stop, arrives, arrives, before)
    there = lunch_from(lunch, leaves + drive)
    if there is not None:
        yield from _served(stop, leaves + drive, there + lunch.seconds, there)


def home(problem: DayProblem, leaves: int, eaten: int | None, origin: int) -> tuple[int, int | None] | None:
    """When the shift's end is reached and when lunch was, or None when that is too late or impossible."""
    shift, drive = problem.shift, int(problem.travel.seconds[origin, problem.shift.end])
    if drive >= UNREACHABLE_SECONDS:
        return None
    at = leaves + drive
    if shift.lunch is not None and eaten is None and at > shift.lunch.latest:
        eaten = lunch_from(shift.lunch, leaves)
        if eaten is None:
            return None
        at = eaten + shift.lunch.seconds + drive
    return (at, eaten) if at <= shift.ends else None


def route_of(problem: DayProblem, order: Sequence[int]) -> DayRoute | None:
    """The earliest timeline of ``order`` (indices into ``problem.stops``), or None when it does not fit.

    ``left_out`` is empty and ``proven`` false; the caller knows about those.
    """
    fronts: list[list[tuple[Moment, int]]] = []
    now = [Moment(problem.shift.starts, problem.shift.starts, problem.shift.starts, no_lunch_ahead(problem))]
    origin = problem.shift.start
    for index in order:
        stop = problem.stops[index]
        reached = [
            (moment, parent)
            for parent, before in enumerate(now)
            for moment in steps(problem, before.leaves, before.eaten, origin, stop)
        ]
        front = _best(reached)
        if not front:
            return None
        fronts.append(front)
        now, origin = [moment for moment, _ in front], stop.at
    ends = [(end, i) for i, m in enumerate(now) if (end := home(problem, m.leaves, m.eaten, origin))]
    if not ends:
        return None
    (home_at, eaten), last = min(ends, key=lambda pair: pair[0][0])
    return _route(problem, order, _trace(fronts, last), home_at, eaten)


def no_lunch_ahead(problem: DayProblem) -> int | None:
    """What ``eaten`` starts with: a shift that begins after the lunch hours counts as fed."""
    lunch = problem.shift.lunch
    return lunch.latest if lunch is not None and problem.shift.starts > lunch.latest else None


def _served(stop: Stop, arrives: int, ready: int, eaten: int | None) -> Iterator[Moment]:
    begins = first_begin(stop.windows, ready)
    if begins is not None:
        yield Moment(arrives, begins, begins + stop.service_seconds, eaten)


def _best(reached: Sequence[tuple[Moment, int]]) -> list[tuple[Moment, int]]:
    """The earliest with lunch behind, and the earliest with lunch ahead: no other can end better."""
    kept = []
    for fed in (False, True):
        these = [pair for pair in reached if (pair[0].eaten is not None) is fed]
        if these:
            kept.append(min(these, key=lambda pair: (pair[0].leaves, pair[0].arrives)))
    return kept


def _trace(fronts: Sequence[list[tuple[Moment, int]]], last: int) -> list[Moment]:
    moments = []
    for front in reversed(fronts):
        moment, last = front[last]
        moments.append(moment)
    return moments[::-1]


def _route(
    problem: DayProblem, order: Sequence[int], moments: Sequence[Moment], home_at: int, eaten: int | None
) -> DayRoute:
    travel, shift = problem.travel, problem.shift
    way = [shift.start, *(problem.stops[i].at for i in order), shift.end]
    legs = list(itertools.pairwise(way))
    stops = tuple(
        PlannedStop(
            key=problem.stops[index].key,
            arrives=moment.arrives,
            begins=moment.begins,
            leaves=moment.leaves,
            leg_seconds=int(travel.seconds[leg]),
            leg_metres=int(travel.metres[leg]),
        )
        for index, moment, leg in zip(order, moments, legs, strict=False)
    )
    fed_before = no_lunch_ahead(problem) is not None
    leaves_at, stops = _without_first_wait(shift.starts, stops)
    return DayRoute(
        stops=stops,
        left_out=(),
        leaves_at=leaves_at,
        home_at=home_at,
        home_leg_seconds=int(travel.seconds[legs[-1]]),
        home_leg_metres=int(travel.metres[legs[-1]]),
        lunch_begins=None if fed_before else eaten,
        proven=False,
    )


def _without_first_wait(starts: int, stops: tuple[PlannedStop, ...]) -> tuple[int, tuple[PlannedStop, ...]]:
    """Nobody leaves home early to wait at the first door: what could be slept is."""
    if not stops or stops[0].arrives != starts + stops[0].leg_seconds:
        return starts, stops
    first = replace(stops[0], arrives=stops[0].begins)
    return first.begins - first.leg_seconds, (first, *stops[1:])
