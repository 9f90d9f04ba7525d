"""Rotations side by side: ``python -m bench.rotation [--instances DIR] [--seconds S] [--plans OUT] [--seed
N]``.

Every quarter is solved twice: with fixed dates, and as our own problem (``bench.quarters`` says which).
Beside it, on the same CPU seconds each: OR-Tools a day at a time on the visits' ideal dates, one large
OR-Tools model, and PyVRP on one long time axis where it is installed. A judge that shares nothing with the
search reckons what each plan costs. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.quarters import (
    Days,
    Quarter,
    days_of,
    fixed_problem,
    judged_fixed,
    judged_own,
    own_problem,
    quarters,
)
from bench.rotation_peers import SETTINGS, by_peers
from routing.rotation import plan_rotation, warm_up
from routing.types import RotationProblem, SearchBudget


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, default=os.environ.get("ROUNDS_BENCH_DATA"))
    parser.add_argument("--seconds", type=float, default=3.0, help="CPU seconds a plan")
    parser.add_argument("--plans", type=Path, help="where to write NAME.fixed.json and NAME.own.json")
    parser.add_argument(
        "--seed", type=int, nargs="+", default=[1], help="with several: medians; plans of the first"
    )
    parser.add_argument("--no-peers", action="store_true", help="only our own search")
    chosen = parser.parse_args()
    # Compiling is not what is measured.
    warm_up()
    table = Table(
        "quarter", "method", "hours", "missed or broken", "to ours", title=f"{chosen.seconds:g} CPU seconds"
    )
    figures = {}
    for quarter in quarters(Path(chosen.instances) if chosen.instances else None):
        figures[quarter.name] = _measured(quarter, chosen, table)
    Console().print(table)
    print(SETTINGS)
    print(
        json.dumps(
            {"bench": "rotation", "seconds": chosen.seconds, "seeds": chosen.seed, "quarters": figures}
        )
    )


def _measured(quarter: Quarter, chosen: argparse.Namespace, table: Table) -> dict[str, float]:
    fixed = [_solved(quarter, fixed_problem(quarter), chosen.seconds, seed) for seed in chosen.seed]
    own = [_solved(quarter, own_problem(quarter), chosen.seconds, seed) for seed in chosen.seed]
    if chosen.plans:
        chosen.plans.mkdir(parents=True, exist_ok=True)
        (chosen.plans / f"{quarter.name}.fixed.json").write_text(json.dumps(fixed[0]))
        (chosen.plans / f"{quarter.name}.own.json").write_text(json.dumps(own[0]))
    of_fixed = [judged_fixed(quarter, days) for days in fixed]
    hours = statistics.median(hours for hours, _ in of_fixed)
    missed = max(missed for _, missed in of_fixed)
    table.add_row(quarter.name, "fixed dates: rotation", f"{hours:.1f}", str(missed), "1")
    figures = {"fixed_hours": round(hours, 2), "fixed_missed": missed}
    if not chosen.no_peers:
        for name, days in by_peers(quarter, chosen.seconds, chosen.seed[0]):
            peer_hours, peer_missed = judged_fixed(quarter, days)
            ratio = peer_hours / hours
            table.add_row("", f"fixed dates: {name}", f"{peer_hours:.1f}", str(peer_missed), f"{ratio:.2f}")
            figures |= {f"{name} over ours": round(ratio, 3), f"{name} missed": peer_missed}
    of_own = [judged_own(quarter, days) for days in own]
    objective = statistics.median(objective for _, objective, _ in of_own)
    driving = statistics.median(driving for driving, _, _ in of_own)
    broken = max(broken for _, _, broken in of_own)
    table.add_row("", f"own problem: rotation ({driving:.1f} h driving)", f"{objective:.1f}", str(broken), "")
    return figures | {
        "own_objective": round(objective, 2),
        "own_driving": round(driving, 2),
        "own_broken": broken,
    }


def _solved(quarter: Quarter, problem: RotationProblem, seconds: float, seed: int) -> Days:
    budget = SearchBudget(10**9, seconds, seed, paced=True)
    return days_of(quarter, plan_rotation(problem, budget, clock=time.process_time))


if __name__ == "__main__":
    main()
