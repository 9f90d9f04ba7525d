"""The routes of all working days, and what one more visit would cost in each of them.

For every gap between two stops four times are kept: the earliest departure before it and the latest
arrival behind it, each with lunch still to come and with lunch behind. With them any insertion is
tested exactly, for all gaps of all days at once. The rules of time are those of ``routing.day.moments``.
Cost is driving plus the price of uneven days. A trial (``begin``) can be taken back (``undo``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from routing.rotation.gaps import NO_GAP, Gap, gaps_of
from routing.rotation.prices import Numbers
from routing.rotation.setting import NEVER, TOO_DEAR, Setting, Wanted
from routing.types import Shift

BEFORE, BEHIND, DRIVE, LEAVE_UNFED, LEAVE_FED, ARRIVE_UNFED, ARRIVE_FED = range(len(Gap._fields))
"""Rows of the gaps, in the order of the fields of ``Gap``."""

FIRST_WIDTH = 12

Truths = npt.NDArray[np.bool_]


class Routes:
    """``orders[turn]`` are account numbers in driving order; every order fits its shift."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        turns = len(setting.shifts)
        self.orders: list[list[int]] = [[] for _ in range(turns)]
        self.cost = 0
        self._costs = [0] * turns
        self._dearer = np.zeros(turns, dtype=np.int64)
        self._gaps = np.zeros((len(Gap._fields), turns, FIRST_WIDTH), dtype=np.int64)
        self._width = 1
        self._trial: dict[int, tuple[list[int], int, int, Numbers]] = {}
        self._has_lunch = any(shift.lunch for shift in setting.shifts)
        self._lunch_opens = self._of_shifts(lambda s: s.lunch.earliest if s.lunch else NEVER)
        self._lunch_closes = self._of_shifts(lambda s: s.lunch.latest if s.lunch else -NEVER)
        self._lunch_length = self._of_shifts(lambda s: s.lunch.seconds if s.lunch else 0)
        for turn in range(turns):
            self._refresh(turn)

    def insertions(self, number: int) -> tuple[Numbers, Numbers]:
        """The least cost of one more visit at account ``number`` by turn (TOO_DEAR where it does not
        fit), and the position that costs it."""
        wanted = self.setting.wanted[number]
        gaps = self._gaps[:, :, : self._width]
        travel, at = self.setting.problem.travel.seconds, wanted.account.at
        way, back = travel[gaps[BEFORE], at], travel[at, gaps[BEHIND]]
        fits = self._in_time(wanted, gaps, way, back)
        detour = np.where(fits, way + back - gaps[DRIVE], TOO_DEAR)
        positions = detour.argmin(axis=1)
        least = detour[np.arange(len(positions)), positions]
        return np.where(least < TOO_DEAR, least + self._dearer, TOO_DEAR), positions

    @property
    def driving_seconds(self) -> int:
        return self.cost - sum(self._uneven(len(order)) for order in self.orders)

    def overflow(self, number: int, turn: int) -> int:
        """Seconds the shift is too short for one more visit, if nothing but its length mattered."""
        wanted, shift = self.setting.wanted[number], self.setting.shifts[turn]
        gaps = self._gaps[:, turn, : len(self.orders[turn]) + 1]
        travel, at = self.setting.problem.travel.seconds, wanted.account.at
        detour = travel[gaps[BEFORE], at] + travel[at, gaps[BEHIND]] - gaps[DRIVE]
        unfed, fed = int(gaps[LEAVE_UNFED, -1]), int(gaps[LEAVE_FED, -1])
        leaves = unfed if unfed + gaps[DRIVE, -1] <= gaps[ARRIVE_UNFED, -1] else fed
        left = shift.ends - leaves - int(gaps[DRIVE, -1])
        return int(detour.min()) + wanted.account.service_seconds - left

    def insert(self, number: int, turn: int, position: int) -> None:
        """Only at a position ``insertions`` named."""
        self._remember(turn)
        self.orders[turn].insert(position, number)
        self._refresh(turn)

    def remove(self, number: int, turn: int) -> None:
        self._remember(turn)
        self.orders[turn].remove(number)
        self._refresh(turn)

    def replace(self, turn: int, order: list[int]) -> None:
        """Drive the day in another order, which must fit."""
        self._remember(turn)
        self.orders[turn] = list(order)
        self._refresh(turn)

    def begin(self) -> None:
        """What happens from here on can be taken back."""
        self._trial.clear()

    def undo(self) -> None:
        """Back to where the trial began."""
        for turn, (order, cost, dearer, gaps) in self._trial.items():
            self.cost += cost - self._costs[turn]
            self.orders[turn], self._costs[turn], self._dearer[turn] = order, cost, dearer
            self._gaps[:, turn, :] = NO_GAP[:, None]
            self._gaps[:, turn, : gaps.shape[1]] = gaps
        self._trial.clear()

    def _remember(self, turn: int) -> None:
        if turn not in self._trial:
            self._trial[turn] = (
                list(self.orders[turn]),
                self._costs[turn],
                int(self._dearer[turn]),
                self._gaps[:, turn, :].copy(),
            )

    def _refresh(self, turn: int) -> None:
        gaps = gaps_of(self.setting, turn, self.orders[turn])
        count = len(gaps)
        self._make_room(count)
        self._gaps[:, turn, :count] = np.array(gaps, dtype=np.int64).T
        self._gaps[:, turn, count:] = NO_GAP[:, None]
        cost = sum(gap.drive for gap in gaps) + self._uneven(count - 1)
        self._dearer[turn] = self._uneven(count) - self._uneven(count - 1)
        self.cost += cost - self._costs[turn]
        self._costs[turn] = cost

    def _make_room(self, count: int) -> None:
        self._width = max(self._width, count)
        if count > self._gaps.shape[2]:
            more = np.zeros_like(self._gaps) + NO_GAP[:, None, None]
            self._gaps = np.concatenate([self._gaps, more], axis=2)

    def _uneven(self, visits: int) -> int:
        beyond = max(0, visits - self.setting.even_share)
        return self.setting.problem.balance_price * beyond * beyond

    def _in_time(self, wanted: Wanted, gaps: Numbers, way: Numbers, back: Numbers) -> Truths:
        service = wanted.account.service_seconds
        fed = _begins(wanted, gaps[LEAVE_FED] + way) + service
        if not self._has_lunch:
            return _fits(fed + back, gaps[ARRIVE_FED])
        arrives = gaps[LEAVE_UNFED] + way
        unfed = _begins(wanted, arrives) + service
        fed = np.minimum(fed, _begins(wanted, self._after_lunch(arrives)) + service)
        fed = np.minimum(fed, self._after_lunch(unfed))
        return _fits(fed + back, gaps[ARRIVE_FED]) | _fits(unfed + back, gaps[ARRIVE_UNFED])

    def _after_lunch(self, moment: Numbers) -> Numbers:
        begins = np.maximum(moment, self._lunch_opens)
        return np.where(begins <= self._lunch_closes, begins + self._lunch_length, NEVER)

    def _of_shifts(self, value: Callable[[Shift], int]) -> Numbers:
        return np.array([[value(shift)] for shift in self.setting.shifts], dtype=np.int64).reshape(-1, 1)


def _begins(wanted: Wanted, ready: Numbers) -> Numbers:
    """When service begins for someone ready at ``ready`` (turns, gaps); NEVER when it is too late."""
    found = np.full_like(ready, NEVER)
    for opens, closes in zip(wanted.opens, wanted.closes, strict=True):
        begins = np.maximum(ready, opens)
        found = np.where(begins <= closes, np.minimum(found, begins), found)
    return found


def _fits(arrives: Numbers, latest: Numbers) -> Truths:
    in_time: Truths = arrives <= latest
    return in_time
