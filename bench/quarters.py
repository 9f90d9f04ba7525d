"""Quarters of one rep for the benchmarks: read from ``.npz`` files or generated, posed two ways, and judged.

Days are the working days of 13 weeks, five a week. "Fixed dates": every visit has a range of days, one left
out costs four hours. "Own problem": any number of visits within the gaps; objective in hours = driving + half
an hour for every whole cadence missed, early or late. The judge reckons from the file alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from routing.types import (
    RotationAccount,
    RotationDay,
    RotationPlan,
    RotationProblem,
    Shift,
    TimeWindow,
    TravelMatrix,
)

HOUR = 3600
MISSED_SECONDS = 4 * HOUR
DEVIATION_SECONDS = HOUR // 2
BROKEN_SECONDS = 40 * HOUR
"""What a visit missing from the own problem costs: its gaps are to be kept, not traded."""

Days = list[list[int]]
"""Visit numbers (fixed dates) or account numbers (own problem) in driving order, by day."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """``data`` as in the files: accounts count from 1, index 0 of ``seconds`` is home."""

    name: str
    data: dict[str, Any]

    @property
    def accounts(self) -> range:
        return range(1, len(self.data["cadence"]))

    @property
    def days(self) -> int:
        return len(self.data["day_open"])

    @property
    def shift(self) -> Shift:
        starts, ends = (int(value) for value in self.data["shift"])
        return Shift(starts, ends)

    def may_visit(self, account: int, day: int) -> bool:
        return bool(self.data["day_open"][day]) and bool(self.data["weekday_mask"][account] >> (day % 5) & 1)

    def of(self, name: str, index: int) -> int:
        return int(self.data[name][index])


def quarters(folder: Path | None) -> list[Quarter]:
    """Those of the folder, or of its folder ``rotation``; two generated ones where there is no folder."""
    if folder is None:
        return [generated(200, 1), generated(200, 2, with_windows=True)]
    files = (
        sorted(folder.glob("*.npz")) if any(folder.glob("r*.npz")) else sorted(folder.glob("rotation/*.npz"))
    )
    read = [Quarter(path.stem, dict(np.load(path))) for path in files]
    return [quarter for quarter in read if "cadence" in quarter.data]


def own_problem(quarter: Quarter) -> RotationProblem:
    accounts = [
        RotationAccount(
            key=a,
            at=a,
            service_seconds=quarter.of("service", a),
            windows=_windows(quarter, a),
            cadence=quarter.of("cadence", a),
            earliest_gap=quarter.of("earliest_gap", a),
            latest_gap=quarter.of("latest_gap", a),
            first_from=quarter.of("first_from", a),
            first_to=quarter.of("first_to", a),
            first_wish=quarter.of("first_from", a),
            price=BROKEN_SECONDS,
            lateness_price=DEVIATION_SECONDS,
            edge_price=0,
        )
        for a in quarter.accounts
    ]
    return _problem(quarter, accounts)


def fixed_problem(quarter: Quarter) -> RotationProblem:
    """Every visit is an account of its own with one visit in its range."""
    accounts = []
    for visit in range(1, len(quarter.data["visit_account"])):
        a = quarter.of("visit_account", visit)
        first = quarter.of("visit_from", visit)
        accounts.append(
            RotationAccount(
                key=visit,
                at=a,
                service_seconds=quarter.of("service", a),
                windows=_windows(quarter, a),
                cadence=None,
                earliest_gap=1,
                latest_gap=1,
                first_from=first,
                first_to=quarter.of("visit_to", visit),
                first_wish=first,
                price=MISSED_SECONDS,
                lateness_price=0,
            )
        )
    return _problem(quarter, accounts)


def days_of(quarter: Quarter, plan: RotationPlan) -> Days:
    found: Days = [[] for _ in range(quarter.days)]
    for visit in sorted(plan.visits, key=lambda visit: visit.position):
        found[visit.day].append(visit.key)
    return found


def driving_hours(quarter: Quarter, days: Days, account_of: Sequence[int] | range) -> float:
    """Raises ``ValueError`` naming what a plan breaks: a closed day, a window, the shift."""
    seconds, total = quarter.data["seconds"], 0
    for day, order in enumerate(days):
        if not order:
            continue
        way = [0, *(int(account_of[number]) for number in order), 0]
        total += sum(int(seconds[a, b]) for a, b in pairwise(way))
        clock = quarter.shift.starts
        for a, b in pairwise(way):
            clock += int(seconds[a, b])
            if b == 0:
                break
            if not quarter.may_visit(b, day):
                raise ValueError(f"{quarter.name}: account {b} is closed on day {day}")
            clock = max(clock, quarter.of("window_from", b))
            if clock > quarter.of("window_to", b):
                raise ValueError(f"{quarter.name}: account {b} is visited too late on day {day}")
            clock += quarter.of("service", b)
        if clock > quarter.shift.ends:
            raise ValueError(f"{quarter.name}: day {day} ends after the shift")
    return total / HOUR


def judged_fixed(quarter: Quarter, days: Days) -> tuple[float, int]:
    """Hours of driving and visits missed. Raises ``ValueError`` for a plan that breaks a rule."""
    seen = [number for order in days for number in order]
    if len(set(seen)) < len(seen):
        raise ValueError(f"{quarter.name}: a visit is made twice")
    for day, order in enumerate(days):
        for number in order:
            if not quarter.of("visit_from", number) <= day <= quarter.of("visit_to", number):
                raise ValueError(f"{quarter.name}: visit {number} is out of its range")
    missed = len(quarter.data["visit_account"]) - 1 - len(seen)
    return driving_hours(quarter, days, quarter.data["visit_account"]), missed


def judged_own(quarter: Quarter, days: Days) -> tuple[float, float, int]:
    """Hours of driving, the objective in hours, and promises broken at the first visit, between or at the
    end."""
    dates: dict[int, list[int]] = {a: [] for a in quarter.accounts}
    for day, order in enumerate(days):
        for account in order:
            dates[account].append(day)
    deviation, broken = 0.0, 0
    for a, found in dates.items():
        if not found:
            broken += 1
            continue
        cadence = quarter.of("cadence", a)
        broken += not quarter.of("first_from", a) <= found[0] <= quarter.of("first_to", a)
        broken += found[-1] + quarter.of("latest_gap", a) < quarter.days
        for before, behind in pairwise(found):
            gap = behind - before
            broken += not quarter.of("earliest_gap", a) <= gap <= quarter.of("latest_gap", a)
            deviation += abs(gap - cadence) / cadence
    driving = driving_hours(quarter, days, range(len(quarter.data["cadence"])))
    return driving, driving + 0.5 * deviation, broken


def _windows(quarter: Quarter, account: int) -> tuple[tuple[TimeWindow, ...], ...]:
    window = TimeWindow(quarter.of("window_from", account), quarter.of("window_to", account))
    return tuple((window,) if quarter.may_visit(account, day) else () for day in range(quarter.days))


def _problem(quarter: Quarter, accounts: list[RotationAccount]) -> RotationProblem:
    days = tuple(RotationDay(quarter.shift if is_open else None) for is_open in quarter.data["day_open"])
    seconds = quarter.data["seconds"].astype(np.int64)
    return RotationProblem(days, tuple(accounts), TravelMatrix(seconds, seconds, quarter.name))


def generated(accounts: int, seed: int, weeks: int = 13, with_windows: bool = False) -> Quarter:
    """A fresh quarter: towns around a home, four strays in ten, leave, holidays, five cadences."""
    random = np.random.default_rng(seed)
    days = 5 * weeks
    towns = random.uniform(-45, 45, (10, 2))
    spots = np.vstack(
        [[0.0, 0.0], towns[random.integers(0, 10, accounts)] + random.normal(0, 3, (accounts, 2))]
    )
    strays = np.flatnonzero(random.random(accounts + 1) < 0.2)
    spots[strays[strays > 0]] = random.uniform(-50, 50, (int((strays > 0).sum()), 2))
    way = np.hypot(*np.moveaxis(spots[:, None] - spots[None, :], 2, 0)) * 1.3 / 55 * HOUR + 120
    np.fill_diagonal(way, 0)
    is_open = np.ones(days, dtype=np.int64)
    is_open[random.choice(days, 3, replace=False)] = 0
    leave = int(random.integers(5, days - 6))
    is_open[leave : leave + 5] = 0
    cadence = random.choice([5, 10, 20, 30, 65], accounts + 1, p=[0.01, 0.05, 0.15, 0.3, 0.49])
    due, slack = random.integers(0, cadence), np.maximum(2, np.rint(0.3 * cadence).astype(np.int64))
    data: dict[str, Any] = {
        "seconds": way.astype(np.int64),
        "day_open": is_open,
        "cadence": cadence,
        "earliest_gap": np.maximum(1, np.rint(0.7 * cadence).astype(np.int64)),
        "latest_gap": np.rint(1.3 * cadence).astype(np.int64) + 1,
        "first_from": np.maximum(0, due - slack),
        "first_to": np.minimum(days - 1, due + slack),
        "service": random.choice([15, 20, 25, 30, 40], accounts + 1) * 60,
        "window_from": np.full(accounts + 1, 8 * HOUR),
        "window_to": np.full(accounts + 1, 16 * HOUR + 900),
        "weekday_mask": np.full(accounts + 1, 31),
        "shift": np.array([8 * HOUR, 16 * HOUR + 900]),
    }
    if with_windows:
        narrow = np.flatnonzero(random.random(accounts + 1) < 0.4)
        data["window_from"][narrow], data["window_to"][narrow] = 9 * HOUR, 12 * HOUR
        for account in np.flatnonzero(random.random(accounts + 1) < 0.4):
            data["weekday_mask"][account] &= ~(1 << int(random.integers(0, 5)))
    data |= _fixed_dates(data, days)
    return Quarter(f"generated-{accounts}{'w' if with_windows else ''}-s{seed}", data)


def _fixed_dates(data: dict[str, Any], days: int) -> dict[str, Any]:
    """Ideal dates a cadence apart, each with a fifth of a cadence around it."""
    rows = [(0, 0, 0)]
    for account in range(1, len(data["cadence"])):
        cadence = int(data["cadence"][account])
        middle = int(data["first_from"][account] + data["first_to"][account]) // 2
        around = max(1, cadence // 5)
        for ideal in range(middle, days, cadence):
            rows.append((account, max(0, ideal - around), min(days - 1, ideal + around)))
    table = np.array(rows, dtype=np.int64)
    return {"visit_account": table[:, 0], "visit_from": table[:, 1], "visit_to": table[:, 2]}
