"""What a day refuses, told before any search; and what it takes for granted afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from routing.errors import BadProblem, Unreachable
from routing.types import UNREACHABLE_SECONDS, DayProblem, Shift, Stop, TimeWindow, TravelMatrix

MOST_SECONDS = 2**30
"""No time of day and no length is that large."""


def checked(problem: DayProblem) -> DayProblem:
    """The problem with windows that are within reach and no lunch that takes no time.

    Raises ``BadProblem`` for a problem that contradicts itself and ``Unreachable`` when no road leads from
    the shift's start to its end."""
    check_parts((problem.shift,), problem.stops, problem.travel)
    shift, stops = problem.shift, tuple(_within_reach(stop) for stop in problem.stops)
    if shift.lunch is not None and shift.lunch.seconds == 0:
        shift = replace(shift, lunch=None)
    return replace(problem, shift=shift, stops=stops)


def check_parts(shifts: Iterable[Shift], stops: Iterable[Stop], travel: TravelMatrix) -> None:
    size = len(travel.seconds)
    if travel.seconds.shape != (size, size):
        raise BadProblem(why="the travel times do not cover all places")
    if (travel.seconds < 0).any():
        raise BadProblem(why="a drive of negative length")
    for shift in shifts:
        _check_shift(shift, size)
        if int(travel.seconds[shift.start, shift.end]) >= UNREACHABLE_SECONDS:
            raise Unreachable(origin="the start of the day", destination="its end")
    for stop in stops:
        _check_stop(stop, size)


def _check_shift(shift: Shift, size: int) -> None:
    if shift.starts > shift.ends:
        raise BadProblem(why="the shift ends before it starts")
    if max(abs(shift.starts), abs(shift.ends)) >= MOST_SECONDS:
        raise BadProblem(why="a shift beyond any day")
    if not (0 <= shift.start < size and 0 <= shift.end < size):
        raise BadProblem(why="the travel times do not cover all places")
    if shift.lunch is not None and shift.lunch.seconds < 0:
        raise BadProblem(why="a lunch of negative length")
    if shift.lunch is not None and shift.lunch.earliest > shift.lunch.latest:
        raise BadProblem(why="a lunch that must begin before it may")


def _check_stop(stop: Stop, size: int) -> None:
    if stop.service_seconds < 0:
        raise BadProblem(why="a visit of negative length")
    if stop.price is not None and stop.price < 0:
        raise BadProblem(why="a negative price for leaving a visit out")
    if max(stop.service_seconds, stop.price or 0) >= MOST_SECONDS:
        raise BadProblem(why="a visit beyond any day")
    if not 0 <= stop.at < size:
        raise BadProblem(why="the travel times do not cover all places")


def _within_reach(stop: Stop) -> Stop:
    if all(max(abs(w.opens), abs(w.closes)) < MOST_SECONDS for w in stop.windows):
        return stop
    return replace(
        stop, windows=tuple(TimeWindow(_clipped(w.opens), _clipped(w.closes)) for w in stop.windows)
    )


def _clipped(moment: int) -> int:
    return max(1 - MOST_SECONDS, min(MOST_SECONDS - 1, moment))
