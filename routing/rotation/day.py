"""One day of the search: its stops in order, with the arrays that make an insertion test cheap.

``begins[k]`` is the earliest service can begin at stop k, ``lates[k]`` the latest it may so that the
rest still fits. Lists are replaced, never changed in place: a snapshot is a handful of references.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from routing.rotation.prepared import NEVER, Prepared, Windows, day_ends
from routing.types import Shift


class Snapshot(NamedTuple):
    stops: list[int]
    begins: list[int]
    lates: list[int]
    driving: int
    version: int


class Insertion(NamedTuple):
    """Extra driving and where; ``seconds`` is ``NEVER`` when there is no room."""

    seconds: int
    position: int


NO_ROOM = Insertion(NEVER, -1)

_versions = count(1)


class Day:
    """A route under construction. ``version`` changes with its contents and returns with a snapshot."""

    __slots__ = ("begins", "driving", "lates", "number", "prepared", "shift", "stops", "version")

    def __init__(self, prepared: Prepared, number: int, shift: Shift) -> None:
        self.prepared, self.number, self.shift = prepared, number, shift
        self.stops: list[int] = []
        self.begins: list[int] = []
        self.lates: list[int] = []
        self.driving = 0
        self.version = 0

    def snapshot(self) -> Snapshot:
        return Snapshot(self.stops, self.begins, self.lates, self.driving, self.version)

    def restore(self, kept: Snapshot) -> None:
        self.stops, self.begins, self.lates, self.driving, self.version = kept

    def take(self, stops: Sequence[int]) -> bool:
        """Take over an order; false (and no change) when it does not fit the shift and the windows."""
        begins = self._begins(stops)
        if begins is None:
            return False
        self.stops, self.begins = list(stops), begins
        self.lates = self._lates(stops)
        self.driving = self._driving(stops)
        self.version = next(_versions)
        return True

    def cheapest(self, account: int, skip: int = -1) -> Insertion:
        """The place of least extra driving; position ``skip`` is passed over."""
        windows = self.prepared.windows[account][self.number]
        if windows is None:
            return NO_ROOM
        problem, seconds = self.prepared.problem, self.prepared.seconds
        accounts = problem.accounts
        at, service = accounts[account].at, accounts[account].service_seconds
        from_here = seconds[at]
        best, best_position = NEVER, -1
        origin, free = self.shift.start, self.shift.starts
        last = len(self.stops)
        for position in range(last + 1):
            if position < last:
                following = accounts[self.stops[position]].at
                late = self.lates[position]
            else:
                following, late = self.shift.end, day_ends(self.shift)
            to_here = seconds[origin][at]
            extra = to_here + from_here[following] - seconds[origin][following]
            if extra < best and position != skip:
                begins = first_begin(windows, free + to_here)
                if begins is not None and begins + service + from_here[following] <= late:
                    best, best_position = extra, position
            if position < last:
                free = self.begins[position] + accounts[self.stops[position]].service_seconds
                origin = following
        return Insertion(best, best_position) if best_position >= 0 else NO_ROOM

    def insert(self, account: int, position: int) -> None:
        fits = self.take([*self.stops[:position], account, *self.stops[position:]])
        assert fits, "an insertion that was tested must fit"

    def remove(self, accounts: set[int]) -> bool:
        """Take stops out. False, and no change, in the rare case that the rest does not fit without
        them: rounded driving times can make a detour shorter than the direct way."""
        return self.take([stop for stop in self.stops if stop not in accounts])

    def _begins(self, stops: Sequence[int]) -> list[int] | None:
        accounts, seconds = self.prepared.problem.accounts, self.prepared.seconds
        begins: list[int] = []
        origin, free = self.shift.start, self.shift.starts
        for stop in stops:
            account = accounts[stop]
            windows = self.prepared.windows[stop][self.number]
            begin = None if windows is None else first_begin(windows, free + seconds[origin][account.at])
            if begin is None:
                return None
            begins.append(begin)
            origin, free = account.at, begin + account.service_seconds
        return begins if free + seconds[origin][self.shift.end] <= day_ends(self.shift) else None

    def _lates(self, stops: Sequence[int]) -> list[int]:
        accounts, seconds = self.prepared.problem.accounts, self.prepared.seconds
        lates = [0] * len(stops)
        following, late = self.shift.end, day_ends(self.shift)
        for position in range(len(stops) - 1, -1, -1):
            account = accounts[stops[position]]
            windows = self.prepared.windows[stops[position]][self.number]
            assert windows is not None
            late = last_begin(windows, late - seconds[account.at][following] - account.service_seconds)
            lates[position], following = late, account.at
        return lates

    def _driving(self, stops: Sequence[int]) -> int:
        accounts, seconds = self.prepared.problem.accounts, self.prepared.seconds
        if not stops:
            return 0
        way = [self.shift.start, *(accounts[stop].at for stop in stops), self.shift.end]
        return sum(seconds[way[i]][way[i + 1]] for i in range(len(way) - 1))


def first_begin(windows: Windows, ready: int) -> int | None:
    """The first moment from ``ready`` on that lies in a window; windows are sorted."""
    for opens, closes in windows:
        if ready <= closes:
            return max(opens, ready)
    return None


def last_begin(windows: Windows, limit: int) -> int:
    """The last moment up to ``limit`` that lies in a window; -1 when there is none."""
    for opens, closes in reversed(windows):
        if opens <= limit:
            return min(closes, limit)
    return -1
