"""One shift as a route: which stops, in which order, when, and why the others are left out.

Short days are proven optimal by label setting; longer ones come from OR-Tools and are bettered move
by move. Cost is driving plus the prices of the stops left out, in seconds.
"""

from __future__ import annotations

from dataclasses import replace

from routing.day.exact import EXACT_STOPS, best_order
from routing.day.mend import bettered, fitting
from routing.day.reasons import impossible_alone, why_left_out
from routing.day.search import search_order
from routing.day.timeline import route_of
from routing.errors import BadProblem, Unreachable
from routing.types import DayProblem, DayRoute, LeftOutStop, SearchBudget

__all__ = ["EXACT_STOPS", "route_of", "solve_day"]


def solve_day(problem: DayProblem, budget: SearchBudget) -> DayRoute:
    """The best route found, ``proven`` when no other can be cheaper.

    Long days use ``budget.iterations`` as OR-Tools' solution limit and ``budget.seconds`` as a cap.
    Raises ``BadProblem`` for a problem that contradicts itself and ``Unreachable`` when no road leads
    from the shift's start to its end.
    """
    _check(problem)
    possible, left_out = [], []
    for stop in problem.stops:
        reason = impossible_alone(problem, stop)
        if reason is None:
            possible.append(stop)
        else:
            left_out.append(LeftOutStop(stop.key, reason))
    reduced = replace(problem, stops=tuple(possible))
    proven = len(possible) <= EXACT_STOPS
    order = best_order(reduced) if proven else _long_order(reduced, budget)
    route = route_of(reduced, order)
    if route is None:
        raise Unreachable(origin="the start of the day", destination="its end")
    rest = [i for i in range(len(possible)) if i not in set(order)]
    left_out += [why_left_out(reduced, order, i, proven) for i in rest]
    return replace(route, left_out=tuple(left_out), proven=proven)


def _long_order(problem: DayProblem, budget: SearchBudget) -> list[int]:
    found = fitting(problem, search_order(problem, budget))
    return bettered(problem, found)


def _check(problem: DayProblem) -> None:
    shift, size = problem.shift, len(problem.travel.seconds)
    if shift.starts > shift.ends:
        raise BadProblem(why="the shift ends before it starts")
    if any(stop.service_seconds < 0 for stop in problem.stops):
        raise BadProblem(why="a visit of negative length")
    if any(stop.price is not None and stop.price < 0 for stop in problem.stops):
        raise BadProblem(why="a negative price for leaving a visit out")
    used = [shift.start, shift.end, *(stop.at for stop in problem.stops)]
    if problem.travel.seconds.shape != (size, size) or not all(0 <= at < size for at in used):
        raise BadProblem(why="the travel times do not cover all places")
