"""Ruin and recreate: free a few accounts from all their days, give each its best set of days again.

A worse plan is accepted with a chance that shrinks as the search goes on (simulated annealing).
Everything drawn comes from one seeded generator, so that seed and iterations name the result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.rotation.day_choice import chooser_of, dates_cost
from routing.rotation.routes import Routes
from routing.rotation.setting import TOO_DEAR, Setting
from routing.rotation.standing import standing_order
from routing.types import UNREACHABLE_SECONDS

MOST_FREED = 8
FIRST_PASSES = 2
NOISY_SHARE = 0.2
"""Trials that see every insertion cheaper or dearer than it is: two visits that only pay together are
found no other way."""

START_SHARE, END_SHARE = 0.1, 0.002
"""Temperature at the start and at the end, as shares of the mean drive to an account and back."""


class Snapshot(NamedTuple):
    """A plan to come back to: orders by turn, turns by account."""

    cost: int
    orders: list[list[int]]
    dates: list[list[int]]


class Search:
    """A plan that keeps every rule at any time: ``dates[number]`` are an account's turns, in order."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting = setting
        self.routes = Routes(setting)
        self.dates = [sorted(wanted.pinned) for wanted in setting.wanted]
        self._random = Random(seed)
        self._choosers = [chooser_of(setting, number) for number in range(len(setting.wanted))]
        self._prices = [dates_cost(setting, number, turns) for number, turns in enumerate(self.dates)]
        self._movable = [n for n, chooser in enumerate(self._choosers) if not chooser.pinned.all()]
        self._neighbours = _neighbours(setting, self._movable)
        self._mean_drive = _mean_drive(setting)
        self._before: dict[int, tuple[list[int], int]] = {}
        for turn in range(len(setting.shifts)):
            self.routes.replace(turn, standing_order(setting, turn))

    @property
    def cost(self) -> int:
        """Driving, uneven days and the price of all dates, in seconds."""
        return self.routes.cost + sum(self._prices)

    def construct(self) -> None:
        """Place every account, those with the fewest days to choose from and the dearest first; then
        take each out and place it again, now that the others stand."""
        wanted = self.setting.wanted
        self._movable.sort(key=lambda n: (len(self._choosers[n].turns), -wanted[n].account.price, n))
        for _ in range(1 + FIRST_PASSES):
            for number in self._movable:
                self._free(number)
                self._place(number)

    def iterate(self, share_done: float) -> None:
        """One trial at the temperature of ``share_done`` (0 to 1) of the search."""
        if not self._movable:
            return
        cost = self.cost
        self._begin()
        freed = self._ruined()
        for number in freed:
            self._free(number)
        is_noisy = self._random.random() < NOISY_SHARE
        for number in self._in_some_order(freed):
            self._place(number, is_noisy)
        worse = self.cost - cost
        if worse > 0 and self._random.random() >= math.exp(-worse / self._temperature(share_done)):
            self._undo()

    def snapshot(self) -> Snapshot:
        return Snapshot(self.cost, [list(order) for order in self.routes.orders], list(self.dates))

    def restore(self, kept: Snapshot) -> None:
        for turn, order in enumerate(kept.orders):
            self.routes.replace(turn, order)
        for number, turns in enumerate(kept.dates):
            self._set_dates(number, turns)

    def _temperature(self, share_done: float) -> float:
        return self._mean_drive * START_SHARE * math.pow(END_SHARE / START_SHARE, share_done)

    def _ruined(self) -> list[int]:
        """A few accounts near each other or of one day, now and then around one whose dates are dear."""
        count = self._random.randint(1, min(MOST_FREED, len(self._movable)))
        seed = self._random.choice(self._movable)
        draw = self._random.random()
        if draw < 0.3:
            some = self._random.sample(self._movable, min(4, len(self._movable)))
            seed = max(some, key=self._prices.__getitem__)
        if draw > 0.6 and (turns := self.dates[seed]):
            order = self.routes.orders[self._random.choice(turns)]
            near = [number for number in order if not self._choosers[number].pinned.all()]
        else:
            near = self._neighbours[seed][: 2 * count]
        rest = [number for number in near if number != seed]
        return [seed, *self._random.sample(rest, min(count - 1, len(rest)))]

    def _in_some_order(self, freed: list[int]) -> list[int]:
        draw = self._random.random()
        if draw < 0.5:
            self._random.shuffle(freed)
        elif draw < 0.75:
            freed.sort(key=lambda n: (-self.setting.wanted[n].account.price, n))
        else:
            freed.sort(key=lambda n: (len(self._choosers[n].turns), n))
        return freed

    def _free(self, number: int) -> None:
        wanted = self.setting.wanted[number]
        for turn in self.dates[number]:
            if turn not in wanted.pinned:
                self.routes.remove(number, turn)
        self._set_dates(number, sorted(wanted.pinned))

    def _place(self, number: int, is_noisy: bool = False) -> None:
        costs, positions = self.routes.insertions(number)
        if is_noisy:
            costs = np.where(costs < TOO_DEAR, costs * self._noise(), TOO_DEAR).astype(np.int64)
        turns = self._choosers[number].choose(costs)
        for turn in turns:
            if turn not in self.setting.wanted[number].pinned:
                self.routes.insert(number, turn, int(positions[turn]))
        self._set_dates(number, turns)

    def _noise(self) -> npt.NDArray[np.float64]:
        """A factor for the cost of every turn."""
        return np.array([2.0 * self._random.random() for _ in self.setting.shifts])

    def _set_dates(self, number: int, turns: list[int]) -> None:
        self._before.setdefault(number, (self.dates[number], self._prices[number]))
        self.dates[number] = turns
        self._prices[number] = dates_cost(self.setting, number, turns)

    def _begin(self) -> None:
        self.routes.begin()
        self._before.clear()

    def _undo(self) -> None:
        self.routes.undo()
        for number, (turns, price) in self._before.items():
            self.dates[number], self._prices[number] = turns, price


def _neighbours(setting: Setting, movable: Sequence[int]) -> dict[int, list[int]]:
    """Of every movable account the others, nearest by driving there and back first."""
    at = np.array([setting.wanted[number].account.at for number in movable], dtype=np.int64)
    seconds = setting.problem.travel.seconds[np.ix_(at, at)]
    ranked = np.argsort(seconds + seconds.T, axis=1, kind="stable")
    numbers = np.array(movable, dtype=np.int64)
    return {number: numbers[row].tolist() for number, row in zip(movable, ranked, strict=True)}


def _mean_drive(setting: Setting) -> float:
    """Seconds to an account and back, on average over those a road leads to."""
    homes = {(shift.start, shift.end) for shift in setting.shifts}
    ways = [
        setting.seconds[start][wanted.account.at] + setting.seconds[wanted.account.at][end]
        for wanted in setting.wanted
        for start, end in sorted(homes)
    ]
    reachable = [way for way in ways if way < UNREACHABLE_SECONDS]
    return max(1.0, sum(reachable) / max(1, len(reachable)))
