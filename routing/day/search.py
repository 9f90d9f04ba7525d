"""The orders of one day's shifts by OR-Tools: parallel cheapest insertion, then guided local search.

Every stop stands in a disjunction, musts at a price beyond any detour: with plain mandatory nodes the
first solution often fails altogether. Breaks may fall into a drive here; the caller has the last word
on the orders that come out. Whole seconds throughout, rush hours at their mean over the day. The solver holds
the interpreter's lock while it runs: ``apart`` gives it a process of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from routing.types import UNREACHABLE_SECONDS, SearchBudget, SecondsMatrix, Shift, Stop, TimeWindow

DEFAULT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Question:
    """``prices[i]`` is what leaving a stop out costs; ``reps[i]`` are the shifts that may serve it."""

    shifts: tuple[Shift, ...]
    stops: tuple[Stop, ...]
    prices: tuple[int, ...]
    reps: tuple[tuple[int, ...], ...]
    seconds: SecondsMatrix
    budget: SearchBudget

    @property
    def until(self) -> int:
        return max(shift.ends for shift in self.shifts)


def search_orders(asked: Question) -> list[list[int]]:
    """Orders of stops (indices) by shift that OR-Tools thinks good; possibly empty, never proven."""
    # Heavy to import, and only long days need it.
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    count, crew = len(asked.stops), len(asked.shifts)
    starts, ends = list(range(count, count + crew)), list(range(count + crew, count + 2 * crew))
    manager = pywrapcp.RoutingIndexManager(count + 2 * crew, crew, starts, ends)
    model = pywrapcp.RoutingModel(manager)
    _add_travel(model, manager, asked)
    _add_shifts(model, manager, asked)
    _add_windows(model, manager, asked)
    for index, price in enumerate(asked.prices):
        model.AddDisjunction([manager.NodeToIndex(index)], price)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.solution_limit = asked.budget.iterations
    parameters.time_limit.FromMilliseconds(int(1000 * (asked.budget.seconds or DEFAULT_SECONDS)))
    solution = model.SolveWithParameters(parameters)
    return [_order(model, manager, solution, rep, count) if solution else [] for rep in range(crew)]


def _add_travel(model: Any, manager: Any, asked: Question) -> None:
    shifts, stops = asked.shifts, asked.stops
    places = [*(s.at for s in stops), *(s.start for s in shifts), *(s.end for s in shifts)]
    service = [*(stop.service_seconds for stop in stops), *(0 for _ in range(2 * len(shifts)))]
    nodes = [manager.IndexToNode(index) for index in range(manager.GetNumberOfIndices())]
    far = 2 * asked.until + 1

    def drive(a: int, b: int) -> int:
        return min(int(asked.seconds[places[nodes[a]], places[nodes[b]]]), far)

    def pass_time(a: int, b: int) -> int:
        return int(service[nodes[a]] + drive(a, b))

    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitCallback(drive))
    model.AddDimension(model.RegisterTransitCallback(pass_time), asked.until, asked.until, False, "time")


def _add_shifts(model: Any, manager: Any, asked: Question) -> None:
    time, solver = model.GetDimensionOrDie("time"), model.solver()
    nodes = [manager.IndexToNode(index) for index in range(model.Size())]
    service = [*(stop.service_seconds for stop in asked.stops), *(0 for _ in nodes)]
    transits = [service[node] for node in nodes]
    for rep, shift in enumerate(asked.shifts):
        time.CumulVar(model.Start(rep)).SetRange(shift.starts, shift.ends)
        time.CumulVar(model.End(rep)).SetRange(shift.starts, shift.ends)
        lunch = shift.lunch
        if lunch is not None and shift.starts <= lunch.latest:
            pause = solver.FixedDurationIntervalVar(
                lunch.earliest, lunch.latest, lunch.seconds, True, "lunch"
            )
            time.SetBreakIntervalsOfVehicle([pause], rep, transits)


def _add_windows(model: Any, manager: Any, asked: Question) -> None:
    time = model.GetDimensionOrDie("time")
    for index, stop in enumerate(asked.stops):
        node = manager.NodeToIndex(index)
        windows = sorted((w.opens, w.closes) for w in stop.windows if w.opens <= w.closes)
        able = [r for r in asked.reps[index] if _reaches(asked, asked.shifts[r], stop)]
        if (stop.windows and not windows) or not able:
            model.solver().Add(model.ActiveVar(node) == 0)
            continue
        if len(able) < len(asked.shifts):
            model.VehicleVar(node).SetValues([-1, *able])
        for window in _gaps([TimeWindow(*w) for w in windows], asked.until):
            time.CumulVar(node).RemoveInterval(window.opens, window.closes)


def _reaches(asked: Question, shift: Shift, stop: Stop) -> bool:
    there, back = asked.seconds[shift.start, stop.at], asked.seconds[stop.at, shift.end]
    return bool(max(there, back) < UNREACHABLE_SECONDS)


def _gaps(windows: list[TimeWindow], until: int) -> list[TimeWindow]:
    """When service may not begin: before, between and after the (sorted) windows; bounds included."""
    if not windows:
        return []
    gaps, free_from = [], 0
    for window in windows:
        if window.opens > free_from:
            gaps.append(TimeWindow(free_from, window.opens - 1))
        free_from = max(free_from, window.closes + 1)
    return [*gaps, TimeWindow(free_from, max(until, free_from))]


def _order(model: Any, manager: Any, solution: Any, rep: int, count: int) -> list[int]:
    order, index = [], model.Start(rep)
    while not model.IsEnd(index):
        node = manager.IndexToNode(index)
        if node < count:
            order.append(node)
        index = solution.Value(model.NextVar(index))
    return order
