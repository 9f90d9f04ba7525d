"""Trials in which two days change places, compiled.

Placed one at a time, accounts seldom get a whole day to another date: the first of them would drive there
alone. Days that change places are driven as before, only the dates differ. Accounts whose own rules forbid
the other date are freed, to be placed anew.
"""

from __future__ import annotations

import numpy as np

from routing.compiled import compiled
from routing.rotation.day_choice import dates_price
from routing.rotation.ruin import DEAREST_MOVE, free_one, route_on, seed_of
from routing.rotation.tables import (
    BEGINS_AT,
    ENDS_AT,
    IN_QUOTA,
    KIND,
    ROLLING,
    SINGLE,
    STOPS,
    Plan,
    Tables,
)
from routing.rotation.times import refresh
from routing.rotation.trial import MOVED, NOTHING, WHOLE, Desk, Reals, draw, free, retime_touched, touch

FARTHEST = 10
"""Working days between two that change places, at most; near ones are drawn more often."""


def follow_share(tables: Tables) -> float:
    """The share of accounts that can follow when days change places: those of a fixed cycle seldom can, and
    where there is one day nobody can."""
    if len(tables.day) < 2:
        return 0.0
    kinds = tables.account[tables.movable, KIND]
    return float(np.isin(kinds, (ROLLING, SINGLE)).mean())


@compiled
def swap_days(tables: Tables, plan: Plan, desk: Desk, knobs: Reals) -> int:
    """Gives two routes each other's stops; returns how many accounts were moved or freed, NOTHING where none
    could be. The routes may end too late then: ``is_in_time`` says so."""
    seed = seed_of(tables, desk, knobs)
    if plan.visited[seed] == 0:
        return NOTHING
    one = plan.visits[seed, int(draw(desk) * plan.visited[seed])]
    other = _another(tables, desk, one)
    if other < 0 or _stands(tables, plan, one) or _stands(tables, plan, other):
        return NOTHING
    for end in (BEGINS_AT, ENDS_AT):
        if plan.figures[one, end] != plan.figures[other, end]:
            return NOTHING
    found = _redate(tables, plan, desk, one, other, 0, knobs[DEAREST_MOVE])
    found = _redate(tables, plan, desk, other, one, found, knobs[DEAREST_MOVE])
    for k in range(found):
        if desk.freed_slot[k] != MOVED:
            free(tables, plan, desk, desk.freed[k])
    retime_touched(tables, plan, desk)
    _exchange(plan, one, other)
    refresh(tables, plan, one)
    refresh(tables, plan, other)
    touch(desk, one)
    touch(desk, other)
    return found


@compiled
def _another(tables: Tables, desk: Desk, route: int) -> int:
    """A route of a day not far off; -1 where there is none."""
    far = draw(desk)
    away = 1 + int(far * far * FARTHEST)
    slot = tables.slot_of[route] + (away if draw(desk) < 0.5 else -away)
    if not 0 <= slot < len(tables.day):
        return -1
    routes = tables.first_route[slot + 1] - tables.first_route[slot]
    return tables.first_route[slot] + int(draw(desk) * routes)


@compiled
def _stands(tables: Tables, plan: Plan, route: int) -> bool:
    """Whether a visit stands there that cannot move."""
    slot, stands = tables.slot_of[route], False
    for k in range(plan.figures[route, STOPS]):
        stands = stands or tables.pinned[plan.order[route, k], slot] >= 0
    return stands


@compiled
def _redate(
    tables: Tables, plan: Plan, desk: Desk, source: int, target: int, found: int, dearest: float
) -> int:
    """Lets the stops of a route have the date of the other one, or chooses them to be freed."""
    for k in range(plan.figures[source, STOPS]):
        account = plan.order[source, k]
        there = route_on(tables, plan, account, tables.slot_of[target])
        if there == target:
            continue
        before = plan.price[account]
        follows = there < 0 and _may_follow(tables, account, target)
        follows = follows and _move_date(tables, plan, desk, account, source, target)
        if follows:
            price = dates_price(tables, plan, account)
            if price - before > dearest:
                _move_date(tables, plan, desk, account, target, source)
                follows = False
            else:
                plan.price[account] = price
        found = free_one(desk, found, account, MOVED if follows else WHOLE)
    return found


@compiled
def _may_follow(tables: Tables, account: int, route: int) -> bool:
    kind = tables.account[account, KIND]
    if (kind != ROLLING and kind != SINGLE) or tables.account[account, IN_QUOTA] != 0:
        return False
    return tables.may[account, tables.slot_of[route]] == 1 and tables.window_count[account, route] > 0


@compiled
def _move_date(tables: Tables, plan: Plan, desk: Desk, account: int, source: int, target: int) -> bool:
    """Visit the account on another route instead, unless two visits would come too near to each other."""
    dates, count = desk.chosen, plan.visited[account]
    at, slot = 0, tables.slot_of[target]
    for k in range(count):
        dates[k] = plan.visits[account, k]
        if dates[k] == source:
            at = k
    while at + 1 < count and tables.slot_of[dates[at + 1]] < slot:
        dates[at] = dates[at + 1]
        at += 1
    while at > 0 and tables.slot_of[dates[at - 1]] > slot:
        dates[at] = dates[at - 1]
        at -= 1
    dates[at] = target
    for k in range(1, count):
        before, behind = tables.slot_of[dates[k - 1]], tables.slot_of[dates[k]]
        if tables.day[behind] - tables.day[before] < tables.gap_least[tables.gap_row[account, before]]:
            return False
    for k in range(count):
        plan.visits[account, k] = dates[k]
    return True


@compiled
def _exchange(plan: Plan, one: int, other: int) -> None:
    for k in range(max(plan.figures[one, STOPS], plan.figures[other, STOPS])):
        plan.order[one, k], plan.order[other, k] = plan.order[other, k], plan.order[one, k]
    stops = plan.figures[one, STOPS]
    plan.figures[one, STOPS] = plan.figures[other, STOPS]
    plan.figures[other, STOPS] = stops
