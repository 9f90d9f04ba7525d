"""Planning again after one change: ``python -m bench.stability [--instances DIR] [--seconds S]``.

A quarter is planned and published. Then the rep is away for a week, or one account is visited twice as long.
Planning again starts from the published dates and pays for every date it moves; beside it a plan from scratch
that knows nothing of them. "Forced" are the visits on days that are gone. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.quarters import Quarter, days_of, judged_own, own_problem, quarters
from routing.rotation import plan_rotation, warm_up
from routing.types import RotationPlan, RotationProblem, SearchBudget

FIRST_SECONDS = 3.0
STABILITY_SECONDS = 15 * 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, default=os.environ.get("ROUNDS_BENCH_DATA"))
    parser.add_argument("--seconds", type=float, default=0.3, help="CPU seconds for planning again")
    chosen = parser.parse_args()
    # Compiling is not what is measured.
    warm_up()
    table = Table("quarter", "change", "visits", "forced", "moved", "from scratch", "driving", "seconds")
    figures = {}
    for quarter in quarters(Path(chosen.instances) if chosen.instances else None):
        first = _planned(own_problem(quarter), FIRST_SECONDS)
        for change, changed in (
            ("a week away", _a_week_away(quarter)),
            ("a longer visit", _a_longer_visit(quarter)),
        ):
            found = _again(quarter, changed, first, chosen.seconds)
            figures[f"{quarter.name}, {change}"] = found
            table.add_row(
                quarter.name,
                change,
                str(len(first.visits)),
                str(found["forced"]),
                str(found["moved"]),
                str(found["moved_from_scratch"]),
                f"{found['driving_percent']:+.1f} %",
                f"{found['seconds']:.2f}",
            )
    Console().print(table)
    print("Driving: planned again against planned from scratch on the same changed quarter.")
    print(json.dumps({"bench": "stability", "seconds": chosen.seconds, "changes": figures}))


def _again(quarter: Quarter, changed: Quarter, first: RotationPlan, seconds: float) -> dict[str, float]:
    dates = {(visit.key, visit.day) for visit in first.visits}
    problem = own_problem(changed)
    forced = sum(not changed.data["day_open"][day] for _, day in dates)
    began = time.process_time()
    again = _planned(_published(problem, first), seconds)
    spent = time.process_time() - began
    fresh = _planned(problem, FIRST_SECONDS)
    judged_own(changed, days_of(changed, again))
    return {
        "forced": int(forced),
        "moved": len(dates - {(visit.key, visit.day) for visit in again.visits}),
        "moved_from_scratch": len(dates - {(visit.key, visit.day) for visit in fresh.visits}),
        "driving_percent": round(100 * (again.driving_seconds / fresh.driving_seconds - 1), 2),
        "broken": judged_own(changed, days_of(changed, again))[2],
        "broken_from_scratch": judged_own(changed, days_of(changed, fresh))[2],
        "seconds": round(spent, 2),
    }


def _planned(problem: RotationProblem, seconds: float) -> RotationPlan:
    return plan_rotation(problem, SearchBudget(10**9, seconds, paced=True), clock=time.process_time)


def _published(problem: RotationProblem, plan: RotationPlan) -> RotationProblem:
    dates: dict[int, list[int]] = {}
    for visit in plan.visits:
        dates.setdefault(visit.key, []).append(visit.day)
    accounts = (replace(a, published_days=tuple(dates.get(a.key, ()))) for a in problem.accounts)
    return replace(problem, accounts=tuple(accounts), stability_price=STABILITY_SECONDS)


def _a_week_away(quarter: Quarter) -> Quarter:
    """The first week from the fourth on that is worked in full."""
    is_open = quarter.data["day_open"].copy()
    week = next(w for w in range(3, quarter.days // 5) if is_open[5 * w : 5 * w + 5].all())
    is_open[5 * week : 5 * week + 5] = 0
    return replace(quarter, data=quarter.data | {"day_open": is_open})


def _a_longer_visit(quarter: Quarter) -> Quarter:
    often = Counter({a: -quarter.of("cadence", a) for a in quarter.accounts}).most_common(1)[0][0]
    service = quarter.data["service"].copy()
    service[often] *= 2
    return replace(quarter, data=quarter.data | {"service": np.asarray(service)})


if __name__ == "__main__":
    main()
