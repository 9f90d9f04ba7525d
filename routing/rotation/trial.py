"""What a trial of the search is made of, compiled: taking accounts out of their days and placing them again.

Everything drawn comes from one seeded generator, so that seed and iterations name the result.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.compiled import compiled
from routing.rotation.day_choice import SCRATCH_ROWS, choose, dates_price
from routing.rotation.insertion import insertions
from routing.rotation.tables import (
    BASE_PRICE,
    BEFORE,
    BEHIND,
    BROKEN_PRICE,
    CLOSES,
    DRIVE,
    END,
    IN_QUOTA,
    LASTS,
    LATEST,
    OPENS,
    STOPS,
    TOO_DEAR,
    WINDOWS,
    Memory,
    Numbers,
    Plan,
    SmallNumbers,
    Tables,
)
from routing.rotation.times import retime, set_gap

Reals = npt.NDArray[np.float64]


NOTHING = -1
"""A trial that found nothing to change."""

WHOLE, MOVED = -1, -2
"""In place of the slot of a freed visit: all of the account's visits are freed, or they have their new dates
already."""

LOOK_SHARE = 0.1
"""How often an account is placed with a look at every day. Else a day that was dear for it when last looked
at is passed over unless the trial changed it: routes change slowly, and hardly any such day is chosen."""

DEAR_TIMES = 2.5
"""Dear is a day that costs so many times as much as the dearest of those last chosen."""

LOYALTY = 10**7
"""What a published day is worth to a plan that begins as the published one: more than any detour."""


class Desk(NamedTuple):
    """Where a trial is worked out. Freed are pairs of account and slot, or WHOLE or MOVED; ``focus``
    counts and lists accounts that most ruins begin at, ``owed`` promises that are broken: account, first and
    last slot. ``random`` is the state of what is drawn."""

    freed: Numbers
    freed_slot: Numbers
    is_freed: npt.NDArray[np.int8]
    touched: Numbers
    is_touched: npt.NDArray[np.int8]
    sort_keys: Reals
    costs: Numbers
    at_route: Numbers
    at_position: Numbers
    chosen: Numbers
    scratch: Numbers
    random: Numbers
    focus: Numbers
    owed: Numbers


def desk_of(tables: Tables, seed: int) -> Desk:
    accounts, slots = tables.may.shape
    routes = len(tables.route)
    pairs = accounts + 1
    return Desk(
        freed=np.zeros(pairs, np.int64),
        freed_slot=np.zeros(pairs, np.int64),
        is_freed=np.zeros(accounts, np.int8),
        touched=np.zeros(routes + 1, np.int64),
        is_touched=np.zeros(routes, np.int8),
        sort_keys=np.zeros(pairs, np.float64),
        costs=np.zeros(slots, np.int64),
        at_route=np.zeros(slots, np.int64),
        at_position=np.zeros(slots, np.int64),
        chosen=np.zeros(slots, np.int64),
        scratch=np.zeros((SCRATCH_ROWS, slots), np.int64),
        random=np.array([(seed * 2654435761 + 88172645) % 0xFFFFFFFF + 1], np.int64),
        focus=np.zeros(accounts + 1, np.int64),
        owed=np.zeros(3 * accounts + 1, np.int64),
    )


@compiled
def draw(desk: Desk) -> float:
    """The next number from 0 to below 1 (xorshift, Marsaglia 2003: 13, 17, 5)."""
    x = desk.random[0]
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    desk.random[0] = x
    return (x & 0xFFFFFFFF) / 4294967296.0


@compiled
def place(
    tables: Tables,
    plan: Plan,
    memory: Memory,
    weights: Numbers,
    desk: Desk,
    account: int,
    blink: float,
    noisy: bool,
    loyal: bool,
    everywhere: bool,
) -> None:
    """Give an account that has no visits but standing ones its best set of days.

    ``blink``: the chance that a day is overlooked; ``noisy``: costs are seen through noise; ``loyal``: on its
    published days wherever the rules allow; ``everywhere``: with a look at dear days too.
    """
    dear = TOO_DEAR if everywhere else memory.dear[account]
    while True:
        insertions(
            tables,
            plan,
            memory,
            weights,
            desk.costs,
            desk.at_route,
            desk.at_position,
            desk.is_touched,
            account,
            dear,
        )
        _see(tables, desk, account, blink, noisy, loyal)
        found = _note_dates(tables, plan, desk, account)
        if dear == TOO_DEAR or not _misses(tables, plan, account):
            break
        dear = TOO_DEAR
    most = 0
    for k in range(found):
        most = max(most, desk.costs[desk.chosen[k]])
    memory.dear[account] = int(DEAR_TIMES * most) if found > 0 else TOO_DEAR
    for k in range(found):
        slot = desk.chosen[k]
        if tables.pinned[account, slot] < 0:
            insert(tables, plan, account, desk.at_route[slot], desk.at_position[slot])
            touch(desk, desk.at_route[slot])


@compiled
def _misses(tables: Tables, plan: Plan, account: int) -> bool:
    """Whether no date was found, or one that breaks a promise."""
    broken = tables.account[account, BROKEN_PRICE]
    price = plan.price[account] - tables.account[account, BASE_PRICE]
    return plan.visited[account] == 0 or (broken > 0 and price >= broken)


@compiled
def _see(tables: Tables, desk: Desk, account: int, blink: float, noisy: bool, loyal: bool) -> None:
    """Change what the days cost to what this trial takes them for."""
    costs, slots = desk.costs, len(desk.costs)
    if blink > 0.0:
        overlooked = int(draw(desk) / blink)
        if overlooked < slots and tables.pinned[account, overlooked] < 0:
            costs[overlooked] = TOO_DEAR
    if loyal:
        for slot in range(slots):
            if costs[slot] < TOO_DEAR and tables.published[account, slot] == 1:
                costs[slot] -= LOYALTY
    if noisy:
        for slot in range(slots):
            if costs[slot] < TOO_DEAR and tables.pinned[account, slot] < 0:
                costs[slot] = int(costs[slot] * 2.0 * draw(desk))


@compiled
def _note_dates(tables: Tables, plan: Plan, desk: Desk, account: int) -> int:
    """Note the best set of days; returns how many. The caller drives there."""
    found = choose(tables, account, desk.costs, desk.chosen, desk.scratch)
    for k in range(found):
        plan.visits[account, k] = desk.at_route[desk.chosen[k]]
    plan.visited[account] = found
    plan.price[account] = dates_price(tables, plan, account)
    return found


@compiled
def insert(tables: Tables, plan: Plan, account: int, route: int, position: int) -> None:
    """Only at a position ``insertion`` named."""
    order, gaps, stops = plan.order[route], plan.gaps[route], plan.figures[route, STOPS]
    before, behind = gaps[position, BEFORE], gaps[position, BEHIND]
    for k in range(stops, position, -1):
        order[k] = order[k - 1]
    for k in range(stops, position - 1, -1):
        _move_gap(gaps, k, k + 1)
    order[position] = account
    plan.figures[route, STOPS] = stops + 1
    count(tables, plan, account, route, 1)
    set_gap(tables, plan, route, position, before, account, False)
    gaps[position + 1, BEFORE], gaps[position + 1, DRIVE] = account, tables.out[account, behind]
    retime(tables, plan, route)


@compiled
def take_out(tables: Tables, plan: Plan, account: int, route: int) -> None:
    """The caller retimes the route."""
    order, gaps, stops = plan.order[route], plan.gaps[route], plan.figures[route, STOPS]
    at = 0
    while order[at] != account:
        at += 1
    before = gaps[at, BEFORE]
    for k in range(at, stops - 1):
        order[k] = order[k + 1]
    for k in range(at, stops):
        _move_gap(gaps, k + 1, k)
    gaps[at, BEFORE], gaps[at, DRIVE] = before, tables.out[before, gaps[at, BEHIND]]
    plan.figures[route, STOPS] = stops - 1
    count(tables, plan, account, route, -1)


@compiled
def count(tables: Tables, plan: Plan, account: int, route: int, by: int) -> None:
    """Note a visit more or less against the quota of its day."""
    quota = tables.quota_of[tables.slot_of[route]]
    if quota >= 0:
        plan.counted[quota] += by * tables.account[account, IN_QUOTA]


@compiled
def _move_gap(gaps: SmallNumbers, source: int, target: int) -> None:
    """What a gap is made of, not its times."""
    for column in (BEFORE, BEHIND, DRIVE, LASTS, OPENS, CLOSES, WINDOWS):
        gaps[target, column] = gaps[source, column]


@compiled
def free(tables: Tables, plan: Plan, desk: Desk, account: int) -> None:
    """Take an account out of every day but those on which a visit stands; the caller retimes the routes."""
    kept = 0
    for k in range(plan.visited[account]):
        route = plan.visits[account, k]
        if tables.pinned[account, tables.slot_of[route]] >= 0:
            plan.visits[account, kept] = route
            kept += 1
        else:
            take_out(tables, plan, account, route)
            touch(desk, route)
    plan.visited[account] = kept


@compiled
def retime_touched(tables: Tables, plan: Plan, desk: Desk) -> None:
    for k in range(1, desk.touched[0] + 1):
        retime(tables, plan, desk.touched[k])


@compiled
def construct(
    tables: Tables,
    plan: Plan,
    memory: Memory,
    weights: Numbers,
    desk: Desk,
    accounts: Numbers,
    passes: int,
    loyal: bool,
) -> None:
    """Place accounts in this order; then take each out and place it again, now that the others stand."""
    for _ in range(passes):
        for account in accounts:
            free(tables, plan, desk, account)
            retime_touched(tables, plan, desk)
            place(tables, plan, memory, weights, desk, account, 0.0, False, loyal, True)
            forget_touched(desk)


@compiled
def touch(desk: Desk, route: int) -> None:
    if desk.is_touched[route] == 0:
        desk.is_touched[route] = 1
        desk.touched[0] += 1
        desk.touched[desk.touched[0]] = route


@compiled
def forget_touched(desk: Desk) -> None:
    for k in range(1, desk.touched[0] + 1):
        desk.is_touched[desk.touched[k]] = 0
    desk.touched[0] = 0


@compiled
def is_in_time(tables: Tables, plan: Plan, desk: Desk) -> bool:
    """Whether every route that was touched ends while its shift lasts."""
    for k in range(1, desk.touched[0] + 1):
        route = desk.touched[k]
        if plan.figures[route, END] > tables.route[route, LATEST]:
            return False
    return True
