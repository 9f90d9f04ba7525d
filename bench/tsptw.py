"""Travelling salesmen with time windows: ``python -m bench.tsptw [--instances DIR] [--seconds S]
[--best FILE] [--plans OUT]``.

Reads the published format (n, a matrix, n windows; node 0 is the depot) in a folder and below; what is
minimised is travel time as the matrix has it, service included where an instance folds it in. Our days beside
OR-Tools alone and PyVRP, equal CPU seconds each. ``OUT/NAME.json`` is our order of nodes without the depot.
Public sets: Dumas et al. 1995, Potvin and Bengio 1996, collected by M. Lopez-Ibanez and C. Blum. The last
line is one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.day_peers import SETTINGS, by_ortools, by_pyvrp
from routing.day import solve_day, warm_up
from routing.types import DayProblem, SearchBudget, Shift, Stop, TimeWindow, TravelMatrix

SMALL = 40
FINE = 10_000
"""Units in one of an instance whose numbers are not whole."""


@dataclass(frozen=True, slots=True)
class Salesman:
    name: str
    problem: DayProblem
    unit: int

    @property
    def size(self) -> int:
        return len(self.problem.stops)

    def travel(self, order: Sequence[int]) -> float | None:
        """Of an order of nodes, reckoned apart from any solver; None when it breaks a rule."""
        way, now, at, total = self.problem.travel.seconds, self.problem.shift.starts, 0, 0
        if sorted(order) != [stop.key for stop in self.problem.stops]:
            return None
        for node in order:
            window = self.problem.stops[node - 1].windows[0]
            total += int(way[at, node])
            now, at = max(now + int(way[at, node]), window.opens), node
            if now > window.closes:
                return None
        back = int(way[at, 0])
        return (total + back) / self.unit if now + back <= self.problem.shift.ends else None


def read(path: Path) -> Salesman | None:
    """An instance, None for a file that is none."""
    try:
        lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
        rows = [[float(word) for word in words] for words in lines]
        count = int(rows[0][0])
        way = np.array(rows[1 : count + 1])
        windows = [(row[0], row[1]) for row in rows[count + 1 : 2 * count + 1]]
    except (ValueError, IndexError, UnicodeDecodeError):
        return None
    if way.shape != (count, count) or len(windows) != count:
        return None
    unit = 1 if np.array_equal(way, np.rint(way)) else FINE
    seconds = np.rint(way * unit).astype(np.int64)
    spans = [TimeWindow(round(opens * unit), round(closes * unit)) for opens, closes in windows]
    stops = tuple(Stop(node, node, 0, (spans[node],)) for node in range(1, count))
    shift = Shift(spans[0].opens, spans[0].closes)
    return Salesman(path.stem, DayProblem(shift, stops, TravelMatrix(seconds, seconds, "published")), unit)


def generated(count: int, seed: int) -> Salesman:
    """Windows of 80 around a random tour in a square of 50."""
    random = np.random.default_rng(seed)
    spots = random.integers(0, 50, (count + 1, 2))
    way = np.hypot(*np.moveaxis(spots[:, None] - spots[None, :], 2, 0)).astype(np.int64)
    now, spans = 0, [TimeWindow(0, 10_000)] * (count + 1)
    for a, b in zip([0, *range(1, count)], range(1, count + 1), strict=True):
        now += int(way[a, b])
        opens = max(0, now - int(random.integers(0, 80)))
        spans[b] = TimeWindow(opens, opens + 80)
    stops = tuple(Stop(node, node, 0, (spans[node],)) for node in range(1, count + 1))
    problem = DayProblem(Shift(0, 10_000), stops, TravelMatrix(way, way, "generated"))
    return Salesman(f"generated-{count}-{seed}", problem, 1)


def instances(folder: Path | None) -> list[Salesman]:
    if folder is None:
        return [generated(count, seed) for count in (20, 40) for seed in range(3)]
    found = (read(path) for path in sorted(folder.rglob("*.txt")))
    return [salesman for salesman in found if salesman is not None]


def known_costs(file: Path | None) -> dict[str, float]:
    if file is None or not file.exists():
        return {}
    with file.open(newline="") as rows:
        return {Path(row["instance"]).stem: float(row["bk_cost"]) for row in csv.DictReader(rows)}


def measured(salesman: Salesman, seconds: float) -> dict[str, Any]:
    """Travel by method, the seconds ours took, whether it is proven, and its order."""
    began = time.process_time()
    route = solve_day(salesman.problem, SearchBudget(iterations=0, seconds=seconds))
    took = time.process_time() - began
    order = [stop.key for stop in route.stops]
    ortools = [salesman.problem.stops[i].key for i in by_ortools(salesman.problem, seconds)]
    pyvrp = [salesman.problem.stops[i].key for i in by_pyvrp(salesman.problem, seconds)]
    return {
        "ours": salesman.travel(order),
        "OR-Tools": salesman.travel(ortools),
        "PyVRP": salesman.travel(pyvrp),
        "took": took,
        "proven": route.proven,
        "order": order,
    }


METHODS = ("ours", "OR-Tools", "PyVRP")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, default=os.environ.get("ROUNDS_BENCH_DATA"))
    parser.add_argument("--seconds", type=float, default=1.0, help="CPU seconds each")
    parser.add_argument("--best", type=Path, help="CSV with columns instance and bk_cost")
    parser.add_argument("--plans", type=Path, help="where to write NAME.json")
    chosen = parser.parse_args()
    # Compiling is not what is measured.
    warm_up()
    folder = Path(chosen.instances) if chosen.instances else None
    known = known_costs(chosen.best or (folder / "best_known.csv" if folder else None))
    table = Table("instance", "n", "best known", *METHODS, "proven", "CPU s")
    results = []
    for salesman in instances(folder):
        found = measured(salesman, chosen.seconds)
        if chosen.plans:
            chosen.plans.mkdir(parents=True, exist_ok=True)
            (chosen.plans / f"{salesman.name}.json").write_text(json.dumps(found["order"]))
        best = known.get(salesman.name, found["ours"])
        results.append((salesman, best, found))
        shown = ["–" if found[m] is None else f"{found[m]:.2f}" for m in METHODS]
        proven = "yes" if found["proven"] else ""
        table.add_row(salesman.name, str(salesman.size), f"{best}", *shown, proven, f"{found['took']:.2f}")
    Console().print(table)
    print(SETTINGS)
    print(json.dumps({"bench": "tsptw", "seconds": chosen.seconds, **figures(results)}))


def figures(results: list[tuple[Salesman, float | None, dict[str, Any]]]) -> dict[str, float]:
    """By method: instances without an answer, the mean distance to the best known of the others in percent,
    and how many with at most ``SMALL`` nodes are dearer than the best known."""
    told: dict[str, float] = {"instances": len(results), "proven": sum(f["proven"] for *_, f in results)}
    for method in METHODS:
        costs = [(s.size, best, found[method]) for s, best, found in results if best]
        gaps = [(size, 100 * (cost / best - 1)) for size, best, cost in costs if cost is not None]
        name = method.lower().replace("-", "")
        told[f"{name}_missing"] = len(costs) - len(gaps)
        told[f"{name}_mean_gap_percent"] = round(statistics.mean([g for _, g in gaps] or [0.0]), 4)
        told[f"{name}_small_not_best"] = sum(size <= SMALL and gap > 0.005 for size, gap in gaps)
    told["slowest_seconds"] = round(max((f["took"] for *_, f in results), default=0.0), 2)
    return told


if __name__ == "__main__":
    main()
