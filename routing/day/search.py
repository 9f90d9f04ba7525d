"""The order of a long day by OR-Tools: parallel cheapest insertion, then guided local search.

Every stop stands in a disjunction, musts at a price beyond any detour: with plain mandatory nodes the
first solution often fails altogether. Breaks may fall into a drive here; ``timeline`` has the last word
on the order that comes out. Whole seconds throughout. The solver holds the interpreter's lock while
it runs, so callers put it into a process of its own.
"""

from __future__ import annotations

from typing import Any

from routing.day.exact import price_of
from routing.types import UNREACHABLE_SECONDS, DayProblem, SearchBudget, TimeWindow

DEFAULT_SECONDS = 2.0
DAY_SECONDS = 48 * 3600


def search_order(problem: DayProblem, budget: SearchBudget) -> list[int]:
    """An order of stops (indices) that OR-Tools thinks good; possibly empty, never proven."""
    # Heavy to import, and only long days need it.
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    count = len(problem.stops)
    manager = pywrapcp.RoutingIndexManager(count + 2, 1, [count], [count + 1])
    model = pywrapcp.RoutingModel(manager)
    _add_travel(model, manager, problem)
    _add_windows(model, manager, problem)
    for index in range(count):
        model.AddDisjunction([manager.NodeToIndex(index)], price_of(problem, index))
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.solution_limit = budget.iterations
    parameters.time_limit.FromMilliseconds(int(1000 * (budget.seconds or DEFAULT_SECONDS)))
    solution = model.SolveWithParameters(parameters)
    return _order(model, manager, solution, count) if solution else []


def _places(problem: DayProblem) -> list[int]:
    """Matrix index of each node: the stops, then start and end."""
    return [*(stop.at for stop in problem.stops), problem.shift.start, problem.shift.end]


def _add_travel(model: Any, manager: Any, problem: DayProblem) -> None:
    places, seconds = _places(problem), problem.travel.seconds
    service: list[int] = [*(stop.service_seconds for stop in problem.stops), 0, 0]

    def drive(a: int, b: int) -> int:
        return int(seconds[places[manager.IndexToNode(a)], places[manager.IndexToNode(b)]])

    def pass_time(a: int, b: int) -> int:
        served: int = service[manager.IndexToNode(a)]
        return served + min(drive(a, b), DAY_SECONDS * 2)

    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitCallback(drive))
    model.AddDimension(model.RegisterTransitCallback(pass_time), DAY_SECONDS, DAY_SECONDS, False, "time")
    time = model.GetDimensionOrDie("time")
    shift = problem.shift
    time.CumulVar(model.Start(0)).SetRange(shift.starts, shift.ends)
    time.CumulVar(model.End(0)).SetRange(shift.starts, shift.ends)
    if shift.lunch is not None and shift.starts <= shift.lunch.latest:
        lunch = shift.lunch
        solver = model.solver()
        pause = solver.FixedDurationIntervalVar(lunch.earliest, lunch.latest, lunch.seconds, True, "lunch")
        transits = [service[manager.IndexToNode(i)] for i in range(model.Size())]
        time.SetBreakIntervalsOfVehicle([pause], 0, transits)


def _add_windows(model: Any, manager: Any, problem: DayProblem) -> None:
    time = model.GetDimensionOrDie("time")
    seconds = problem.travel.seconds
    for index, stop in enumerate(problem.stops):
        node = manager.NodeToIndex(index)
        windows = sorted(w for w in ((w.opens, w.closes) for w in stop.windows) if w[0] <= w[1])
        reachable = seconds[problem.shift.start, stop.at] < UNREACHABLE_SECONDS
        if (stop.windows and not windows) or not reachable:
            model.solver().Add(model.ActiveVar(node) == 0)
            continue
        for window in _gaps([TimeWindow(*w) for w in windows]):
            time.CumulVar(node).RemoveInterval(window.opens, window.closes)


def _gaps(windows: list[TimeWindow]) -> list[TimeWindow]:
    """When service may not begin: before, between and after the (sorted) windows; bounds included."""
    if not windows:
        return []
    gaps, free_from = [], 0
    for window in windows:
        if window.opens > free_from:
            gaps.append(TimeWindow(free_from, window.opens - 1))
        free_from = max(free_from, window.closes + 1)
    return [*gaps, TimeWindow(free_from, DAY_SECONDS)]


def _order(model: Any, manager: Any, solution: Any, count: int) -> list[int]:
    order, index = [], model.Start(0)
    while not model.IsEnd(index):
        node = manager.IndexToNode(index)
        if node < count:
            order.append(node)
        index = solution.Value(model.NextVar(index))
    return order
