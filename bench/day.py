"""Day routes measured side by side: ``python -m bench.day [--days N]``.

Generated days with windows, lunch and prices. Short ones are solved by label setting and by OR-Tools
alone; what counts is the ratio of time and the excess of cost. The last line is one JSON object.
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

from routing.day import solve_day
from routing.day.exact import best_order
from routing.day.mend import cost_of, fitting
from routing.day.search import search_order
from routing.types import DayProblem, Lunch, SearchBudget, Shift, Stop, TimeWindow, TravelMatrix

HOUR = 3600
BUDGET = SearchBudget(iterations=400, seconds=1.0)
SHORT, LONG = 10, (12, 15, 20)


def day(stops: int, seed: int) -> DayProblem:
    """A town of 20 minutes across; a third of the stops keep mornings or afternoons, all may be left out."""
    random = np.random.default_rng(seed)
    spots = random.uniform(-10, 10, (stops + 1, 2))
    minutes = np.hypot(*np.moveaxis(spots[:, None] - spots[None, :], 2, 0)) * 1.3
    seconds = (minutes * 60).astype(np.int64)
    halves = ((TimeWindow(9 * HOUR, 12 * HOUR),), (TimeWindow(14 * HOUR, 18 * HOUR),), ())
    visits = tuple(
        Stop(i, i, int(random.integers(15, 45)) * 60, halves[int(random.integers(0, 3))], HOUR)
        for i in range(1, stops + 1)
    )
    shift = Shift(8 * HOUR, 18 * HOUR, lunch=Lunch(12 * HOUR, 14 * HOUR, HOUR))
    return DayProblem(shift, visits, TravelMatrix(seconds, seconds * 10, "generated"))


def seconds_of(work: Callable[[DayProblem], object], problems: Sequence[DayProblem]) -> float:
    """Median CPU seconds of one problem."""
    times = []
    for problem in problems:
        began = time.process_time()
        work(problem)
        times.append(time.process_time() - began)
    return statistics.median(times)


def excess(problems: Sequence[DayProblem]) -> float:
    """Mean cost of OR-Tools alone above the proven optimum, as a share."""
    shares = []
    for problem in problems:
        best = cost_of(problem, best_order(problem))
        found = cost_of(problem, fitting(problem, search_order(problem, BUDGET)))
        assert best is not None
        assert found is not None
        shares.append(found[0] / best[0] - 1)
    return statistics.mean(shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=5, help="generated days of each size")
    arguments = parser.parse_args()
    short = [day(SHORT, seed) for seed in range(arguments.days)]
    exact_s = seconds_of(best_order, short)
    ortools_s = seconds_of(lambda problem: search_order(problem, BUDGET), short)
    figures = {
        "exact_seconds": exact_s,
        "ortools_over_exact_time": ortools_s / exact_s,
        "ortools_excess_cost": excess(short),
    }
    table = Table("days", "what", "figure", title="Day routes")
    table.add_row(f"{SHORT} stops", "proven, CPU seconds", f"{exact_s:.3f}")
    table.add_row(f"{SHORT} stops", "OR-Tools alone, time in ratio", f"{ortools_s / exact_s:.1f} x")
    table.add_row(
        f"{SHORT} stops", "OR-Tools alone, cost above optimum", f"{figures['ortools_excess_cost']:.1%}"
    )
    for size in LONG:
        problems = [day(size, seed) for seed in range(arguments.days)]
        figures[f"solve_{size}_seconds"] = seconds_of(lambda problem: solve_day(problem, BUDGET), problems)
        table.add_row(f"{size} stops", "solved, CPU seconds", f"{figures[f'solve_{size}_seconds']:.2f}")
    Console().print(table)
    print(json.dumps({"bench": "day", **{name: round(value, 4) for name, value in figures.items()}}))


if __name__ == "__main__":
    main()
