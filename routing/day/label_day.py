"""A day as numbers for compiled code, and how one goes on within it: the rules of ``moments`` once more.

``Day`` counts stops from 0; behind them stand the start and the end. Times are whole seconds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.compiled import compiled

Numbers = npt.NDArray[np.int64]
SmallNumbers = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]

ROUNDING = 0.05
"""Costs are whole seconds and bounds are not: a bound is trusted so far below itself, as large prices are not
added up exactly."""

NEVER = 2**40
FAR = 2**39

(
    STARTS,
    ENDS,
    OVERTIME_ENDS,
    OVERTIME_PRICE,
    LUNCH_OPENS,
    LUNCH_CLOSES,
    LUNCH_SECONDS,
    HOME_EARLY,
) = range(8)
"""Entries of ``Day.rules``; LUNCH_SECONDS 0 is no lunch. The overtime price is seconds an hour. HOME_EARLY 1:
every second outside visits costs, not only those driven."""


class Day(NamedTuple):
    """``way[i, j]`` between stops, start and end in calm hours; ``rush_way[k]`` within ``rush_span[k]``, of
    which a second may save ``swing[k]`` to who misses it; ``least_way`` the least of them all, ``sources[j]``
    the stops by their way to ``j``, ``least_in[j]`` the cheapest way in from anywhere or the price, last
    home, ``nearest`` the least by any detour. ``windows[i]`` are as many as ``openings[i]``;
    ``last_begin[i]`` is when service must have begun. ``price[i]`` is what leaving a stop out costs."""

    way: Numbers
    rush_way: Numbers
    rush_span: Numbers
    swing: Reals
    least_way: Numbers
    sources: Numbers
    least_in: Numbers
    nearest: Numbers
    windows: Numbers
    openings: Numbers
    last_begin: Numbers
    service: Numbers
    price: Numbers
    rules: Numbers


@compiled
def drive(day: Day, origin: int, goal: int, leaves: int) -> int:
    """As ``routing.slots.drive_seconds``, to the second."""
    calm = day.way[origin, goal]
    if len(day.rush_span) == 0 or calm >= FAR or calm == 0:
        return int(calm)
    at, left = float(leaves), 1.0
    for slot in range(len(day.rush_span)):
        begins, ends = day.rush_span[slot, 0], day.rush_span[slot, 1]
        if at >= ends:
            continue
        if at + left * calm <= begins:
            return int(at + left * calm + 0.5) - leaves
        if at < begins:
            left, at = left - (begins - at) / calm, float(begins)
        whole = day.rush_way[slot, origin, goal]
        if at + left * whole <= ends:
            return int(at + left * whole + 0.5) - leaves
        if at < ends:
            left, at = left - (ends - at) / whole, float(ends)
    return int(at + left * calm + 0.5) - leaves


@compiled
def last_drive(day: Day, origin: int, goal: int, earliest: int, arrives: int) -> int:
    """The drive of who leaves as late as one may, to be there by ``arrives``; ``earliest`` is early
    enough."""
    if len(day.rush_span) == 0:
        return int(day.way[origin, goal])
    low, high = earliest, max(earliest, arrives) + 1
    while low < high:
        middle = (low + high) // 2
        if middle + drive(day, origin, goal, middle) <= arrives:
            low = middle + 1
        else:
            high = middle
    departs = max(earliest, low - 1)
    return drive(day, origin, goal, departs)


@compiled
def begins_at(day: Day, stop: int, ready: int) -> int:
    """The first moment from ``ready`` on at which service may begin, NEVER where there is none."""
    for window in range(day.openings[stop]):
        if ready <= day.windows[stop, window, 1]:
            return int(max(ready, day.windows[stop, window, 0]))
    return NEVER


@compiled
def last_begins_at(day: Day, stop: int, latest: int) -> int:
    """The last moment until ``latest`` at which service may begin, -NEVER where there is none."""
    for window in range(day.openings[stop] - 1, -1, -1):
        if day.windows[stop, window, 0] <= latest:
            return int(min(latest, day.windows[stop, window, 1]))
    return -NEVER


@compiled
def lunch_at(day: Day, moment: int) -> int:
    """When lunch begins at the first chance from ``moment``, NEVER when it is too late."""
    begins = max(moment, day.rules[LUNCH_OPENS])
    return begins if begins <= day.rules[LUNCH_CLOSES] else NEVER


@compiled
def fed_on_arrival(day: Day, goal: int, arrives: int, direct: int) -> int:
    """When service begins after lunch on arrival, NEVER where nobody would eat there; ``direct`` is when it
    would begin without."""
    there = lunch_at(day, arrives)
    waits_anyway = direct >= day.rules[LUNCH_OPENS] or direct + day.service[goal] > day.rules[LUNCH_CLOSES]
    if there == NEVER or not (there == arrives or waits_anyway):
        return NEVER
    return begins_at(day, goal, there + day.rules[LUNCH_SECONDS])


@compiled
def fed_before(day: Day, leaves: int, arrives: int) -> int:
    """When one sets out after lunch where one is, NEVER where nobody would eat there."""
    before = lunch_at(day, leaves)
    if before == NEVER or not (before == leaves or arrives > day.rules[LUNCH_CLOSES]):
        return NEVER
    return int(before + day.rules[LUNCH_SECONDS])


@compiled
def home_at(day: Day, last: int, leaves: int, fed: bool) -> tuple[int, int]:
    """When one is home, and the seconds driven there; NEVER when there is no time to eat."""
    end = len(day.service) + 1
    departs, driven = leaves, drive(day, last, end, leaves)
    if not fed and departs + driven > day.rules[LUNCH_CLOSES]:
        departs = lunch_at(day, leaves)
        if departs == NEVER:
            return NEVER, driven
        departs += day.rules[LUNCH_SECONDS]
        driven = drive(day, last, end, departs)
    return departs + driven, driven


@compiled
def is_fed_at_first(day: Day) -> bool:
    return bool(day.rules[LUNCH_SECONDS] == 0 or day.rules[STARTS] > day.rules[LUNCH_CLOSES])


@compiled
def later_saves(day: Day, leaves: int) -> float:
    """The most driving seconds that who leaves later may save over the rest of the day."""
    saves = 0.0
    for slot in range(len(day.rush_span)):
        if leaves < day.rush_span[slot, 1]:
            saves += day.swing[slot] * (day.rush_span[slot, 1] - max(leaves, day.rush_span[slot, 0]))
    return saves
