"""How far our plans may be from the best: ``python -m bench.bound [--accounts N ...] [--weeks W ...]``.

Small generated territories, planned and bounded from below (``bench.lower_bound``); the true distance to the
best plan is between nothing and what is printed. Larger ones get no useful bound. The last line is one JSON
object.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from itertools import product

from rich.console import Console
from rich.table import Table

from bench.lower_bound import lower_bound
from bench.quarters import HOUR, fixed_problem, generated, own_problem
from routing.rotation import plan_rotation, warm_up
from routing.types import RotationProblem, SearchBudget

USEFUL_SHARE = 0.15
"""A bound further below the plan than this tells nobody anything."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[10, 20, 30])
    parser.add_argument("--weeks", type=int, nargs="+", default=[4, 13])
    parser.add_argument("--seed", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--iterations", type=int, default=50_000, help="trials of the search")
    chosen = parser.parse_args()
    # Compiling is not what is measured.
    warm_up()
    measured(own_problem(generated(4, 1, weeks=4)), 100)
    table = Table("territory", "weeks", "dates", "plan, hours", "none below, hours", "at most", "seconds")
    figures = {}
    for accounts, weeks, seed in product(chosen.accounts, chosen.weeks, chosen.seed):
        quarter = generated(accounts, seed, weeks)
        for posed, case in (("own", own_problem(quarter)), ("fixed", fixed_problem(quarter))):
            found = measured(case, chosen.iterations)
            figures[f"{quarter.name}, {weeks} weeks, {posed}"] = found.percent
            said = "no useful bound" if found.percent is None else f"{found.percent:.2f} %"
            below = "" if found.bound is None else f"{found.bound / HOUR:.2f}"
            row = (f"{found.cost / HOUR:.2f}", below, said, f"{found.seconds:.1f}")
            table.add_row(f"{accounts}-s{seed}", str(weeks), posed, *row)
    Console().print(table)
    print(json.dumps({"bench": "bound", "percent": figures}))


@dataclass(frozen=True, slots=True)
class Measured:
    cost: int
    bound: int | None
    seconds: float

    @property
    def percent(self) -> float | None:
        """How much cheaper a plan could be at most, None where that is no use."""
        if self.bound is None or self.bound < (1 - USEFUL_SHARE) * self.cost:
            return None
        return round(100 * (self.cost - self.bound) / max(1, self.cost), 2)


def measured(case: RotationProblem, iterations: int) -> Measured:
    plan = plan_rotation(case, SearchBudget(iterations))
    began = time.process_time()
    bound = lower_bound(case, plan)
    return Measured(plan.cost_seconds, bound, time.process_time() - began)


if __name__ == "__main__":
    main()
