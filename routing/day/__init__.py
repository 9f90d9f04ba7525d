"""One shift as a route: which stops, in which order, when, and why the others are left out.

Most days are proven optimal by label setting; of the others it is known how far from the best they may be.
Cost is driving, or time, plus the prices of the stops left out, in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from routing.day.as_ordered import drive_as_ordered
from routing.day.checks import checked
from routing.day.full import is_plainly_full, no_order_holds
from routing.day.places import better_in_places
from routing.day.reasons import impossible_alone, why_left_out
from routing.day.timeline import route_of
from routing.errors import BadProblem
from routing.types import (
    DayProblem,
    DayRoute,
    LeftOutStop,
    Objective,
    SearchBudget,
    Shift,
    Stop,
    TeamProblem,
    TeamRoutes,
    TravelMatrix,
)

__all__ = [
    "better_in_places",
    "drive_as_ordered",
    "is_plainly_full",
    "no_order_holds",
    "route_of",
    "solve_day",
    "solve_days",
    "warm_up",
    "warm_up_days",
]


def solve_day(
    problem: DayProblem,
    budget: SearchBudget,
    objective: Objective = Objective.LEAST_DRIVING,
    known: Sequence[int] = (),
) -> DayRoute:
    """The best route found, ``proven`` when no other can be cheaper; else ``bound_seconds`` says what none
    can be below.

    ``budget.seconds`` caps the search in CPU seconds, 7.5 where it is None; of a ``quick`` one, what its
    proof may do. ``budget.iterations`` is OR-Tools' limit on solutions, 0 to do without it; it takes
    what the others leave of the seconds, a fifth of them at least, in a process of its own.
    ``known``: keys of stops in an order that may be good. Nothing here holds the interpreter's lock for long.
    Raises ``BadProblem`` for a problem that contradicts itself and ``Unreachable`` when no road leads
    from the shift's start to its end.
    """
    problem = checked(problem)
    if route_of(problem, []) is None:
        raise BadProblem(why="the shift is too short for the way home")
    alone = [impossible_alone(problem, stop) for stop in problem.stops]
    possible = tuple(stop for stop, trouble in zip(problem.stops, alone, strict=True) if trouble is None)
    impossible = tuple(
        LeftOutStop(stop.key, trouble)
        for stop, trouble in zip(problem.stops, alone, strict=True)
        if trouble is not None
    )
    places = {stop.key: index for index, stop in enumerate(possible)}
    order = [places[key] for key in known if key in places]
    route = _routed(replace(problem, stops=possible), budget, objective, order)
    return replace(route, left_out=impossible + route.left_out)


def _routed(
    problem: DayProblem, budget: SearchBudget, objective: Objective, known: Sequence[int]
) -> DayRoute:
    # The compiler behind this takes half a second to import; only a search needs it.
    from routing.day.solve import DaySearch

    found = DaySearch(problem, objective, budget, known).run()
    route = route_of(problem, found.order, objective)
    assert route is not None, "the search only keeps orders that fit"
    rest = sorted(set(range(len(problem.stops))) - set(found.order))
    return replace(
        route,
        left_out=tuple(why_left_out(problem, found.order, i, found.is_proven, objective) for i in rest),
        proven=found.is_proven,
        cost_seconds=found.cost,
        bound_seconds=found.bound,
    )


def solve_days(
    problem: TeamProblem,
    budget: SearchBudget,
    objective: Objective = Objective.LEAST_DRIVING,
    should_stop: Callable[[], bool] = lambda: False,
) -> TeamRoutes:
    """The stops of one day shared out among several shifts, each of them driven in its best order. Ends after
    some seconds with the best so far, and soon when it ``should_stop``, which is asked often.

    Within each day ``proven`` and the bound speak of its own stops, not of how they were shared out.
    Raises as ``solve_day``.
    """
    from routing.day.several import shared_out

    return shared_out(problem, budget, objective, solve_day, should_stop)


def warm_up() -> None:
    """Have everything compiled that a day needs: a minute or two the first time, a second later."""
    from routing.rotation import warm_up as warm_up_rotation

    warm_up_rotation()
    warm_up_days()


def warm_up_days() -> None:
    """Have compiled what proves days, without the search that two reps' days and long ones need."""
    from routing.day.labels import warm_up as warm_up_labels

    warm_up_labels()
    stops = (Stop(1, 1, 1, price=9), Stop(2, 1, 1, price=9))
    travel = TravelMatrix(np.zeros((2, 2), dtype=np.int64), np.zeros((2, 2), dtype=np.int64), "none")
    solve_day(DayProblem(Shift(0, 9), stops, travel), SearchBudget(0))
