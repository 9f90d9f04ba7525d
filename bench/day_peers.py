"""Other solvers on one day: OR-Tools' routing alone, CP-SAT, PyVRP. Each gives an order of stops (indices).

PyVRP knows neither lunch nor several windows a stop: it gets the hull of the windows and a shift as short as
lunch makes it. Orders of any solver are fitted to the day by leaving out what does not fit.
"""

from __future__ import annotations

import time
from typing import Any

from routing.day.measure import MUST_PRICE, prices_of
from routing.day.search import Question, search_orders
from routing.types import UNREACHABLE_SECONDS, DayProblem, Objective, SearchBudget, Stop

SETTINGS = (
    "OR-Tools: disjunctions on every stop, parallel cheapest insertion, guided local search."
    " CP-SAT: circuit, one worker. PyVRP: defaults. CPU seconds, one thread."
)
UNLIMITED = 10**9


def by_ortools(problem: DayProblem, seconds: float) -> list[int]:
    prices = tuple(prices_of(problem, Objective.LEAST_DRIVING))
    reps = tuple((0,) for _ in problem.stops)
    budget = SearchBudget(UNLIMITED, seconds)
    asked = Question((problem.shift,), problem.stops, prices, reps, problem.travel.seconds, budget)
    return search_orders(asked)[0]


def by_pyvrp(problem: DayProblem, seconds: float) -> list[int]:
    from pyvrp import Model

    shift, way, model = problem.shift, problem.travel.seconds, Model()
    ends = shift.ends - (shift.lunch.seconds if shift.lunch else 0)
    home = model.add_location(0, 0)
    depots = [model.add_depot(home, tw_early=shift.starts, tw_late=ends)]
    places = [model.add_location(1, number) for number in range(len(problem.stops))]
    for stop, place in zip(problem.stops, places, strict=True):
        opens, closes = _hull(stop, shift.starts, shift.ends)
        prize = MUST_PRICE if stop.price is None else stop.price
        model.add_client(
            place,
            service_duration=stop.service_seconds,
            tw_early=opens,
            tw_late=closes,
            prize=prize,
            required=False,
        )
    model.add_vehicle_type(1, start_depot=depots[0], end_depot=depots[0], tw_early=shift.starts, tw_late=ends)
    at = [shift.start, *(stop.at for stop in problem.stops)]
    for origin, a in zip([home, *places], at, strict=True):
        for goal, b in zip([home, *places], at, strict=True):
            drive = min(int(way[a, b]), UNREACHABLE_SECONDS // 8)
            if origin is not goal:
                model.add_edge(origin, goal, distance=drive, duration=drive)
    until = time.process_time() + seconds
    found = model.solve(lambda best_cost: time.process_time() > until, seed=1, display=False).best
    return [one.idx for route in found.routes() for one in route.schedule() if one.is_client()]


def _hull(stop: Stop, starts: int, ends: int) -> tuple[int, int]:
    if not stop.windows:
        return starts, ends
    return max(starts, min(w.opens for w in stop.windows)), min(ends, max(w.closes for w in stop.windows))


def by_cpsat(problem: DayProblem, seconds: float) -> tuple[list[int], bool]:
    """The order, and whether it is proven."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    arcs, begins = _arcs(problem, model)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [], False
    served = [i for i in range(len(problem.stops)) if not solver.value(arcs[i + 1, i + 1])]
    return sorted(served, key=lambda i: solver.value(begins[i])), status == cp_model.OPTIMAL


def _arcs(problem: DayProblem, model: Any) -> tuple[dict[tuple[int, int], Any], list[Any]]:
    shift, stops = problem.shift, problem.stops
    nodes = range(len(stops) + 1)
    arcs = {(a, b): model.new_bool_var("") for a in nodes for b in nodes}
    model.add_circuit([(a, b, taken) for (a, b), taken in arcs.items()])
    begins = [model.new_int_var(shift.starts, shift.ends, "") for _ in stops]
    home = model.new_int_var(shift.starts, shift.ends, "")
    for index, stop in enumerate(stops):
        inside = arcs[index + 1, index + 1].negated()
        chosen = [model.new_bool_var("") for _ in stop.windows]
        if stop.windows:
            model.add_exactly_one(chosen)
        for window, is_chosen in zip(stop.windows, chosen, strict=True):
            model.add(begins[index] >= window.opens).only_enforce_if(is_chosen, inside)
            model.add(begins[index] <= window.closes).only_enforce_if(is_chosen, inside)
    eats = _lunches(problem, model, begins, home)
    _times(problem, model, arcs, begins, home, eats)
    at = [shift.start, *(stop.at for stop in stops)]
    drives = sum(int(problem.travel.seconds[at[a], at[b]]) * t for (a, b), t in arcs.items() if a != b)
    prices = prices_of(problem, Objective.LEAST_DRIVING)
    model.minimize(drives + sum(p * arcs[i + 1, i + 1] for i, p in enumerate(prices)))
    return arcs, begins


def _lunches(problem: DayProblem, model: Any, begins: list[Any], home: Any) -> list[tuple[Any, Any]]:
    """By node, whether lunch is before setting out from it and whether it is on arrival there."""
    lunch, nodes = problem.shift.lunch, range(len(begins) + 1)
    eats = [(model.new_bool_var(""), model.new_bool_var("")) for _ in nodes]
    everywhere = [eaten for pair in eats for eaten in pair]
    if lunch is None:
        model.add(sum(everywhere) == 0)
        return eats
    no_lunch = model.new_bool_var("")
    model.add_exactly_one([no_lunch, *everywhere])
    model.add(home <= lunch.latest).only_enforce_if(no_lunch)
    model.add(eats[0][1] == 0)
    for index, begin in enumerate(begins):
        after, before = eats[index + 1]
        model.add(begin + problem.stops[index].service_seconds <= lunch.latest).only_enforce_if(after)
        model.add(begin >= lunch.earliest + lunch.seconds).only_enforce_if(before)
    return eats


def _times(problem: DayProblem, model: Any, arcs: Any, begins: list[Any], home: Any, eats: Any) -> None:
    shift, lunch = problem.shift, problem.shift.lunch
    at = [shift.start, *(stop.at for stop in problem.stops)]
    for (a, b), taken in arcs.items():
        if a == b:
            if a:
                for eaten in eats[a]:
                    model.add_implication(taken, eaten.negated())
            continue
        drive = int(problem.travel.seconds[at[a], at[b]])
        ready = begins[a - 1] + problem.stops[a - 1].service_seconds if a else shift.starts
        then = begins[b - 1] if b else home
        late = eats[b][1] if b else 0
        pause = lunch.seconds if lunch else 0
        model.add(then >= ready + drive + pause * eats[a][0] + pause * late).only_enforce_if(taken)
        if lunch:
            leaves = lunch.earliest + pause + drive
            model.add(then >= leaves).only_enforce_if(taken, eats[a][0])
            if b:
                model.add(ready + drive <= lunch.latest).only_enforce_if(taken, late)
