"""Label setting over (stops served, the last, lunch behind), compiled.

Of labels alike only those survive that no other beats (``label_store``); what cannot come below the best
known day any more is dropped (``label_rest``). Labels are taken in the order they were made, so all of one
length come before any longer one.
"""

from __future__ import annotations

from typing import NamedTuple

from routing.compiled import compiled
from routing.day.label_day import (
    ENDS,
    HOME_EARLY,
    LUNCH_CLOSES,
    NEVER,
    OVERTIME_ENDS,
    OVERTIME_PRICE,
    ROUNDING,
    STARTS,
    Day,
    Numbers,
    Reals,
    begins_at,
    drive,
    fed_before,
    fed_on_arrival,
    home_at,
    is_fed_at_first,
    last_drive,
)
from routing.day.label_rest import Worth, least_lost, least_rest, least_ways_in
from routing.day.label_store import AT_HOME, BEATEN, NONE, Labels, New, add, is_beaten, slot_of
from routing.day.ways_home import WaysHome

BEST, MADE, LAST, WORK, NEXT, IS_EAGER = range(6)
"""Entries of the answer: the least cost, how many labels, the last one of that day, and the looks at ways
home that may still be taken; the label to go on with, NONE at first; whether looks are taken for every label
made, or only once it is taken."""

LEAST = 0
"""Entry of ``bound``: what any day costs at least."""

STRETCH, A_LABEL = 4_000_000, 100
"""The looks after which the caller is asked whether to go on, less than a tenth of a second; taking a label
up counts as so many."""


class At(NamedTuple):
    """Where a label stands. ``owed`` is what is due for the stops not served yet, as far as they can still be
    reached, and the price of those that cannot; ``ways_in`` the least ways into them and home."""

    label: int
    served: int
    last: int
    fed: bool
    leaves: int
    cost: int
    owed: float
    ways_in: int


@compiled
def search(day: Day, worth: Worth, ways: WaysHome, labels: Labels, answer: Numbers, bound: Reals) -> bool:
    """Fills ``answer``; what it holds at first as BEST is to be beaten. True when there is more to do: call
    it again. ``bound`` equals BEST where the search came to its end."""
    if answer[NEXT] == NONE:
        start = _at_home(day, ways)
        _finish(day, answer, start)
        _go_everywhere(day, worth, ways, labels, answer, start)
        answer[NEXT] = 0
    label, pause, is_out = answer[NEXT], answer[WORK] - STRETCH, False
    while 0 <= label < answer[MADE] and answer[WORK] > pause:
        if labels.following[label] != BEATEN and labels.least[label] <= answer[BEST] - 1 + ROUNDING:
            is_out = answer[WORK] < 0
            if is_out:
                break
            at = _standing(day, ways, labels, label)
            _finish(day, answer, at)
            _go_everywhere(day, worth, ways, labels, answer, at)
            pause += A_LABEL
            is_out = answer[MADE] < 0
            if is_out:
                break
        label += 1
    answer[NEXT] = label
    made = answer[MADE] if answer[MADE] >= 0 else len(labels.leaves)
    bound[LEAST] = float(answer[BEST])
    for left in range(label, made):
        if labels.following[left] != BEATEN:
            bound[LEAST] = min(bound[LEAST], labels.least[left])
    return 0 <= label < answer[MADE] and not is_out


@compiled
def _at_home(day: Day, ways: WaysHome) -> At:
    count = len(day.service)
    owed, ways_in = 0.0, day.least_in[count]
    for stop in range(count):
        owed += ways.due[stop]
        ways_in += day.least_in[stop]
    return At(AT_HOME, 0, count, is_fed_at_first(day), day.rules[STARTS], 0, owed, ways_in)


@compiled
def _standing(day: Day, ways: WaysHome, labels: Labels, label: int) -> At:
    served, place = labels.served[label], labels.place[label]
    last, leaves = place // 2, labels.leaves[label]
    owed, ways_in = 0.0, day.least_in[len(day.service)]
    for stop in range(len(day.service)):
        if not served >> stop & 1:
            is_late = leaves + day.nearest[last, stop] > day.last_begin[stop]
            owed += day.price[stop] if is_late else ways.due[stop]
            ways_in += day.price[stop] if is_late else day.least_in[stop]
    return At(label, served, last, place % 2 == 1, leaves, labels.cost[label], owed, ways_in)


@compiled
def _finish(day: Day, answer: Numbers, at: At) -> None:
    """The day that ends here, if it is better than the best so far."""
    rules, missing = day.rules, 0
    for stop in range(len(day.service)):
        if not at.served >> stop & 1:
            missing += day.price[stop]
    end, driven = home_at(day, at.last, at.leaves, at.fed)
    if end > rules[OVERTIME_ENDS]:
        return
    total = at.cost + missing + (end - at.leaves if rules[HOME_EARLY] else driven)
    if end > rules[ENDS]:
        total += rules[OVERTIME_PRICE] * (end - rules[ENDS]) // 3600
    if total < answer[BEST]:
        answer[BEST], answer[LAST] = total, at.label


@compiled
def _go_everywhere(day: Day, worth: Worth, ways: WaysHome, labels: Labels, answer: Numbers, at: At) -> None:
    if at.label >= 0 and _is_hopeless(day, worth, ways, answer, at):
        return
    for goal in range(len(day.service)):
        is_served = at.served >> goal & 1
        if not is_served and at.leaves + day.nearest[at.last, goal] <= day.last_begin[goal]:
            _go_on(day, ways, labels, answer, at, goal)


@compiled
def _is_hopeless(day: Day, worth: Worth, ways: WaysHome, answer: Numbers, at: At) -> bool:
    if at.cost + least_ways_in(day, at.served, at.last, at.leaves) >= answer[BEST]:
        return True
    lost = least_lost(day, worth, at.served, at.last, at.leaves, at.fed)
    if at.cost + lost > answer[BEST] - 1 + ROUNDING:
        return True
    rest, looks = least_rest(ways, 2 * at.last + at.fed, at.leaves, at.served)
    answer[WORK] -= looks
    return at.owed + at.cost + rest > answer[BEST] - 1 + ROUNDING


@compiled
def _go_on(day: Day, ways: WaysHome, labels: Labels, answer: Numbers, at: At, goal: int) -> None:
    """The labels of driving on to ``goal``: at once, with lunch on arrival and with lunch before."""
    drives = drive(day, at.last, goal, at.leaves)
    arrives = at.leaves + drives
    begins = begins_at(day, goal, arrives)
    driven = drives
    if at.label == AT_HOME and begins < NEVER:
        driven = last_drive(day, at.last, goal, at.leaves, begins)
    _arrive(day, ways, labels, answer, at, goal, at.fed, begins, driven)
    if at.fed:
        return
    _arrive(day, ways, labels, answer, at, goal, True, fed_on_arrival(day, goal, arrives, begins), drives)
    departs = fed_before(day, at.leaves, arrives)
    if departs < NEVER:
        later = drive(day, at.last, goal, departs)
        _arrive(day, ways, labels, answer, at, goal, True, begins_at(day, goal, departs + later), later)


@compiled
def _arrive(
    day: Day,
    ways: WaysHome,
    labels: Labels,
    answer: Numbers,
    at: At,
    goal: int,
    fed: bool,
    begins: int,
    driven: int,
) -> None:
    """A label for leaving ``goal`` after a visit that begins then, if a day from there can be the best."""
    if begins > day.last_begin[goal] or answer[MADE] < 0:
        return
    leaves = begins + day.service[goal]
    if not fed and leaves > day.rules[LUNCH_CLOSES]:
        return
    cost = at.cost + (begins - at.leaves if day.rules[HOME_EARLY] else driven)
    ways_in = at.ways_in - day.least_in[goal]
    if cost + ways_in >= answer[BEST]:
        return
    served, place = at.served | 1 << goal, 2 * goal + fed
    slot = slot_of(labels, served, place)
    if is_beaten(day, labels, slot, leaves, cost):
        return
    least = max(_least_of(labels, at), float(cost + ways_in))
    if answer[IS_EAGER]:
        rest, looks = least_rest(ways, place, leaves, served)
        answer[WORK] -= looks
        least = max(least, at.owed - ways.due[goal] + cost + rest)
    if least <= answer[BEST] - 1 + ROUNDING:
        new = New(at.label, served, place, leaves, cost, least)
        answer[MADE] = add(day, labels, answer[MADE], slot, new)


@compiled
def _least_of(labels: Labels, at: At) -> float:
    return labels.least[at.label] if at.label >= 0 else 0.0
