"""What a day costs at least: ways home that may visit a stop twice, with dues that make it dear.

Any day costs at least what is due for every stop plus the cheapest of these ways, each visit of which earns
what is due for its stop; a stop's due is never above its price. The dues climb by subgradients (Held and Karp
1971) towards the highest such bound.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np

from routing.day.label_day import (
    FAR,
    LUNCH_CLOSES,
    LUNCH_SECONDS,
    NEVER,
    OVERTIME_ENDS,
    ROUNDING,
    STARTS,
    Day,
    Numbers,
    Reals,
)
from routing.day.ways_home import LOOKED, MOST_LOOKS, NONE, TOO_MANY, WaysHome, find_ways_home, least_way_home

NEIGHBOURS = 8
MOST_WAYS = 100_000
MOST_LOOKS_OF_ALL = 20_000_000
PATIENCE = 4
"""Steps without a better bound before they get half as long."""


class LeastCost:
    """``bound`` is what no day costs less than, ``ways`` the ways home that say so with the best dues met."""

    def __init__(self, day: Day) -> None:
        self.bound = 0
        self.ways = ways_for(day, NEIGHBOURS)
        self.is_done = False
        self._day = day
        self._neighbours = NEIGHBOURS
        self._due = self._best_due = _first_dues(day)
        self._best, self._idle, self._length = -np.inf, 0, 1.0
        self._looks = self._most_looks = 0

    def climb(
        self, known_cost: int, steps: int, most_looks: int, is_over: Callable[[], bool] = lambda: False
    ) -> bool:
        """Better dues, in so many steps or until nothing is cheaper than what is known. False when there are
        too many ways home to look at, or the time is over."""
        self._most_looks = most_looks
        self._remember(NEIGHBOURS)
        for _ in range(0 if self.is_done else steps):
            if is_over() or not self._look(self._due):
                return False
            self._step(known_cost)
            if self.is_done:
                break
        if not np.array_equal(self.ways.due, self._best_due):
            return self._look(self._best_due)
        return True

    def looks(self) -> int:
        """How many looks at ways home there were since the last time asked."""
        looks, self._looks = self._looks, 0
        return looks

    def do_without(self) -> None:
        """Nothing is due and the way home costs nothing: for days whose ways home have no end, as where many
        stops lie at one place and take no time. ``bound`` stays."""
        self.is_done, self._best_due = True, np.zeros(len(self._day.service))
        self.ways.due[:] = 0.0
        places = len(self.ways.first)
        self.ways.first[:] = np.arange(places)
        self.ways.following[:places] = NONE
        self.ways.latest[:places], self.ways.cost[:places], self.ways.memory[:places] = NEVER, 0.0, 0

    def _look(self, due: Reals) -> bool:
        """With as much memory as the looks allow, and with the least in any case."""
        self.ways.due[:] = due
        while not self._finds_ways():
            if self._neighbours <= 1:
                return False
            self._remember(self._neighbours // 2)
        return True

    def _remember(self, neighbours: int) -> None:
        self._neighbours = neighbours
        self.ways.near[:] = _near(self._day, neighbours)
        self.ways.effort[MOST_LOOKS] = self._most_looks if neighbours > 1 else MOST_LOOKS_OF_ALL

    def _finds_ways(self) -> bool:
        self.ways.effort[LOOKED] = 0
        made = find_ways_home(self._day, self.ways)
        self._looks += int(self.ways.effort[LOOKED])
        return made != TOO_MANY

    def _step(self, known_cost: int) -> None:
        rest, first = least_way_home(self._day, self.ways)
        due = self._due
        bound = float(due.sum()) + rest
        self._idle = 0 if bound > self._best + 1e-3 else self._idle + 1
        if bound > self._best:
            self._best, self._best_due = bound, due
            self.bound = max(0, ceil(bound - ROUNDING))
        missed = 1.0 - _visits(self.ways, int(first), len(due))
        missed[(missed > 0) & (due >= self._day.price)] = 0.0
        self.is_done = self.bound >= known_cost or not missed.any()
        if self.is_done:
            return
        if self._idle >= PATIENCE:
            self._idle, self._length, due = 0, self._length / 2, self._best_due
        aim = min(float(known_cost), self._best * 1.1 + 1.0)
        along = self._length * (aim - bound) / float(missed @ missed)
        self._due = np.minimum(self._day.price, due + along * missed)


def ways_for(day: Day, neighbours: int) -> WaysHome:
    count = len(day.service)
    return WaysHome(
        latest=np.empty(MOST_WAYS, dtype=np.int64),
        cost=np.empty(MOST_WAYS, dtype=np.float64),
        memory=np.empty(MOST_WAYS, dtype=np.int64),
        place=np.empty(MOST_WAYS, dtype=np.int32),
        ahead=np.empty(MOST_WAYS, dtype=np.int32),
        first=np.full(max(1, 2 * count), NONE, dtype=np.int32),
        following=np.empty(MOST_WAYS, dtype=np.int32),
        queue=np.empty(MOST_WAYS, dtype=np.int32),
        near=_near(day, neighbours),
        due=np.zeros(count, dtype=np.float64),
        effort=np.array([0, 0, _grid(day)], dtype=np.int64),
    )


def _near(day: Day, neighbours: int) -> Numbers:
    """For each stop the ones nearest to it, as bits, itself among them."""
    count = len(day.service)
    way = day.least_way[:count, :count] + day.least_way[:count, :count].T
    ranked = np.argsort(way, axis=1, kind="stable")[:, :neighbours]
    bits = [sum(1 << int(other) for other in row) | 1 << stop for stop, row in enumerate(ranked)]
    return np.array(bits, dtype=np.int64)


def _grid(day: Day) -> int:
    """A leaving time may be rounded by a small part of the shortest step, else a way would stand still."""
    count = len(day.service)
    steps = day.least_way[:, :count] + day.service
    np.fill_diagonal(steps[:count], FAR)
    return max(1, int(steps.min(initial=FAR)) // 4)


def _first_dues(day: Day) -> Reals:
    """The cheapest way into each stop, or its price."""
    count = len(day.service)
    way = day.least_way[: count + 1, :count].copy()
    np.fill_diagonal(way, FAR)
    dues: Reals = np.minimum(day.price, way.min(axis=0, initial=FAR)).astype(np.float64)
    return dues


def _visits(ways: WaysHome, label: int, count: int) -> Reals:
    visits = np.zeros(count)
    while label >= 0:
        visits[ways.place[label] // 2] += 1
        label = int(ways.ahead[label])
    return visits


def simple_bound(day: Day) -> int:
    """The cheapest way into each stop, or its price: as many stops as fit into the hours of the day, parts of
    visits too, those first that save most for their time."""
    count = len(day.service)
    ways = np.minimum(day.least_way[: count + 1, :count], FAR)
    ways[np.arange(count), np.arange(count)] = FAR
    way_in = ways.min(axis=0, initial=FAR)
    saved = np.maximum(0, day.price - way_in).astype(np.float64)
    takes = np.maximum(1, day.service + way_in)
    room, total = float(_hours(day)), float(day.price.sum())
    for stop in np.argsort(-saved / takes, kind="stable"):
        share = min(1.0, room / float(takes[stop]))
        total -= share * float(saved[stop])
        room -= share * float(takes[stop])
    return max(0, ceil(total - ROUNDING))


def _hours(day: Day) -> int:
    """Seconds for driving and visits: without lunch only where the day is over before it must begin."""
    starts, ends = int(day.rules[STARTS]), int(day.rules[OVERTIME_ENDS])
    lunch, closes = int(day.rules[LUNCH_SECONDS]), int(day.rules[LUNCH_CLOSES])
    if lunch == 0 or starts > closes:
        return ends - starts
    return max(0, ends - starts - lunch, min(ends, closes) - starts)
