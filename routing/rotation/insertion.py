"""What one more visit would cost on every day, compiled: the cheapest place in every route.

Exact for windows, shifts and lunch, by the times kept for each gap. What passes a limit (overtime, load) is
priced, so that a search may try it on its way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.compiled import compiled
from routing.rotation.tables import (
    ARRIVE_FED,
    ARRIVE_UNFED,
    BALANCE_PRICE,
    BEFORE,
    BEHIND,
    CAPACITY,
    DRIVE,
    END,
    ENDS,
    IN_QUOTA,
    LATEST,
    LEAVE_FED,
    LEAVE_UNFED,
    LOAD,
    LOADED,
    LUNCH_CLOSES,
    LUNCH_SECONDS,
    NEVER,
    OVER_LOAD,
    OVER_TIME,
    OVERTIME_ENDS,
    REST,
    SERVICE,
    STARTS,
    STOPS,
    TOO_DEAR,
    VERSION,
    Memory,
    Numbers,
    Plan,
    Tables,
)
from routing.rotation.times import after_lunch, leaves, overtime_price, unevenness, work_of

PENALTY_UNIT = 256
"""Weights of what is beyond a limit are in this part of a second per second or unit of load."""

BY_LOAD, BY_TIME = 0, 1
"""Entries of the weights."""


@compiled
def penalty(plan: Plan, weights: Numbers, route: int) -> int:
    """What a route's excess costs the search."""
    over = (
        plan.figures[route, OVER_LOAD] * weights[BY_LOAD] + plan.figures[route, OVER_TIME] * weights[BY_TIME]
    )
    return over // PENALTY_UNIT


@compiled
def insertion(tables: Tables, plan: Plan, weights: Numbers, account: int, route: int) -> tuple[int, int]:
    """Least cost of one more visit in the route, and its position; TOO_DEAR where it does not fit."""
    rules, figures = tables.route[route], plan.figures[route]
    gaps, stops = plan.gaps[route], figures[STOPS]
    if tables.window_count[account, route] == 0 or stops + 1 >= plan.order.shape[1]:
        return TOO_DEAR, 0
    fixed = 0
    if rules[CAPACITY] > 0:
        over = max(0, figures[LOADED] + tables.account[account, LOAD] - rules[CAPACITY])
        fixed += (over - figures[OVER_LOAD]) * weights[BY_LOAD] // PENALTY_UNIT
    out, into = tables.out[account], tables.into[account]
    service, has_lunch = tables.account[account, SERVICE], rules[LUNCH_SECONDS] > 0
    is_single = tables.window_count[account, route] == 1
    opens, closes = tables.windows[account, route, 0, 0], tables.windows[account, route, 0, 1]
    overtime_now, work = overtime_price(tables, route, figures[END]), work_of(plan, route) + service
    is_balanced = tables.rules[BALANCE_PRICE] > 0
    uneven_now = unevenness(tables, route, work - service) if is_balanced and stops > 0 else 0
    # However the day is ordered, it lasts as long as its work: a longer detour ends too late wherever it is.
    best, bound, position = TOO_DEAR, rules[LATEST] - rules[STARTS] - work + 1, 0
    for k in range(stops + 1):
        way, back = into[gaps[k, BEFORE]], out[gaps[k, BEHIND]]
        detour = way + back - gaps[k, DRIVE]
        if detour >= bound:
            continue
        rest = gaps[k, REST]
        ready = gaps[k, LEAVE_FED] + way
        if is_single:
            fed = max(ready, opens) + service if ready <= closes else NEVER
        else:
            fed = leaves(tables, account, route, ready)
        ends_at = fed + back + rest if fed + back <= gaps[k, ARRIVE_FED] else NEVER
        if has_lunch:
            ready = gaps[k, LEAVE_UNFED] + way
            unfed = leaves(tables, account, route, ready)
            fed = min(fed, leaves(tables, account, route, after_lunch(tables, route, ready)))
            fed = min(fed, after_lunch(tables, route, unfed))
            if fed + back <= gaps[k, ARRIVE_FED]:
                ends_at = fed + back + rest
            if unfed + back <= gaps[k, ARRIVE_UNFED]:
                # Whoever is home before lunch must begin needs none on the way.
                later = unfed + back + rest
                later += rules[LUNCH_SECONDS] if later > rules[LUNCH_CLOSES] else 0
                ends_at = min(ends_at, later)
        if ends_at >= NEVER:
            continue
        uneven = unevenness(tables, route, work + detour) - uneven_now if is_balanced else 0
        if ends_at > rules[ENDS]:
            end = max(figures[END], ends_at)
            late = max(0, end - rules[OVERTIME_ENDS]) - figures[OVER_TIME]
            detour += late * weights[BY_TIME] // PENALTY_UNIT
            detour += overtime_price(tables, route, end) - overtime_now
        detour += uneven
        if detour < best:
            best, bound, position = detour, min(bound, detour), k
    if best >= TOO_DEAR:
        return TOO_DEAR, 0
    return best + fixed, position


@compiled
def quota_is_full(tables: Tables, plan: Plan, account: int, slot: int) -> bool:
    """Whether the account counts against a quota of which nothing is left on the slot."""
    quota = tables.quota_of[slot]
    if quota < 0 or tables.account[account, IN_QUOTA] == 0:
        return False
    return plan.counted[quota] >= tables.quota_most[quota]


@compiled
def insertions(
    tables: Tables,
    plan: Plan,
    memory: Memory,
    weights: Numbers,
    costs: Numbers,
    at_route: Numbers,
    at_position: Numbers,
    is_touched: npt.NDArray[np.int8],
    account: int,
    dear: int,
) -> None:
    """Fills in, by slot, the least cost of a visit with the price of the date, the route and the position:
    TOO_DEAR where none fits or none may fall, 0 where one stands. A route that was dearer than ``dear`` when
    last looked at is passed over, unless it is touched."""
    first_route, figures, known = tables.first_route, plan.figures, memory.known[account]
    for slot in range(len(costs)):
        costs[slot] = TOO_DEAR
        if tables.pinned[account, slot] >= 0:
            costs[slot], at_route[slot] = 0, tables.pinned[account, slot]
            continue
        if tables.may[account, slot] == 0 or quota_is_full(tables, plan, account, slot):
            continue
        for route in range(first_route[slot], first_route[slot + 1]):
            if known[route, 0] != figures[route, VERSION]:
                if known[route, 1] > dear and is_touched[route] == 0:
                    continue
                known[route, 1], known[route, 2] = insertion(tables, plan, weights, account, route)
                known[route, 0] = figures[route, VERSION]
            cost = known[route, 1]
            if cost < TOO_DEAR:
                cost += tables.date_price[account, route]
                if cost < costs[slot]:
                    costs[slot], at_route[slot], at_position[slot] = cost, route, known[route, 2]


@compiled
def insertion_on(
    tables: Tables, plan: Plan, memory: Memory, weights: Numbers, account: int, slot: int
) -> tuple[int, int, int]:
    """Least cost of a visit on one slot, its route and position."""
    known = memory.known[account]
    best, best_route, best_position = TOO_DEAR, 0, 0
    if quota_is_full(tables, plan, account, slot):
        return best, best_route, best_position
    for route in range(tables.first_route[slot], tables.first_route[slot + 1]):
        if known[route, 0] != plan.figures[route, VERSION]:
            known[route, 1], known[route, 2] = insertion(tables, plan, weights, account, route)
            known[route, 0] = plan.figures[route, VERSION]
        if known[route, 1] < TOO_DEAR and known[route, 1] + tables.date_price[account, route] < best:
            best, best_route = known[route, 1] + tables.date_price[account, route], route
            best_position = known[route, 2]
    return best, best_route, best_position
