"""What others make of a quarter with fixed dates, each in its own process, on CPU seconds of one thread."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator

from bench.quarters import MISSED_SECONDS, Days, Quarter

DAILY_SECONDS = 0.15

SETTINGS = (
    "OR-Tools daily: ideal date, then each day alone, a disjunction on every stop, parallel cheapest "
    f"insertion, guided local search, {DAILY_SECONDS} s a day. OR-Tools large: one model, a vehicle a day. "
    "PyVRP: one vehicle a day on one long time axis; a visit is a group of clients, one for each stretch of "
    "days it is open."
)


def by_peers(quarter: Quarter, seconds: float, seed: int) -> Iterator[tuple[str, Days]]:
    """Names and plans. A peer that is not installed, or ends without a plan, is told and left out."""
    for name, solve in (("OR-Tools daily", _daily), ("OR-Tools large", _large), ("PyVRP", _pyvrp)):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            try:
                yield name, pool.apply(solve, (quarter, seconds, seed))
            except (ImportError, RuntimeError, ValueError) as error:
                print(f"{name} is left out: {error}")


def _visits(quarter: Quarter) -> range:
    return range(1, len(quarter.data["visit_account"]))


def _open_days(quarter: Quarter, visit: int) -> list[int]:
    first, last = quarter.of("visit_from", visit), quarter.of("visit_to", visit)
    account = quarter.of("visit_account", visit)
    return [day for day in range(first, last + 1) if quarter.may_visit(account, day)]


def _daily(quarter: Quarter, seconds: float, seed: int) -> Days:
    days: list[list[int]] = [[] for _ in range(quarter.days)]
    taken: set[tuple[int, int]] = set()
    for visit in _visits(quarter):
        middle = (quarter.of("visit_from", visit) + quarter.of("visit_to", visit)) / 2
        account = quarter.of("visit_account", visit)
        free = [day for day in _open_days(quarter, visit) if (account, day) not in taken]
        if free:
            day = min(free, key=lambda day: (abs(day - middle), day))
            taken.add((account, day))
            days[day].append(visit)
    return [
        _routed(quarter, [visits], [(day,) * len(visits)], DAILY_SECONDS)[0] if (visits := found) else []
        for day, found in enumerate(days)
    ]


def _large(quarter: Quarter, seconds: float, seed: int) -> Days:
    is_open = [day for day in range(quarter.days) if quarter.data["day_open"][day]]
    visits = list(_visits(quarter))
    allowed = [_open_days(quarter, visit) for visit in visits]
    found = _routed(quarter, [visits], allowed, seconds, is_open)
    days: Days = [[] for _ in range(quarter.days)]
    for day, order in zip(is_open, found, strict=True):
        days[day] = order
    return days


def _routed(quarter, groups, allowed, seconds, vehicles=(0,)) -> Days:
    """OR-Tools' routes of visits over vehicles; ``allowed`` are the vehicles of each visit, by day."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    visits = groups[0]
    places = [0, *(quarter.of("visit_account", visit) for visit in visits)]
    manager = pywrapcp.RoutingIndexManager(len(places), len(vehicles), 0)
    model = pywrapcp.RoutingModel(manager)
    way = quarter.data["seconds"]
    drives = [[int(way[a, b]) for b in places] for a in places]
    lasts = [0, *(quarter.of("service", account) for account in places[1:])]
    timed = [[drive + lasts[row] for drive in drives[row]] for row in range(len(places))]
    arc = model.RegisterTransitMatrix(drives)
    model.SetArcCostEvaluatorOfAllVehicles(arc)
    starts, ends = quarter.shift.starts, quarter.shift.ends
    model.AddDimension(model.RegisterTransitMatrix(timed), ends - starts, ends, False, "time")
    dimension = model.GetDimensionOrDie("time")
    for vehicle in range(len(vehicles)):
        dimension.CumulVar(model.Start(vehicle)).SetRange(starts, ends)
        dimension.CumulVar(model.End(vehicle)).SetRange(starts, ends)
    number_of = {day: number for number, day in enumerate(vehicles)}
    for node, account in enumerate(places[1:], 1):
        index = manager.NodeToIndex(node)
        dimension.CumulVar(index).SetRange(
            quarter.of("window_from", account), quarter.of("window_to", account)
        )
        model.AddDisjunction([index], MISSED_SECONDS)
        if len(vehicles) > 1:
            model.VehicleVar(index).SetValues([-1, *(number_of[day] for day in allowed[node - 1])])
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    # A cap by the clock far above the CPU seconds that end the search.
    parameters.time_limit.FromMilliseconds(int(seconds * 3000) + 5000)
    model.CloseModelWithParameters(parameters)
    until = time.process_time() + seconds
    limit = model.solver().CustomLimit(lambda: time.process_time() > until)
    model.AddSearchMonitor(limit)
    solution = model.SolveWithParameters(parameters)
    if solution is None:
        raise RuntimeError("no first solution")
    found: Days = []
    for vehicle in range(len(vehicles)):
        order, index = [], solution.Value(model.NextVar(model.Start(vehicle)))
        while not model.IsEnd(index):
            order.append(visits[manager.IndexToNode(index) - 1])
            index = solution.Value(model.NextVar(index))
        found.append(order)
    return found


def _stretches(quarter: Quarter, visit: int) -> list[tuple[int, int]]:
    """First and last days of one window each: runs of open days where the door is open all shift long."""
    account, days = quarter.of("visit_account", visit), _open_days(quarter, visit)
    shift = quarter.shift
    if quarter.of("window_from", account) > shift.starts or quarter.of("window_to", account) < shift.ends:
        return [(day, day) for day in days]
    found: list[tuple[int, int]] = []
    for day in days:
        # Days on which nobody works have no vehicle, so that a stretch may run over them.
        closed = range(found[-1][1] + 1, day) if found else ()
        if found and not any(quarter.data["day_open"][d] for d in closed):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _pyvrp(quarter: Quarter, seconds: float, seed: int) -> Days:
    from pyvrp import Model

    model, axis = Model(), 24 * 3600
    way = quarter.data["seconds"]
    spots = [model.add_location(0, 0) for _ in range(len(way))]
    for a, one in enumerate(spots):
        for b, other in enumerate(spots):
            if a != b:
                model.add_edge(one, other, distance=int(way[a, b]), duration=int(way[a, b]))
    home = model.add_depot(spots[0])
    starts, ends = quarter.shift.starts, quarter.shift.ends
    is_open = [day for day in range(quarter.days) if quarter.data["day_open"][day]]
    for day in is_open:
        times = {"tw_early": day * axis + starts, "tw_late": day * axis + ends}
        model.add_vehicle_type(1, start_depot=home, end_depot=home, **times)
    visit_of = []
    for visit in _visits(quarter):
        account, stretches = quarter.of("visit_account", visit), _stretches(quarter, visit)
        if not stretches:
            continue
        group = model.add_client_group(required=False)
        for first, last in stretches:
            model.add_client(
                spots[account],
                service_duration=quarter.of("service", account),
                tw_early=first * axis + quarter.of("window_from", account),
                tw_late=last * axis + quarter.of("window_to", account),
                prize=MISSED_SECONDS,
                required=False,
                group=group,
            )
            visit_of.append(visit)
    until = time.process_time() + seconds
    solution = model.solve(lambda best_cost: time.process_time() > until, seed=seed, display=False).best
    if not solution.is_feasible():
        raise RuntimeError("no plan within the rules")
    days: Days = [[] for _ in range(quarter.days)]
    for route in solution.routes():
        made = list(route.schedule())
        days[is_open[route.vehicle_type()]] += [visit_of[one.idx] for one in made if one.is_client()]
    return days
