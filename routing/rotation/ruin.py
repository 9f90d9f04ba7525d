"""What a trial takes out, compiled: strings of neighbouring stops out of several days.

After Christiaens and Vanden Berghe, "Slack Induction by String Removals" (Transportation Science, 2020). For
a whole ruin every visit of an account touched goes, for a partial one only the visits in the strings.
"""

from __future__ import annotations

import numpy as np

from routing.compiled import compiled
from routing.rotation.tables import (
    IN_QUOTA,
    STOPS,
    Plan,
    Tables,
)
from routing.rotation.trial import WHOLE, Desk, Reals, draw, free, retime_touched, take_out, touch

(
    FREED,
    LONGEST_STRING,
    WHOLE_SHARE,
    BLINK_SHARE,
    NOISY_SHARE,
    START_HEAT,
    END_HEAT,
    AREA_SHARE,
    FOCUS_SHARE,
    OWED_SHARE,
    SWAP_SHARE,
    DEAREST_MOVE,
) = range(12)
"""Entries of the knobs: stops freed by a ruin on average, longest string of neighbours on a route, share of
ruins that free whole accounts, share of days overlooked, of trials that see costs through noise, the
temperatures in seconds, share of whole ruins that take a neighbourhood, share of ruins that begin at an
account whose dates had to change, share of whole ruins that make room for a promise that is broken, share of
trials in which two days change places, and how much dearer, in seconds, the dates of an account may get by
that."""

UNSERVED_SHARE = 0.3

MOST_RIVALS = 4

AREA_DENSITY = 0.7

MOST_DAYS_CLEARED = 3


def knobs_of(mean_drive: float, is_warm: bool, is_mending: bool, follow_share: float) -> Reals:
    """``mean_drive``: seconds to an account, on average. A warm search keeps most of a plan, so it is cooler,
    and nearly cold where nothing had to change: then only moves that are sure to pay are wanted.
    ``follow_share``: how many accounts can follow when days change places."""
    start = (1.0 if is_mending else 0.2) if is_warm else 3.0
    end = 0.02 if is_warm else 0.03
    swaps = 0.0 if is_warm else 0.08 * follow_share
    heats = (start * mean_drive, end * mean_drive)
    return np.array([8.0, 20.0, 0.95, 0.03, 0.01, *heats, 0.4, 0.75, 0.3, swaps, 0.25 * mean_drive])


@compiled
def ruin(tables: Tables, plan: Plan, desk: Desk, knobs: Reals, whole: bool) -> int:
    """Frees accounts or single visits; returns how many. They stand on the desk as pairs."""
    if whole and desk.owed[0] > 0 and draw(desk) < knobs[OWED_SHARE]:
        return _make_room(tables, plan, desk, knobs)
    seed = seed_of(tables, desk, knobs)
    found = _unserved(tables, plan, desk, knobs) if whole else 0
    if whole and len(tables.quota_accounts) > 0:
        found = _rivals(tables, desk, found)
    string = min(knobs[LONGEST_STRING], _mean_stops(plan))
    strings = int(draw(desk) * (4.0 * knobs[FREED] / (1.0 + string) - 1.0) + 1.0)
    only_slot = -1
    if not whole:
        if plan.visited[seed] == 0:
            return 0
        if len(tables.route) > len(tables.day):
            only_slot = tables.slot_of[plan.visits[seed, int(draw(desk) * plan.visited[seed])]]
    if whole and plan.visited[seed] == 0 and desk.is_freed[seed] == 0:
        found = free_one(desk, found, seed, WHOLE)
    if whole and draw(desk) < knobs[AREA_SHARE]:
        return _area(tables, plan, desk, knobs, seed, found)
    done = 0
    for k in range(tables.neighbours.shape[1]):
        near = tables.neighbours[seed, k]
        if done >= strings:
            break
        if plan.visited[near] == 0 or (whole and desk.is_freed[near] == 1):
            continue
        route = _some_route(tables, plan, desk, near, only_slot)
        if route < 0 or desk.is_touched[route] == 1:
            continue
        found = _string(tables, plan, desk, near, route, string, found, whole)
        touch(desk, route)
        done += 1
    for k in range(found):
        account = desk.freed[k]
        if whole:
            free(tables, plan, desk, account)
        else:
            route = route_on(tables, plan, account, desk.freed_slot[k])
            take_out(tables, plan, account, route)
            touch(desk, route)
    retime_touched(tables, plan, desk)
    return found


@compiled
def seed_of(tables: Tables, desk: Desk, knobs: Reals) -> int:
    if desk.focus[0] > 0 and draw(desk) < knobs[FOCUS_SHARE]:
        return desk.focus[1 + int(draw(desk) * desk.focus[0])]
    return tables.movable[int(draw(desk) * len(tables.movable))]


@compiled
def _area(tables: Tables, plan: Plan, desk: Desk, knobs: Reals, seed: int, found: int) -> int:
    """Free accounts of one neighbourhood, some of the nearest passed over."""
    wanted = 1 + int(draw(desk) * 2.0 * knobs[FREED])
    for k in range(tables.neighbours.shape[1]):
        near = tables.neighbours[seed, k]
        if found >= wanted:
            break
        if desk.is_freed[near] == 0 and (k == 0 or draw(desk) < AREA_DENSITY):
            found = free_one(desk, found, near, WHOLE)
    for k in range(found):
        free(tables, plan, desk, desk.freed[k])
    retime_touched(tables, plan, desk)
    return found


@compiled
def _make_room(tables: Tables, plan: Plan, desk: Desk, knobs: Reals) -> int:
    """Free an account with a broken promise, and on days it was promised strings about the nearest stops."""
    which = 1 + 3 * int(draw(desk) * desk.owed[0])
    account, first, last = desk.owed[which], desk.owed[which + 1], desk.owed[which + 2]
    found = free_one(desk, 0, account, WHOLE)
    string = min(knobs[LONGEST_STRING], _mean_stops(plan))
    for _ in range(1 + int(draw(desk) * MOST_DAYS_CLEARED)):
        slot = first + int(draw(desk) * (last - first + 1))
        routes = tables.first_route[slot + 1] - tables.first_route[slot]
        route = tables.first_route[slot] + int(draw(desk) * routes)
        if tables.may[account, slot] == 1 and desk.is_touched[route] == 0:
            near = _nearest(tables, plan, account, route)
            if near >= 0:
                found = _string(tables, plan, desk, near, route, string, found, True)
                touch(desk, route)
    for k in range(found):
        free(tables, plan, desk, desk.freed[k])
    retime_touched(tables, plan, desk)
    return found


@compiled
def _nearest(tables: Tables, plan: Plan, account: int, route: int) -> int:
    """Which stop of a route lies nearest to the account; -1 where it has none."""
    best, least = -1, 0
    for k in range(plan.figures[route, STOPS]):
        stop = plan.order[route, k]
        way = tables.out[account, stop] + tables.into[account, stop]
        if best < 0 or way < least:
            best, least = stop, way
    return best


@compiled
def free_one(desk: Desk, found: int, account: int, slot: int) -> int:
    desk.freed[found], desk.freed_slot[found] = account, slot
    desk.is_freed[account] = 1
    return found + 1


@compiled
def _unserved(tables: Tables, plan: Plan, desk: Desk, knobs: Reals) -> int:
    """Accounts without a visit get a chance with every whole ruin; of those in a quota most have none."""
    found = 0
    for account in tables.movable:
        if plan.visited[account] > 0 or tables.account[account, IN_QUOTA] == 1:
            continue
        if found < knobs[FREED] and draw(desk) < UNSERVED_SHARE:
            found = free_one(desk, found, account, WHOLE)
    return found


@compiled
def _rivals(tables: Tables, desk: Desk, found: int) -> int:
    """Free some that count against quotas, wherever they lie: one can only come where another goes."""
    for _ in range(int(draw(desk) * (MOST_RIVALS + 1))):
        account = tables.quota_accounts[int(draw(desk) * len(tables.quota_accounts))]
        if desk.is_freed[account] == 0 and found < len(desk.freed):
            found = free_one(desk, found, account, WHOLE)
    return found


@compiled
def _mean_stops(plan: Plan) -> float:
    stops, driven = 0, 0
    for route in range(len(plan.figures)):
        if plan.figures[route, STOPS] > 0:
            stops += plan.figures[route, STOPS]
            driven += 1
    return stops / max(1, driven)


@compiled
def _some_route(tables: Tables, plan: Plan, desk: Desk, account: int, only_slot: int) -> int:
    """A route of the account, on ``only_slot`` if that is one; -1 where it has none."""
    if only_slot >= 0:
        return route_on(tables, plan, account, only_slot)
    return plan.visits[account, int(draw(desk) * plan.visited[account])]


@compiled
def route_on(tables: Tables, plan: Plan, account: int, slot: int) -> int:
    """The route of the account's visit on a slot; -1 for none."""
    for k in range(plan.visited[account]):
        if tables.slot_of[plan.visits[account, k]] == slot:
            return plan.visits[account, k]
    return -1


@compiled
def _string(
    tables: Tables, plan: Plan, desk: Desk, near: int, route: int, longest: float, found: int, whole: bool
) -> int:
    """Free a string of the route's stops that holds ``near``."""
    order, stops, at = plan.order[route], plan.figures[route, STOPS], 0
    while at < stops and order[at] != near:
        at += 1
    if at == stops:
        return found
    length = int(draw(desk) * min(float(stops), longest) + 1.0)
    length = min(length, stops)
    low, high = max(0, at - length + 1), min(at, stops - length)
    first = low + int(draw(desk) * (high - low + 1))
    slot = tables.slot_of[route]
    for k in range(first, first + length):
        account = order[k]
        if tables.pinned[account, slot] >= 0:
            continue
        if whole and desk.is_freed[account] == 1:
            continue
        if found >= len(desk.freed):
            break
        found = free_one(desk, found, account, WHOLE if whole else slot)
    return found
