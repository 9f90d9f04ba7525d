"""Which days an account is visited on, compiled: the cheapest set of them, by a dynamic programme.

Input is what a visit would cost on each slot; the result minimises the sum of those plus the price of the
dates. A visit that can still move keeps the earliest gap to its neighbours; visits that stand already are
part of every choice, whatever the gaps between them.
"""

from __future__ import annotations

from routing.compiled import compiled
from routing.rotation.tables import (
    BASE_PRICE,
    BROKEN_FROM,
    BROKEN_PRICE,
    CHOICES,
    FIXED,
    KIND,
    NEVER_PRICE,
    SHORTEST_GAP,
    SINGLE,
    TOO_DEAR,
    Numbers,
    Plan,
    Tables,
)

SCRATCH_ROWS = 4


@compiled
def choose(tables: Tables, account: int, costs: Numbers, chosen: Numbers, scratch: Numbers) -> int:
    """Fills ``chosen`` with slots, in order, and returns how many. ``costs`` by slot, TOO_DEAR where a visit
    does not fit, 0 where one stands; ``scratch`` has SCRATCH_ROWS rows of as many slots."""
    kind = tables.account[account, KIND]
    if kind == SINGLE:
        return _one(tables, account, costs, chosen)
    if kind == FIXED:
        return _fixed(tables, account, costs, chosen)
    if kind == CHOICES:
        return _one_choice(tables, account, costs, chosen)
    return _rolling(tables, account, costs, chosen, scratch)


@compiled
def _one(tables: Tables, account: int, costs: Numbers, chosen: Numbers) -> int:
    best, found = tables.account[account, NEVER_PRICE], 0
    for slot in range(len(costs)):
        if costs[slot] < TOO_DEAR:
            cost = costs[slot] + tables.first[account, slot]
            if cost < best:
                best, found, chosen[0] = cost, 1, slot
    return found


@compiled
def _fixed(tables: Tables, account: int, costs: Numbers, chosen: Numbers) -> int:
    found = 0
    for slot in range(len(costs)):
        if tables.pinned[account, slot] >= 0 or costs[slot] < 0:
            chosen[found] = slot
            found += 1
    return found


@compiled
def _one_choice(tables: Tables, account: int, costs: Numbers, chosen: Numbers) -> int:
    best, which = tables.account[account, NEVER_PRICE], -1
    for choice in range(tables.choices_of[account], tables.choices_of[account + 1]):
        cost = 0
        for k in range(tables.choice_first[choice], tables.choice_first[choice + 1]):
            cost += costs[tables.choice_slots[k]]
            if cost >= best:
                break
        if cost < best:
            best, which = cost, choice
    if which < 0:
        return 0
    first = tables.choice_first[which]
    count = tables.choice_first[which + 1] - first
    for k in range(count):
        chosen[k] = tables.choice_slots[first + k]
    return count


@compiled
def _rolling(tables: Tables, account: int, costs: Numbers, chosen: Numbers, scratch: Numbers) -> int:
    total, came_from, least_before, possible = scratch[0], scratch[1], scratch[2], scratch[3]
    broken_from, broken_price = tables.account[account, BROKEN_FROM], tables.account[account, BROKEN_PRICE]
    day, pinned, gap_row = tables.day, tables.pinned[account], tables.gap_row[account]
    slots, standing = len(costs), -1
    # No gap is shorter than the least of the account's seasons, but between visits that stand both.
    shortest, found, near = tables.account[account, SHORTEST_GAP], 0, 0
    for j in range(slots):
        total[j] = TOO_DEAR
        if costs[j] >= TOO_DEAR:
            continue
        while near < found and day[j] - day[possible[near]] >= shortest:
            near += 1
        best, before = tables.first[account, j] if standing < 0 else TOO_DEAR, -1
        for k in range((found if pinned[j] >= 0 else near) - 1, -1, -1):
            i = possible[k]
            if i < standing:
                break
            gap = day[j] - day[i]
            # From here back every gap is a broken promise, dearer the longer: none can be better.
            if gap > broken_from and least_before[k] + broken_price > best:
                break
            row = gap_row[i]
            if gap < tables.gap_least[row] and not (pinned[i] >= 0 and pinned[j] >= 0):
                continue
            cost = total[i] + tables.gap_price[row, gap]
            # Of equal costs the earlier visit wins: a promise is rather broken later.
            if cost <= best and cost < TOO_DEAR:
                best, before = cost, i
        if best + costs[j] < TOO_DEAR:
            total[j], came_from[j], possible[found] = best + costs[j], before, j
            least_before[found] = total[j] if found == 0 else min(total[j], least_before[found - 1])
            found += 1
        if pinned[j] >= 0:
            standing = j
    best = tables.account[account, NEVER_PRICE] if standing < 0 else 4 * TOO_DEAR
    end = -1
    for j in range(max(0, standing), slots):
        if total[j] < TOO_DEAR and total[j] + tables.last[account, j] < best:
            best, end = total[j] + tables.last[account, j], j
    found, at = 0, end
    while at >= 0:
        found += 1
        at = came_from[at]
    at = end
    for k in range(found - 1, -1, -1):
        chosen[k] = at
        at = came_from[at]
    return found


@compiled
def dates_price(tables: Tables, plan: Plan, account: int) -> int:
    """What an account's dates cost: deviation, broken promises, and prices of single dates."""
    kind, base = tables.account[account, KIND], tables.account[account, BASE_PRICE]
    count, visits = plan.visited[account], plan.visits[account]
    if count == 0:
        return base + tables.account[account, NEVER_PRICE]
    total = base
    for k in range(count):
        total += tables.date_price[account, visits[k]]
    if kind in (FIXED, CHOICES):
        return total
    slot = tables.slot_of[visits[0]]
    total += tables.first[account, slot]
    for k in range(1, count):
        before, slot = slot, tables.slot_of[visits[k]]
        total += tables.gap_price[tables.gap_row[account, before], tables.day[slot] - tables.day[before]]
    return total + tables.last[account, slot]
