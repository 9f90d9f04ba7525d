"""Which days an account is visited on: the cheapest set of them, exactly, by a dynamic programme.

Input is what a visit would cost on each turn; the result minimises the sum of those plus the price of
the dates (``prices``). A visit that can still move keeps the earliest gap to its neighbours; visits
that stand already are part of every choice, whatever the gaps between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.rotation.prices import Numbers
from routing.rotation.setting import TOO_DEAR, Setting, Wanted
from routing.types import RotationAccount

NO_SECOND = 2**31
"""Days until a second visit where only one is wanted."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """Tables of one account over the turns in question, which are in order.

    ``gap[j, i]`` is the price of the i-th being followed by the j-th; ``bonus`` what is saved by staying
    on a published day; ``bound[j]`` the index of the last visit before j that stands, -1 for none.
    """

    turns: Numbers
    first: Numbers
    gap: Numbers
    last: Numbers
    never: int
    bonus: Numbers
    pinned: npt.NDArray[np.bool_]
    bound: tuple[int, ...]

    def choose(self, costs: Numbers) -> list[int]:
        """The turns to visit on, in order. ``costs`` by turn; TOO_DEAR where a visit does not fit."""
        visit = np.where(self.pinned, 0, costs[self.turns]) - self.bonus
        totals, came_from = self._paths(visit)
        must = self.bound[-1]
        ends = totals + self.last
        if must > 0:
            ends[:must] = TOO_DEAR
        best = int(ends.argmin()) if len(ends) else -1
        if must < 0 and (best < 0 or self.never < ends[best]):
            return []
        found = []
        while best >= 0:
            found.append(int(self.turns[best]))
            best = came_from[best]
        return found[::-1]

    def _paths(self, visit: Numbers) -> tuple[Numbers, list[int]]:
        """For every turn: the least cost of visits up to it if one falls on it, and the one before it."""
        totals = np.full(len(visit), TOO_DEAR, dtype=np.int64)
        came_from = [-1] * len(visit)
        for j, cost in enumerate(visit.tolist()):
            if cost >= TOO_DEAR // 2:
                continue
            low = self.bound[j]
            best = int(self.first[j]) if low < 0 else TOO_DEAR
            low = max(0, low)
            if low < j:
                following = totals[low:j] + self.gap[j, low:j]
                i = int(following.argmin())
                if following[i] < best:
                    best, came_from[j] = int(following[i]), low + i
            totals[j] = min(TOO_DEAR, best + cost)
        return totals, came_from


def chooser_of(setting: Setting, number: int) -> Chooser:
    """The tables for account ``number``; made once per search."""
    wanted = setting.wanted[number]
    account, prices = wanted.account, wanted.prices
    turns = np.array(_turns_in_question(wanted), dtype=np.int64)
    days = np.array(setting.days, dtype=np.int64)[turns]
    pinned = np.isin(turns, sorted(wanted.pinned))
    distance = days[:, None] - days[None, :]
    is_short = (distance < _shortest_gap(account)) & ~(pinned[:, None] & pinned[None, :])
    bonus = setting.problem.stability_price * np.isin(days, account.published_days)
    bonus += account.price * np.isin(days, account.fixed_days)
    return Chooser(
        turns=turns,
        first=prices.first.cost[days],
        gap=np.where(is_short, TOO_DEAR, prices.gap.cost[np.maximum(distance, 0)]),
        last=prices.last.cost[days],
        never=prices.never_cost,
        bonus=bonus,
        pinned=pinned,
        bound=_bounds(pinned.tolist()),
    )


def dates_cost(setting: Setting, number: int, turns: Sequence[int]) -> int:
    """What the dates of an account cost: deviation, broken promises, and published dates that moved."""
    wanted = setting.wanted[number]
    days = [setting.days[turn] for turn in turns]
    moved = len(set(wanted.account.published_days) - set(days))
    missing = len(set(wanted.account.fixed_days) - set(days))
    return wanted.prices.cost(days) + moved * setting.problem.stability_price + missing * wanted.account.price


def _turns_in_question(wanted: Wanted) -> list[int]:
    is_settled = wanted.account.cadence is None and not wanted.account.fixed_days and wanted.pinned
    return sorted(wanted.pinned if is_settled else {*wanted.turns, *wanted.pinned})


def _shortest_gap(account: RotationAccount) -> int:
    if account.fixed_days:
        return 1
    return NO_SECOND if account.cadence is None else account.earliest_gap


def _bounds(pinned: Sequence[bool]) -> tuple[int, ...]:
    bounds, last = [], -1
    for index, stands in enumerate(pinned):
        bounds.append(last)
        last = index if stands else last
    return (*bounds, last)
