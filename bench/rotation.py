"""Rotations measured side by side: ``python -m bench.rotation [--accounts N] [--iterations N]``.

A generated quarter, planned by the rotation and by the habit "ideal date first, then one day at a
time". What counts is driving and visits missed, side by side. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
from rich.console import Console
from rich.table import Table

from routing.day import solve_day
from routing.rotation import plan_rotation
from routing.types import (
    DayProblem,
    Lunch,
    RotationAccount,
    RotationDay,
    RotationProblem,
    SearchBudget,
    Shift,
    Stop,
    TimeWindow,
    TravelMatrix,
)

HOUR, WEEKS = 3600, 13
DAYS = 7 * WEEKS
OPEN = (TimeWindow(8 * HOUR, 17 * HOUR),)


def quarter(accounts: int, seed: int) -> RotationProblem:
    """One rep, thirteen weeks with one of leave, towns around a home, five cadences."""
    random = np.random.default_rng(seed)
    towns = random.uniform(-25, 25, (8, 2))
    spots = np.vstack([[0, 0], towns[random.integers(0, 8, accounts)] + random.normal(0, 2, (accounts, 2))])
    minutes = np.hypot(*np.moveaxis(spots[:, None] - spots[None, :], 2, 0)) * 1.3 + 1
    np.fill_diagonal(minutes, 0)
    seconds = (minutes * 60).astype(np.int64)
    shift = Shift(8 * HOUR, 17 * HOUR, lunch=Lunch(12 * HOUR, 14 * HOUR, HOUR))
    days = tuple(RotationDay(None if d % 7 > 4 or 42 <= d < 49 else shift) for d in range(DAYS))
    rows = [_account(key, int(random.choice([14, 28, 28, 56, 84])), random) for key in range(1, accounts + 1)]
    return RotationProblem(days, tuple(rows), TravelMatrix(seconds, seconds * 15, "generated"))


def _account(key: int, cadence: int, random: np.random.Generator) -> RotationAccount:
    due = int(random.integers(0, cadence))
    return RotationAccount(
        key=key,
        at=key,
        service_seconds=int(random.integers(20, 41)) * 60,
        windows=(OPEN,) * DAYS,
        cadence=cadence,
        earliest_gap=cadence * 7 // 10,
        latest_gap=-(-cadence * 13 // 10),
        first_from=due - cadence * 3 // 10,
        first_to=due + cadence * 3 // 10,
        first_wish=due,
        price=4 * HOUR,
        lateness_price=HOUR // 2,
    )


def by_ideal_date(problem: RotationProblem) -> tuple[int, int, int]:
    """The habit: each visit on the working day next to its ideal date, then every day on its own.

    Returns seconds of driving, visits planned and visits that did not fit their day.
    """
    working = [number for number, day in enumerate(problem.days) if day.shift is not None]
    on: dict[int, list[int]] = {number: [] for number in working}
    for index, account in enumerate(problem.accounts):
        assert account.cadence is not None
        for ideal in range(max(0, account.first_wish), DAYS, account.cadence):
            on[min(working, key=lambda day: (abs(day - ideal), day))].append(index)
    driving = visits = missed = 0
    for number, indices in on.items():
        shift = problem.days[number].shift
        assert shift is not None
        stops = tuple(
            Stop(i, problem.accounts[i].at, problem.accounts[i].service_seconds, OPEN, 4 * HOUR)
            for i in dict.fromkeys(indices)
        )
        route = solve_day(DayProblem(shift, stops, problem.travel), SearchBudget(100, 0.3))
        driving += route.driving_seconds
        visits += len(route.stops)
        missed += len(route.left_out)
    return driving, visits, missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=120)
    parser.add_argument("--iterations", type=int, default=2000)
    arguments = parser.parse_args()
    problem = quarter(arguments.accounts, seed=1)
    began = time.process_time()
    plan = plan_rotation(problem, SearchBudget(arguments.iterations))
    seconds = time.process_time() - began
    began = time.process_time()
    driving, visits, missed = by_ideal_date(problem)
    daily_seconds = time.process_time() - began
    table = Table(
        "method",
        "driving, hours",
        "visits",
        "missed",
        "seconds",
        title=f"{arguments.accounts} accounts, 13 weeks",
    )
    hours = plan.driving_seconds / HOUR
    table.add_row(
        "rotation", f"{hours:.1f}", str(len(plan.visits)), str(len(plan.unplaced)), f"{seconds:.1f}"
    )
    table.add_row(
        "ideal date, then daily", f"{driving / HOUR:.1f}", str(visits), str(missed), f"{daily_seconds:.1f}"
    )
    Console().print(table)
    figures = {
        "bench": "rotation",
        "driving_per_visit_ratio": round(
            (plan.driving_seconds / max(1, len(plan.visits))) / (driving / max(1, visits)), 3
        ),
        "rotation_hours": round(hours, 1),
        "rotation_broken_promises": len(plan.unplaced),
        "daily_hours": round(driving / HOUR, 1),
        "daily_missed": missed,
        "rotation_over_daily_time": round(seconds / daily_seconds, 2),
        "iterations_per_second": round(plan.iterations / seconds),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
