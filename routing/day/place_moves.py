"""Orders in which some places are taken: the others searched for the best beside them, compiled.

An order is lived as its rep would, however late: what costs is being late first (at a door, for lunch), then
being home after the shift, then driving, or the time of coming home. Better orders come by moving a stop,
turning a stretch and changing two stops among the free places; from an order that no such step betters, a
few changes at random lead on, and back again where nothing came of them.
"""

from __future__ import annotations

from typing import NamedTuple

from routing.compiled import compiled
from routing.day.label_day import (
    ENDS,
    FAR,
    HOME_EARLY,
    LUNCH_CLOSES,
    LUNCH_OPENS,
    LUNCH_SECONDS,
    NEVER,
    STARTS,
    Day,
    Numbers,
    begins_at,
    drive,
    is_fed_at_first,
)

TOO_DEAR = 2**62

LATE, OVERTIME = 2**38, 2**20
"""What a second of each weighs: a day is not driven for twelve days on end."""

COST, STEPS, SEED = range(3)
"""Entries of ``Placed.figures``."""

KICKS = 3
"""Pairs of stops that change places at random."""


class Placed(NamedTuple):
    """``free`` are the places that are not taken; ``best`` is the best order met, ``now`` the one that is
    bettered, ``trial`` the one looked at. ``figures``: the cost of ``best``, how many stops may still be
    looked at, and the state of the random numbers."""

    free: Numbers
    best: Numbers
    now: Numbers
    trial: Numbers
    figures: Numbers


@compiled
def better_placed(day: Day, placed: Placed) -> None:
    """Leaves in ``best`` the best order met before ``figures[STEPS]`` are over."""
    figures = placed.figures
    figures[COST] = _settled(day, placed)
    _copy(placed.now, placed.best)
    while figures[STEPS] > 0 and len(placed.free) > KICKS:
        _copy(placed.best, placed.now)
        for _ in range(KICKS):
            _change(placed, placed.now, _below(figures, len(placed.free)), _below(figures, len(placed.free)))
        cost = _settled(day, placed)
        if cost <= figures[COST]:
            figures[COST] = cost
            _copy(placed.now, placed.best)


@compiled
def _settled(day: Day, placed: Placed) -> int:
    """Takes steps in ``now`` until none betters it; returns its cost."""
    cost, count = lived(day, placed.now), len(placed.free)
    is_better = True
    while is_better:
        is_better = False
        for kind in range(3):
            for one in range(count):
                for other in range(count):
                    if one == other or (kind > 0 and other < one):
                        continue
                    if placed.figures[STEPS] <= 0:
                        return cost
                    placed.figures[STEPS] -= len(placed.now)
                    _stepped(placed, kind, one, other)
                    found = lived(day, placed.trial)
                    if found < cost:
                        cost, is_better = found, True
                        _copy(placed.trial, placed.now)
    return cost


@compiled
def _stepped(placed: Placed, kind: int, one: int, other: int) -> None:
    """Writes into ``trial`` what ``now`` is after a step among the free places."""
    free, now, trial = placed.free, placed.now, placed.trial
    _copy(now, trial)
    if kind == 0:
        by = 1 if other > one else -1
        for at in range(one, other, by):
            trial[free[at]] = now[free[at + by]]
        trial[free[other]] = now[free[one]]
    elif kind == 1:
        for at in range(one, other + 1):
            trial[free[at]] = now[free[one + other - at]]
    else:
        _change(placed, trial, one, other)


@compiled
def _change(placed: Placed, order: Numbers, one: int, other: int) -> None:
    first, second = placed.free[one], placed.free[other]
    order[first], order[second] = order[second], order[first]


@compiled
def _copy(source: Numbers, goal: Numbers) -> None:
    for at in range(len(source)):
        goal[at] = source[at]


@compiled
def _below(figures: Numbers, count: int) -> int:
    """A random number, by the constants of Numerical Recipes (Press et al. 1992, chapter 7)."""
    figures[SEED] = (figures[SEED] * 1664525 + 1013904223) % 2**32
    return int((figures[SEED] >> 8) % count)


@compiled
def lived(day: Day, order: Numbers) -> int:
    """What the day costs in this order. ``hungry`` and ``fed`` are how it stands without and with lunch:
    when one can go on, how late one was so far, and the seconds driven. Of two ways to have eaten the less
    late goes on, of those the earlier, though another might turn out better."""
    place, starts = len(day.service), day.rules[STARTS]
    fed = (starts, 0, 0) if is_fed_at_first(day) else (NEVER, 0, 0)
    hungry = (NEVER, 0, 0) if is_fed_at_first(day) else (starts, 0, 0)
    for at in range(len(order)):
        goal = order[at]
        if day.way[place, goal] >= FAR:
            return TOO_DEAR
        after = _less_late(
            _eaten_on_arrival(day, place, goal, hungry), _driven(day, place, goal, _eaten(day, hungry))
        )
        fed = _less_late(_driven(day, place, goal, fed), after)
        hungry = _driven(day, place, goal, hungry)
        place = goal
    if day.way[place, len(day.service) + 1] >= FAR:
        return TOO_DEAR
    ends = min(_home(day, place, fed, True), _home(day, place, _eaten(day, hungry), True))
    return int(min(ends, _home(day, place, hungry, False)))


@compiled
def _less_late(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    if other[0] == NEVER:
        return one
    if one[0] == NEVER or other[1] < one[1] or (other[1] == one[1] and other[0] < one[0]):
        return other
    return one


@compiled
def _driven(day: Day, origin: int, goal: int, so_far: tuple[int, int, int]) -> tuple[int, int, int]:
    leaves, late, driving = so_far
    if leaves == NEVER:
        return so_far
    driven = drive(day, origin, goal, leaves)
    return _served(day, goal, leaves + driven, late, driving + driven)


@compiled
def _eaten_on_arrival(day: Day, origin: int, goal: int, so_far: tuple[int, int, int]) -> tuple[int, int, int]:
    leaves, late, driving = so_far
    if leaves == NEVER:
        return so_far
    driven = drive(day, origin, goal, leaves)
    then, late, driving = _eaten(day, (leaves + driven, late, driving + driven))
    return _served(day, goal, then, late, driving)


@compiled
def _eaten(day: Day, so_far: tuple[int, int, int]) -> tuple[int, int, int]:
    """After lunch at once, or when its hour comes."""
    now, late, driving = so_far
    if now == NEVER:
        return so_far
    begins = max(now, day.rules[LUNCH_OPENS])
    late += max(0, begins - day.rules[LUNCH_CLOSES])
    return begins + day.rules[LUNCH_SECONDS], late, driving


@compiled
def _served(day: Day, goal: int, ready: int, late: int, driving: int) -> tuple[int, int, int]:
    begins = begins_at(day, goal, ready)
    if begins == NEVER:
        begins = ready
        if day.openings[goal] > 0:
            late += ready - day.windows[goal, day.openings[goal] - 1, 1]
    return begins + day.service[goal], late, driving


@compiled
def _home(day: Day, last: int, so_far: tuple[int, int, int], is_fed: bool) -> int:
    leaves, late, driving = so_far
    if leaves == NEVER:
        return TOO_DEAR
    driven = drive(day, last, len(day.service) + 1, leaves)
    home = leaves + driven
    if not is_fed:
        late += max(0, home - day.rules[LUNCH_CLOSES])
    overtime = max(0, home - day.rules[ENDS])
    counts = home - day.rules[STARTS] if day.rules[HOME_EARLY] else driving + driven
    return int(late * LATE + overtime * OVERTIME + min(counts, OVERTIME - 1))
