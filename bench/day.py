"""Day routes side by side: ``python -m bench.day [--days N] [--seconds S]``.

Generated days with windows, several of them for some stops, a movable lunch, musts and optional stops. Our
proofs are timed by size; of longer days the gap between cost and bound is shown. OR-Tools alone and PyVRP get
equal CPU seconds on the same days, CP-SAT as many as a proof may take. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.day_peers import SETTINGS, by_cpsat, by_ortools, by_pyvrp
from planner.services.days import replanning
from routing.day import solve_day, warm_up
from routing.day.label_tables import tabled
from routing.day.measure import cost_of, prices_of
from routing.day.mend import fitting
from routing.types import (
    DayProblem,
    DayRoute,
    Lunch,
    Objective,
    SearchBudget,
    Shift,
    Stop,
    TimeWindow,
    TravelMatrix,
)

HOUR = 3600
SIZES = (10, 12, 14, 15, 16, 18)
LONG = (20, 25, 40)
ON_THE_ROAD = (15, 18)
COMPARED = (12, 14)
HALVES = (
    (TimeWindow(9 * HOUR, 12 * HOUR),),
    (TimeWindow(14 * HOUR, 18 * HOUR),),
    (),
    (TimeWindow(9 * HOUR, 11 * HOUR), TimeWindow(15 * HOUR, 17 * HOUR)),
)
OURS = SearchBudget(iterations=0, seconds=7.5)


def day(stops: int, seed: int) -> DayProblem:
    """A town of 26 minutes across; three in four stops keep opening hours, a third must be visited."""
    random = np.random.default_rng(seed)
    spots = random.uniform(-10, 10, (stops + 1, 2))
    minutes = np.hypot(*np.moveaxis(spots[:, None] - spots[None, :], 2, 0)) * 1.3
    seconds = (minutes * 60).astype(np.int64)
    visits = tuple(
        Stop(
            i,
            i,
            int(random.integers(10, 30)) * 60,
            HALVES[int(random.integers(0, len(HALVES)))],
            None if random.random() < 0.3 else int(random.integers(10, 60)) * 60,
        )
        for i in range(1, stops + 1)
    )
    shift = Shift(8 * HOUR, 18 * HOUR, lunch=Lunch(12 * HOUR, 14 * HOUR, HOUR))
    return DayProblem(shift, visits, TravelMatrix(seconds, seconds * 10, "generated"))


def at_midday(stops: int, seed: int) -> DayProblem:
    """What is left of a day at noon: the start is where one is."""
    whole = day(stops, seed)
    shift = Shift(12 * HOUR, 18 * HOUR, start=1, end=0, lunch=whole.shift.lunch)
    return DayProblem(shift, whole.stops, whole.travel)


def timed(problems: Sequence[DayProblem], budget: SearchBudget = OURS) -> tuple[list[DayRoute], list[float]]:
    routes, times = [], []
    for problem in problems:
        began = time.process_time()
        routes.append(solve_day(problem, budget))
        times.append(time.process_time() - began)
    return routes, times


def percentile(times: Sequence[float], percent: int) -> float:
    return float(np.percentile(times, percent, method="higher"))


def proofs(days: int, table: Table) -> dict[str, float]:
    figures = {}
    made: list[tuple[str, Callable[[int, int], DayProblem], int]] = [
        (f"{size} stops", day, size) for size in SIZES
    ]
    for name, make, size in [*made, ("10 left at midday", at_midday, 10)]:
        routes, times = timed([make(size, seed) for seed in range(100, 100 + days)])
        proven = sum(route.proven for route in routes) / days
        p50, p95 = percentile(times, 50), percentile(times, 95)
        table.add_row(name, f"{proven:.0%}", f"{p50:.3f}", f"{p95:.3f}", f"{max(times):.3f}", "")
        key = name.replace(" ", "_")
        figures |= {f"{key}_p50": p50, f"{key}_p95": p95, f"{key}_proven": proven}
    for size in LONG:
        name, asked = f"{size} stops", [day(size, seed) for seed in range(100, 100 + min(days, 5))]
        figures |= bounded(name, asked, OURS, table)
    for size in ON_THE_ROAD:
        name, asked = f"{size} re-planned", [day(size, seed) for seed in range(100, 100 + days)]
        figures |= bounded(name, asked, replanning.BUDGET, table)
    return figures


def bounded(
    name: str, problems: Sequence[DayProblem], budget: SearchBudget, table: Table
) -> dict[str, float]:
    """Where a proof may not be reached: how far cost and bound lie apart, and how long it took."""
    routes, times = timed(problems, budget)
    proven = sum(route.proven for route in routes) / len(routes)
    gap = statistics.mean(route.cost_seconds / max(1, route.bound_seconds) - 1 for route in routes)
    p50, p95 = percentile(times, 50), percentile(times, 95)
    table.add_row(name, f"{proven:.0%}", f"{p50:.3f}", f"{p95:.3f}", f"{max(times):.3f}", f"{gap:.1%}")
    key = name.replace(" ", "_").replace("-", "")
    return {f"{key}_gap": gap, f"{key}_proven": proven, f"{key}_p95": p95}


def compared(days: int, seconds: float, table: Table) -> dict[str, float]:
    """How often a peer finds the best day in equal seconds, and how much dearer its days are on average."""
    figures = {}
    for size in COMPARED:
        problems = [day(size, seed) for seed in range(100, 100 + days)]
        routes, times = timed(problems)
        ours, best = statistics.median(times), [route.cost_seconds for route in routes]
        began = time.process_time()
        answers = [by_cpsat(problem, 20 * seconds) for problem in problems]
        cpsat = (time.process_time() - began) / days
        shown = [("CP-SAT", [order for order, _ in answers])]
        shown += [(name, [by(p, seconds) for p in problems]) for name, by in PEERS]
        for name, orders in shown:
            costs = [fitted_cost(p, order) for p, order in zip(problems, orders, strict=True)]
            found = sum(cost <= least for cost, least in zip(costs, best, strict=True)) / days
            excess = statistics.median(cost / least - 1 for cost, least in zip(costs, best, strict=True))
            table.add_row(
                f"{size} stops", name, f"{found:.0%}", f"{excess:.1%}", _proof(name, answers, cpsat)
            )
            figures[f"{name.lower().replace('-', '')}_{size}_found"] = found
        figures[f"cpsat_{size}_over_ours"] = cpsat / max(ours, 1e-4)
    return figures


def _proof(name: str, answers: Sequence[tuple[list[int], bool]], seconds: float) -> str:
    proven = sum(is_proven for _, is_proven in answers)
    return f"{proven} of {len(answers)} proven, {seconds:.2f} s each" if name == "CP-SAT" else ""


def fitted_cost(problem: DayProblem, order: Sequence[int]) -> int:
    prices = prices_of(problem, Objective.LEAST_DRIVING)
    cost = cost_of(problem, fitting(tabled(problem, prices), order))
    assert cost is not None
    return cost[0]


PEERS = (("OR-Tools", by_ortools), ("PyVRP", by_pyvrp))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=20, help="generated days of each size")
    parser.add_argument("--seconds", type=float, default=0.3, help="CPU seconds a peer has for a day")
    chosen = parser.parse_args()
    # Compiling is not what is measured.
    warm_up()
    first = Table("days", "proven", "p50 s", "p95 s", "most s", "gap", title="Ours, CPU seconds to the proof")
    figures = proofs(chosen.days, first)
    second = Table("days", "method", "best found", "median excess", "", title=f"Others, {chosen.seconds:g} s")
    figures |= compared(min(chosen.days, 10), chosen.seconds, second)
    Console().print(first)
    Console().print(second)
    print(SETTINGS)
    print(json.dumps({"bench": "day", **{name: round(value, 4) for name, value in figures.items()}}))


if __name__ == "__main__":
    main()
