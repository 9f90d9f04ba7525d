"""Label setting over (stops served, the last, lunch behind), compiled.

Of labels alike only those survive that no other beats in both time and driving; what cannot come below the
known cost any more is dropped, reckoning the cheapest way into every stop missing. The rules of lunch and
windows are those of ``routing.day.moments``. Overtime, where there is any, is priced.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.compiled import compiled

Numbers = npt.NDArray[np.int64]
SmallNumbers = npt.NDArray[np.int32]

NEVER = 2**30
FAR = 2**29
NONE, AT_HOME = -1, -2
"""No label, and the one before the first: the rep at the start."""

STARTS, ENDS, OVERTIME_ENDS, OVERTIME_PRICE, LUNCH_OPENS, LUNCH_CLOSES, LUNCH_SECONDS = range(7)
"""Entries of ``Day.rules``; LUNCH_SECONDS 0 is no lunch. The overtime price is seconds an hour."""

BEST, END, PROVEN, LAST = range(4)
"""Entries of the answer."""


class Day(NamedTuple):
    """``way[i, j]`` between stops, then the start and the end; ``windows[i]`` as many as ``openings[i]``.
    ``price[i]`` is what leaving a stop out costs, NEVER for those that must happen."""

    way: Numbers
    windows: Numbers
    openings: Numbers
    service: Numbers
    price: Numbers
    rules: Numbers


class Labels(NamedTuple):
    """``head[state]`` is the first label of a state, ``following`` the next of the same one. ``least_in``: by
    set served, what the rest costs at least; ``ways_in`` the cheapest ways into the rest of one set."""

    head: SmallNumbers
    leaves: SmallNumbers
    cost: SmallNumbers
    following: SmallNumbers
    parent: SmallNumbers
    state: SmallNumbers
    least_in: Numbers
    ways_in: Numbers


@compiled
def search(day: Day, labels: Labels, answer: Numbers) -> None:
    """Fills ``answer``; what it holds at first as BEST is to be beaten."""
    count = len(day.service)
    _least_ways_in(day, labels.least_in)
    made, start = 0, count
    starts = day.rules[STARTS]
    no_lunch = day.rules[LUNCH_SECONDS] == 0 or starts > day.rules[LUNCH_CLOSES]
    _finish(day, labels, answer, 0, start, starts, 0, no_lunch, AT_HOME)
    for goal in range(count):
        made = _go_on(day, labels, answer, made, 0, start, starts, 0, no_lunch, goal, AT_HOME)
    for served in range(1, 1 << count):
        total = NONE
        for last in range(count):
            if not served >> last & 1 or not _is_reached(labels, served * count + last):
                continue
            if total < 0:
                total = _ways_into_the_rest(day, labels.ways_in, served)
            rest = _least_rest(day, labels.ways_in, total, served, last)
            for fed in range(2):
                label = labels.head[(served * count + last) * 2 + fed]
                while label >= 0:
                    leave, cost = labels.leaves[label], labels.cost[label]
                    if cost + rest < answer[BEST]:
                        _finish(day, labels, answer, served, last, leave, cost, fed == 1, label)
                        for goal in range(count):
                            if not served >> goal & 1:
                                made = _go_on(
                                    day,
                                    labels,
                                    answer,
                                    made,
                                    served,
                                    last,
                                    leave,
                                    cost,
                                    fed == 1,
                                    goal,
                                    label,
                                )
                        if made < 0:
                            answer[PROVEN] = 0
                            return
                    label = labels.following[label]


@compiled
def _least_ways_in(day: Day, least_in: Numbers) -> None:
    """For every set served, what the rest costs at least: the cheapest way into each stop, or its price."""
    count = len(day.service)
    home = NEVER
    for origin in range(count + 1):
        home = min(home, day.way[origin, count + 1])
    least_in[(1 << count) - 1] = home
    for served in range((1 << count) - 2, -1, -1):
        stop = 0
        while served >> stop & 1:
            stop += 1
        cheapest = day.price[stop]
        for origin in range(count + 1):
            if origin != stop:
                cheapest = min(cheapest, day.way[origin, stop])
        least_in[served] = least_in[served | 1 << stop] + cheapest


@compiled
def _is_reached(labels: Labels, set_and_last: int) -> bool:
    return labels.head[2 * set_and_last] >= 0 or labels.head[2 * set_and_last + 1] >= 0


@compiled
def _ways_into_the_rest(day: Day, ways_in: Numbers, served: int) -> int:
    """The cheapest way into every stop not served, from another one not served, or its price; and home."""
    count = len(day.service)
    total = 0
    for goal in range(count + 1):
        ways_in[goal] = 0
        if goal < count and served >> goal & 1:
            continue
        cheapest = day.price[goal] if goal < count else NEVER
        for origin in range(count):
            if origin != goal and not served >> origin & 1:
                cheapest = min(cheapest, day.way[origin, goal if goal < count else count + 1])
        ways_in[goal] = cheapest
        total += cheapest
    return total


@compiled
def _least_rest(day: Day, ways_in: Numbers, total: int, served: int, last: int) -> int:
    """What the day costs from ``last`` on at least: one of the ways in comes from there."""
    count = len(day.service)
    best, is_free = 4 * NEVER * (count + 1), True
    for goal in range(count):
        if not served >> goal & 1:
            is_free = is_free and day.price[goal] < NEVER
            best = min(best, total - ways_in[goal] + day.way[last, goal])
    if is_free:
        best = min(best, total - ways_in[count] + day.way[last, count + 1])
    return best


@compiled
def _finish(
    day: Day,
    labels: Labels,
    answer: Numbers,
    served: int,
    last: int,
    leave: int,
    cost: int,
    fed: bool,
    label: int,
) -> None:
    """The day that ends here, if it is better than the best so far."""
    rules, missing = day.rules, 0
    for stop in range(len(day.service)):
        if not served >> stop & 1:
            if day.price[stop] == NEVER:
                return
            missing += day.price[stop]
    drive = day.way[last, len(day.service) + 1]
    end = leave + drive
    if not fed and end > rules[LUNCH_CLOSES]:
        end = _after_lunch(day, leave) + drive
    if end > rules[OVERTIME_ENDS]:
        return
    total = cost + drive + missing
    if end > rules[ENDS]:
        total += rules[OVERTIME_PRICE] * (end - rules[ENDS]) // 3600
    if total < answer[BEST] or (total == answer[BEST] and end < answer[END] < NEVER):
        answer[BEST], answer[END], answer[LAST] = total, end, label


@compiled
def _after_lunch(day: Day, moment: int) -> int:
    begins = max(moment, day.rules[LUNCH_OPENS])
    return begins + day.rules[LUNCH_SECONDS] if begins <= day.rules[LUNCH_CLOSES] else NEVER


@compiled
def _leaves(day: Day, stop: int, ready: int) -> int:
    for w in range(day.openings[stop]):
        if ready <= day.windows[stop, w, 1]:
            return max(ready, day.windows[stop, w, 0]) + day.service[stop]
    return NEVER


@compiled
def _go_on(
    day: Day,
    labels: Labels,
    answer: Numbers,
    made: int,
    served: int,
    last: int,
    leave: int,
    cost: int,
    fed: bool,
    goal: int,
    parent: int,
) -> int:
    """The labels of driving on to ``goal``: at once, and with lunch before, on arrival or after the visit.
    Returns how many labels there are now, -1 when there is no room for more."""
    drive = day.way[last, goal]
    total, now = cost + drive, served | 1 << goal
    if made < 0 or total + labels.least_in[now] >= answer[BEST]:
        return made
    latest = day.rules[OVERTIME_ENDS] - day.way[goal, len(day.service) + 1]
    state = (now * len(day.service) + goal) * 2
    at_once = _leaves(day, goal, leave + drive)
    if fed:
        return _keep(labels, made, state + 1, at_once, total, parent, latest)
    made = _keep(labels, made, state, at_once, total, parent, min(latest, NEVER - 1))
    eaten = min(_leaves(day, goal, _after_lunch(day, leave) + drive), _after_lunch(day, at_once))
    eaten = min(eaten, _leaves(day, goal, _after_lunch(day, leave + drive)))
    return _keep(labels, made, state + 1, eaten, total, parent, latest)


@compiled
def _keep(labels: Labels, made: int, state: int, leave: int, cost: int, parent: int, latest: int) -> int:
    """Adds a label unless another of its state beats it; those it beats go."""
    if leave > latest or made < 0:
        return made
    before, label = NONE, labels.head[state]
    while label >= 0:
        if labels.leaves[label] <= leave and labels.cost[label] <= cost:
            return made
        if leave <= labels.leaves[label] and cost <= labels.cost[label]:
            if before < 0:
                labels.head[state] = labels.following[label]
            else:
                labels.following[before] = labels.following[label]
        else:
            before = label
        label = labels.following[label]
    if made >= len(labels.leaves):
        return -1
    labels.leaves[made], labels.cost[made], labels.parent[made] = leave, cost, parent
    labels.state[made], labels.following[made] = state, labels.head[state]
    labels.head[state] = made
    return made + 1
