"""Why a stop is not in the route. What is certain and what was only not found are different words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from routing.day.full import is_plainly_full
from routing.day.measure import insertion_seconds
from routing.day.moments import first_begin
from routing.day.timeline import route_of
from routing.types import UNREACHABLE_SECONDS, DayProblem, LeftOut, LeftOutStop, Objective, Stop


def impossible_alone(problem: DayProblem, stop: Stop) -> LeftOut | None:
    """Why a stop could not even be the day's only one, or None when it could."""
    shift, seconds = problem.shift, problem.travel.seconds
    way = int(seconds[shift.start, stop.at])
    back = int(seconds[stop.at, shift.end])
    if UNREACHABLE_SECONDS in (way, back):
        return LeftOut.UNREACHABLE
    if route_of(replace(problem, stops=(stop,)), [0]) is not None:
        return None
    begins = first_begin(stop.windows, shift.starts + way)
    return LeftOut.CLOSED if begins is None or begins > shift.ends else LeftOut.TOO_LONG


def why_left_out(
    problem: DayProblem, order: Sequence[int], index: int, proven: bool, objective: Objective
) -> LeftOutStop:
    """The reason for a stop that would fit alone. ``seconds``: the extra driving, or time, it would take."""
    stop = problem.stops[index]
    detour = insertion_seconds(problem, order, index, objective)
    if detour is not None:
        return LeftOutStop(stop.key, LeftOut.NOT_WORTH, detour)
    together = replace(problem, stops=(*(problem.stops[i] for i in order), stop))
    reason = LeftOut.DAY_FULL if proven or is_plainly_full(together) else LeftOut.NOT_FOUND
    return LeftOutStop(stop.key, reason, _open_detour(problem, order, stop))


def _open_detour(problem: DayProblem, order: Sequence[int], stop: Stop) -> int:
    """The least extra driving if time were no matter."""
    seconds, shift = problem.travel.seconds, problem.shift
    way = [shift.start, *(problem.stops[i].at for i in order), shift.end]
    return min(
        int(seconds[a, stop.at]) + int(seconds[stop.at, b]) - int(seconds[a, b])
        for a, b in itertools.pairwise(way)
    )
