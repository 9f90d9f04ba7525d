"""The gaps of one route: between which places, and the times that decide what fits into them.

"Unfed" is with lunch still to come, "fed" with lunch behind or none in the shift. A departure is the
earliest possible, an arrival the latest that still lets the rest of the day happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from routing.day.moments import lunch_from
from routing.rotation.setting import NEVER, Setting
from routing.types import Lunch, Shift


class Gap(NamedTuple):
    before: int
    behind: int
    drive: int
    leave_unfed: int
    leave_fed: int
    arrive_unfed: int
    arrive_fed: int


NO_GAP = np.array(Gap(0, 0, 0, NEVER, NEVER, -NEVER, -NEVER), dtype=np.int64)
"""What fills the rows of shorter days: nothing fits into it."""


class Stay(NamedTuple):
    """A stop on a route, as far as times need it."""

    at: int
    service: int
    windows: tuple[tuple[int, int], ...]


def gaps_of(setting: Setting, turn: int, order: Sequence[int]) -> list[Gap]:
    """One gap more than there are stops; ``order`` must fit the shift."""
    shift = setting.shifts[turn]
    stays = [
        Stay(wanted.account.at, wanted.account.service_seconds, wanted.spans[turn])
        for wanted in (setting.wanted[number] for number in order)
    ]
    way = [shift.start, *(stay.at for stay in stays), shift.end]
    drives = [setting.seconds[a][b] for a, b in pairwise(way)]
    leaves = departures(shift, stays, drives)
    arrives = arrivals(shift, stays, drives)
    return [Gap(way[i], way[i + 1], drives[i], *leaves[i], *arrives[i]) for i in range(len(drives))]


def departures(shift: Shift, stays: Sequence[Stay], drives: Sequence[int]) -> list[tuple[int, int]]:
    """Earliest (unfed, fed) departures from the start and from each stop."""
    lunch = shift.lunch
    unfed, fed = shift.starts, NEVER
    if lunch is None or shift.starts > lunch.latest:
        unfed, fed = NEVER, shift.starts
    else:
        fed = _after_lunch(lunch, unfed)
    found = [(unfed, fed)]
    for stay, drive in zip(stays, drives, strict=False):
        fed = _leaves(stay, fed + drive)
        if lunch is not None and unfed < NEVER:
            arrives = unfed + drive
            unfed = _leaves(stay, arrives)
            fed = min(fed, _leaves(stay, _after_lunch(lunch, arrives)), _after_lunch(lunch, unfed))
        found.append((unfed, fed))
    return found


def arrivals(shift: Shift, stays: Sequence[Stay], drives: Sequence[int]) -> list[tuple[int, int]]:
    """Latest (unfed, fed) arrivals at each stop and at the end; -NEVER where none is early enough."""
    lunch = shift.lunch
    unfed, fed = min(shift.ends, lunch.latest) if lunch else -NEVER, shift.ends
    found = [(unfed, fed)]
    for stay, drive in zip(reversed(stays), reversed(drives), strict=False):
        leave_unfed, leave_fed = unfed - drive, fed - drive
        fed = _latest_begin(stay, leave_fed - stay.service)
        if lunch is not None:
            leave_unfed = max(leave_unfed, _before_lunch(lunch, leave_fed))
            unfed = _latest_begin(stay, leave_unfed - stay.service)
            unfed = max(unfed, _before_lunch(lunch, fed))
        found.append((unfed, fed))
    return found[::-1]


def _leaves(stay: Stay, ready: int) -> int:
    for opens, closes in stay.windows:
        if ready <= closes:
            return (opens if opens > ready else ready) + stay.service
    return NEVER


def _latest_begin(stay: Stay, by: int) -> int:
    found = -NEVER
    for opens, closes in stay.windows:
        if opens <= by:
            found = max(found, closes if closes < by else by)
    return found


def _after_lunch(lunch: Lunch, moment: int) -> int:
    begins = lunch_from(lunch, moment)
    return NEVER if begins is None else begins + lunch.seconds


def _before_lunch(lunch: Lunch, by: int) -> int:
    """The latest moment lunch can begin at so that it is over by ``by``."""
    begins = by - lunch.seconds
    return min(begins, lunch.latest) if begins >= lunch.earliest else -NEVER
