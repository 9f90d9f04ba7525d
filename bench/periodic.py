"""Published periodic instances: ``python -m bench.periodic --instances DIR --seconds S [--best FILE] [--plans
OUT]``.

Several vehicles a day with limits of load and length, every customer on one of its combinations of days: for
the rotation these are reps of one territory and accounts with choices of dates. Files as Cordeau, Gendreau
and Laporte wrote them (Networks 30, 1997); published at the University of Malaga's and the authors' pages.
Distances are Euclidean, not rounded; the judge reckons from the file. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import statistics
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from routing.rotation import plan_rotation, warm_up
from routing.types import (
    RotationAccount,
    RotationDay,
    RotationPlan,
    RotationProblem,
    SearchBudget,
    Shift,
    TimeWindow,
    TravelMatrix,
)

SCALE = 10_000
"""Whole units of a published unit of distance."""
LOAD_SCALE = 100
NO_LIMIT = 2**28
UNSERVED = 10**4

Route = tuple[int, int, list[int]]
"""Day and vehicle from 0, and the nodes in driving order."""


@dataclass(frozen=True, slots=True)
class Node:
    number: int
    x: float
    y: float
    lasts: float
    load: float
    combinations: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Limits by day, 0 for none; ``nodes[0]`` is the depot, nodes that are never visited are left out."""

    name: str
    vehicles: int
    longest: tuple[float, ...]
    heaviest: tuple[float, ...]
    nodes: tuple[Node, ...]


def read(path: Path) -> Periodic:
    rows = [line.split() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    _, vehicles, customers, days = (int(word) for word in rows[0][:4])
    limits = [(float(row[0]), float(row[1])) for row in rows[1 : 1 + days]]
    nodes = [_node(row, days) for row in rows[1 + days : 2 + days + customers]]
    kept = [nodes[0], *(node for node in nodes[1:] if any(node.combinations))]
    return Periodic(
        path.stem, vehicles, tuple(d for d, _ in limits), tuple(q for _, q in limits), tuple(kept)
    )


def _node(row: list[str], days: int) -> Node:
    """The highest bit of a combination is the first day."""
    codes = [int(word) for word in row[7 : 7 + int(row[6])]]
    combinations = tuple(tuple(day for day in range(days) if code >> (days - 1 - day) & 1) for code in codes)
    return Node(int(row[0]), float(row[1]), float(row[2]), float(row[3]), float(row[4]), combinations)


def problem_of(instance: Periodic) -> RotationProblem:
    spots = np.array([(node.x, node.y) for node in instance.nodes])
    way = np.hypot(*np.moveaxis(spots[:, None] - spots[None, :], 2, 0))
    seconds = np.rint(way * SCALE).astype(np.int64)
    days = []
    for longest, heaviest in zip(instance.longest, instance.heaviest, strict=True):
        ends = int(longest * SCALE) if longest else NO_LIMIT
        shift = Shift(0, ends, load_limit=int(heaviest * LOAD_SCALE))
        days.append(RotationDay(shift, (shift,) * (instance.vehicles - 1)))
    window = ((TimeWindow(0, NO_LIMIT),),) * len(days)
    accounts = [
        RotationAccount(
            key=node.number,
            at=index,
            service_seconds=math.ceil(node.lasts * SCALE),
            windows=window,
            cadence=None,
            earliest_gap=1,
            latest_gap=1,
            first_from=0,
            first_to=len(days) - 1,
            first_wish=0,
            price=UNSERVED * SCALE,
            lateness_price=0,
            choices=node.combinations,
            load=math.ceil(node.load * LOAD_SCALE),
        )
        for index, node in enumerate(instance.nodes)
        if index
    ]
    return RotationProblem(tuple(days), tuple(accounts), TravelMatrix(seconds, seconds, instance.name))


def routes_of(plan: RotationPlan) -> list[Route]:
    found: dict[tuple[int, int], list[int]] = {}
    for visit in sorted(plan.visits, key=lambda visit: visit.position):
        found.setdefault((visit.day, visit.rep), []).append(visit.key)
    return [(day, vehicle, nodes) for (day, vehicle), nodes in sorted(found.items())]


def judged(instance: Periodic, routes: list[Route]) -> float:
    """The distance driven. Raises ``ValueError`` naming the first rule broken."""
    by_number = {node.number: node for node in instance.nodes}
    depot, total = instance.nodes[0], 0.0
    dates: dict[int, list[int]] = {}
    for day, vehicle, numbers in routes:
        stops = [by_number[number] for number in numbers]
        way = [depot, *stops, depot]
        driven = sum(math.hypot(a.x - b.x, a.y - b.y) for a, b in pairwise(way))
        total += driven
        lasts = driven + sum(stop.lasts for stop in stops)
        if instance.longest[day] and lasts > instance.longest[day] + 0.01:
            raise ValueError(f"{instance.name}: vehicle {vehicle} is too long on its way on day {day}")
        if instance.heaviest[day] and sum(s.load for s in stops) > instance.heaviest[day] + 1e-9:
            raise ValueError(f"{instance.name}: vehicle {vehicle} carries too much on day {day}")
        if not 0 <= vehicle < instance.vehicles:
            raise ValueError(f"{instance.name}: there is no vehicle {vehicle}")
        for number in numbers:
            dates.setdefault(number, []).append(day)
    for node in instance.nodes[1:]:
        if tuple(sorted(dates.get(node.number, ()))) not in node.combinations:
            raise ValueError(f"{instance.name}: customer {node.number} on {dates.get(node.number)}")
    return total


def best_known(path: Path | None) -> dict[str, float]:
    """The least known distance of each instance, from the columns after the counts. A figure less than nine
    tenths of another of its row is a slip of the list, not a better plan."""
    if path is None or not path.exists():
        return {}
    counts = {"instance", "n", "days", "vehicles", "visits"}
    found = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            known = [float(value) for name, value in row.items() if name not in counts and value]
            found[row["instance"]] = min(value for value in known if value > 0.9 * max(known))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, default=os.environ.get("ROUNDS_BENCH_DATA"))
    parser.add_argument("--seconds", type=float, default=3.0, help="CPU seconds an instance")
    parser.add_argument(
        "--best", type=Path, help="a CSV of best known figures; best_known.csv beside the files"
    )
    parser.add_argument("--plans", type=Path, help="where to write the plans, one JSON file an instance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="names of instances")
    chosen = parser.parse_args()
    if chosen.instances is None:
        print("Skipped: name a folder of published instances by --instances or ROUNDS_BENCH_DATA.")
        print(json.dumps({"bench": "periodic", "skipped": "no instances"}))
        return
    folder = Path(chosen.instances)
    folder = folder / "pvrp" if (folder / "pvrp").is_dir() else folder
    best = best_known(chosen.best or folder / "best_known.csv")
    table = Table("instance", "customers", "vehicles", "distance", "best known", "gap, %", title="Periodic")
    gaps, unsolved = {}, []
    # Compiling is not what is measured.
    warm_up()
    for path in sorted(folder.glob("*.txt")):
        if chosen.only and path.stem not in chosen.only:
            continue
        instance = read(path)
        budget = SearchBudget(10**9, chosen.seconds, chosen.seed, paced=True)
        routes = routes_of(plan_rotation(problem_of(instance), budget, clock=time.process_time))
        try:
            driven = judged(instance, routes)
        except ValueError as error:
            unsolved.append(str(error))
            continue
        known = best.get(instance.name)
        if known:
            gaps[instance.name] = 100 * (driven / known - 1)
        row = [instance.name, str(len(instance.nodes) - 1), str(instance.vehicles), f"{driven:.2f}"]
        table.add_row(*row, f"{known:.2f}" if known else "", f"{gaps[instance.name]:.2f}" if known else "")
        if chosen.plans:
            chosen.plans.mkdir(parents=True, exist_ok=True)
            (chosen.plans / f"{instance.name}.json").write_text(json.dumps(routes))
    Console().print(table)
    for sentence in unsolved:
        print(f"No plan within the limits: {sentence}")
    mean = round(statistics.fmean(gaps.values()), 2) if gaps else None
    figures = {"bench": "periodic", "seconds": chosen.seconds, "seed": chosen.seed, "mean_gap_percent": mean}
    print(json.dumps(figures | {"instances": len(gaps) + len(unsolved), "unsolved": len(unsolved)}))


if __name__ == "__main__":
    main()
