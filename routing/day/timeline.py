"""The timeline of a route whose order is given: the ways to live through it, and the best of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from routing.day.moments import HomeComing, Moment, beats, home, no_lunch_ahead, set_out, steps
from routing.slots import drive_metres
from routing.types import DayProblem, DayRoute, Objective, PlannedStop


def route_of(
    problem: DayProblem, order: Sequence[int], objective: Objective = Objective.LEAST_DRIVING
) -> DayRoute | None:
    """The timeline of ``order`` (indices into ``problem.stops``) with the least driving, the earliest of
    those, or the one that is home first; None when the order does not fit.

    ``left_out`` is empty and ``proven`` false; the caller knows about those.
    """
    fronts: list[list[tuple[Moment, int]]] = []
    now, origin = [set_out(problem)], problem.shift.start
    for index in order:
        stop = problem.stops[index]
        front: list[tuple[Moment, int]] = []
        for parent, before in enumerate(now):
            for moment in steps(problem, before, origin, stop, is_first=not fronts):
                _keep(problem, front, (moment, parent))
        if not front:
            return None
        fronts.append(front)
        now, origin = [moment for moment, _ in front], stop.at
    ends = [(end, i) for i, moment in enumerate(now) if (end := home(problem, moment, origin))]
    if not ends:
        return None
    is_home_first = objective is Objective.EARLIEST_HOME
    coming, last = min(ends, key=lambda pair: pair[0][1::-1] if is_home_first else pair[0][:2])
    return _route(problem, order, _trace(fronts, last), coming)


def _keep(problem: DayProblem, front: list[tuple[Moment, int]], new: tuple[Moment, int]) -> None:
    """Add a moment to those of one stop unless another with as much lunch behind beats it."""
    moment = new[0]
    alike = [old for old in front if (old[0].eaten is None) is (moment.eaten is None)]
    if any(beats(problem, old[0], moment) for old in alike):
        return
    beaten = [old for old in alike if beats(problem, moment, old[0])]
    front[:] = [*(old for old in front if old not in beaten), new]


def _trace(fronts: Sequence[list[tuple[Moment, int]]], last: int) -> list[Moment]:
    moments = []
    for front in reversed(fronts):
        moment, last = front[last]
        moments.append(moment)
    return moments[::-1]


def _route(
    problem: DayProblem, order: Sequence[int], moments: Sequence[Moment], coming: HomeComing
) -> DayRoute:
    travel, shift = problem.travel, problem.shift
    way = [shift.start, *(problem.stops[i].at for i in order), shift.end]
    departures = [*(moment.departs for moment in moments), coming.departs]
    legs = zip(itertools.pairwise(way), departures, strict=True)
    metres = [drive_metres(travel, *leg, departs) for leg, departs in legs]
    stops = tuple(
        PlannedStop(
            key=problem.stops[index].key,
            arrives=moment.arrives,
            begins=moment.begins,
            leaves=moment.leaves,
            leg_seconds=moment.drive,
            leg_metres=leg_metres,
        )
        for index, moment, leg_metres in zip(order, moments, metres, strict=False)
    )
    fed_before = no_lunch_ahead(problem) is not None
    first = moments[0] if moments else None
    eats_first = first is not None and first.eaten is not None and first.eaten < first.departs
    return DayRoute(
        stops=stops,
        left_out=(),
        leaves_at=shift.starts if first is None or (eats_first and not fed_before) else first.departs,
        home_at=coming.at,
        home_leg_seconds=coming.at - coming.departs,
        home_leg_metres=metres[-1],
        lunch_begins=None if fed_before else coming.eaten,
        proven=False,
    )
