"""A rotation problem made ready for the search: windows by day, days that can be, prices of gaps.

Lunch is planned here at one fixed moment, the middle of its range, and the time it takes is cut out
of the day: what lies behind it moves forward by its length, windows and all. So every insertion is
a plain test of two numbers. The day's own solver, which knows that lunch can move, has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from routing.types import (
    UNREACHABLE_SECONDS,
    Lunch,
    RotationAccount,
    RotationDay,
    RotationProblem,
    Shift,
    TimeWindow,
)

Windows = tuple[tuple[int, int], ...]
Costs = npt.NDArray[np.int64]

NEVER = 1 << 50
"""A cost beyond all sums of prices, small enough that a few of them still fit 64 bits."""


@dataclass(frozen=True)
class Prepared:
    """``windows[a][d]`` are the moments service at account ``a`` may begin on day ``d``, lunch cut out;
    None when it cannot be visited that day at all."""

    problem: RotationProblem
    windows: tuple[tuple[Windows | None, ...], ...]

    @cached_property
    def seconds(self) -> list[list[int]]:
        """Driving times as plain lists: single look-ups are what the search does all day."""
        rows: list[list[int]] = self.problem.travel.seconds.tolist()
        return rows

    @cached_property
    def from_home(self) -> list[int]:
        """Driving times from where the first working day starts."""
        starts = [day.shift.start for day in self.problem.days if day.shift is not None]
        return self.seconds[starts[0]] if starts else [0] * len(self.seconds)

    @property
    def horizon(self) -> int:
        return len(self.problem.days)

    @cached_property
    def gap_prices(self) -> tuple[Costs, ...]:
        return tuple(gap_prices(account, self.horizon) for account in self.problem.accounts)

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """For each account all others that can be visited at all, nearest first by there and back."""
        at = np.array([account.at for account in self.problem.accounts], dtype=np.int64)
        there = self.problem.travel.seconds[np.ix_(at, at)]
        order = np.argsort(there + there.T, axis=1, kind="stable")
        return tuple(tuple(int(i) for i in row) for row in order)


def prepare(problem: RotationProblem) -> Prepared:
    windows = tuple(
        tuple(_windows(problem, account, number) for number in range(len(problem.days)))
        for account in problem.accounts
    )
    return Prepared(problem, windows)


def cut(lunch: Lunch | None, moment: int) -> int:
    """A moment of the real day on the axis without lunch."""
    if lunch is None:
        return moment
    begins = lunch_at(lunch)
    return moment if moment <= begins else max(begins, moment - lunch.seconds)


def uncut(lunch: Lunch | None, moment: int) -> int:
    """Back to the real day: what begins after lunch begins later by its length."""
    return moment if lunch is None or moment < lunch_at(lunch) else moment + lunch.seconds


def lunch_at(lunch: Lunch) -> int:
    return (lunch.earliest + lunch.latest) // 2


def day_ends(shift: Shift) -> int:
    return cut(shift.lunch, shift.ends)


def gap_prices(account: RotationAccount, horizon: int) -> Costs:
    """What a gap of g days costs, for g from 0 to the horizon.

    Too early is not allowed; off the wish costs its share of the lateness price; beyond the latest gap
    the promise is broken, which costs half a missed visit and another whole one per cadence.
    """
    if account.cadence is None:
        return np.zeros(horizon + 1, dtype=np.int64)
    gaps = np.arange(horizon + 1, dtype=np.int64)
    prices = account.lateness_price * np.abs(gaps - account.cadence) // account.cadence
    beyond = gaps - account.latest_gap
    prices += np.where(beyond > 0, account.price // 2 + account.price * beyond // account.cadence, 0)
    prices[: min(account.earliest_gap, horizon + 1)] = NEVER
    return prices


def _windows(problem: RotationProblem, account: RotationAccount, number: int) -> Windows | None:
    """Moments service may begin so that the account alone fits the day; None when it cannot."""
    day: RotationDay = problem.days[number]
    if day.shift is None:
        return None
    shift, seconds = day.shift, problem.travel.seconds
    way, back = int(seconds[shift.start, account.at]), int(seconds[account.at, shift.end])
    if UNREACHABLE_SECONDS in (way, back):
        return None
    earliest = shift.starts + way
    latest = day_ends(shift) - back - account.service_seconds
    kept = [_clipped(window, shift, earliest, latest) for window in account.windows[number]]
    found = tuple(sorted(window for window in kept if window[0] <= window[1]))
    return found or None


def _clipped(window: TimeWindow, shift: Shift, earliest: int, latest: int) -> tuple[int, int]:
    if window.opens > window.closes:
        return 1, 0
    return max(cut(shift.lunch, window.opens), earliest), min(cut(shift.lunch, window.closes), latest)
