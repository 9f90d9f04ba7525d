"""Ruin and recreate, compiled: free a few accounts, give each its best set of days again, keep what pays.

A worse plan is kept with a chance that shrinks as the search goes on (simulated annealing). What passes a
limit (overtime, load) is priced on the way, dearer when it happens often; only plans within all limits count
as the best.
"""

from __future__ import annotations

import math

from routing.compiled import compiled
from routing.rotation.day_choice import dates_price
from routing.rotation.day_swaps import swap_days
from routing.rotation.insertion import insertion_on, penalty
from routing.rotation.nights import NIGHT_SHARE, change_night
from routing.rotation.ruin import (
    BLINK_SHARE,
    END_HEAT,
    NOISY_SHARE,
    START_HEAT,
    SWAP_SHARE,
    WHOLE_SHARE,
    ruin,
)
from routing.rotation.tables import (
    BEGINS_AT,
    COST,
    ENDS_AT,
    OVER_LOAD,
    OVER_TIME,
    STOPS,
    TOO_DEAR,
    VERSION,
    Memory,
    Numbers,
    Plan,
    SmallNumbers,
    Tables,
)
from routing.rotation.trial import (
    LOOK_SHARE,
    MOVED,
    NOTHING,
    WHOLE,
    Desk,
    Reals,
    draw,
    forget_touched,
    insert,
    is_in_time,
    place,
    touch,
)

KEPT_COST, KEPT_PENALTY, BEST_COST, TRIED, WITHIN = range(5)
"""Entries of the tally. WITHIN counts the tried plans that passed no limit."""

OF_VISITS, OF_A_NIGHT, OF_TWO_DAYS = range(3)
"""What a trial changes."""

ADAPT_EVERY = 200
"""Trials between two looks at how many of them pass a limit."""


@compiled
def anneal(
    tables: Tables,
    work: Plan,
    kept: Plan,
    best_order: SmallNumbers,
    best_ends: Numbers,
    memory: Memory,
    weights: Numbers,
    desk: Desk,
    knobs: Reals,
    tally: Numbers,
    share: float,
    step: float,
    trials: int,
) -> None:
    """``trials`` trials from ``share`` (0 to 1) of the search on. ``work`` and ``kept`` are equal before and
    after; the best plan's orders are kept apart."""
    for trial in range(trials):
        heat = knobs[START_HEAT] * math.pow(knobs[END_HEAT] / knobs[START_HEAT], share + trial * step)
        kind = _kind_of_trial(tables, desk, knobs)
        found = _change(tables, work, desk, knobs, kind)
        if found == NOTHING or (found == 0 and kind == OF_VISITS):
            forget_touched(desk)
            continue
        limit = tally[KEPT_COST] + tally[KEPT_PENALTY] - heat * math.log(1.0 - draw(desk))
        fits = kind == OF_VISITS or is_in_time(tables, work, desk)
        fits = fits and _recreate(tables, work, memory, weights, desk, knobs, found)
        for k in range(found):
            desk.is_freed[desk.freed[k]] = 0
        if fits:
            cost, extra = _difference(work, kept, weights, desk, found)
            tally[TRIED] += 1
            after, over = tally[KEPT_COST] + cost, tally[KEPT_PENALTY] + extra
            if _within(work, desk) and over == 0:
                tally[WITHIN] += 1
            fits = after + over < limit
        if fits:
            tally[KEPT_COST], tally[KEPT_PENALTY] = after, over
            _follow(work, kept, desk, found)
            if after < tally[BEST_COST] and over == 0 and is_within_limits(kept):
                tally[BEST_COST] = after
                _remember(kept, best_order, best_ends)
        else:
            _follow(kept, work, desk, found)
        forget_touched(desk)
        if tally[TRIED] >= ADAPT_EVERY:
            _adapt(kept, work, weights, tally)


@compiled
def _kind_of_trial(tables: Tables, desk: Desk, knobs: Reals) -> int:
    if len(tables.open_evenings) > 0 and draw(desk) < NIGHT_SHARE:
        return OF_A_NIGHT
    return OF_TWO_DAYS if knobs[SWAP_SHARE] > 0 and draw(desk) < knobs[SWAP_SHARE] else OF_VISITS


@compiled
def _change(tables: Tables, work: Plan, desk: Desk, knobs: Reals, kind: int) -> int:
    """Takes visits out; returns how many accounts or visits were freed, NOTHING where nothing was changed."""
    if kind == OF_A_NIGHT:
        return change_night(tables, work, desk, knobs)
    if kind == OF_TWO_DAYS:
        return swap_days(tables, work, desk, knobs)
    return ruin(tables, work, desk, knobs, draw(desk) < knobs[WHOLE_SHARE])


@compiled
def _recreate(
    tables: Tables, work: Plan, memory: Memory, weights: Numbers, desk: Desk, knobs: Reals, found: int
) -> bool:
    """Places what was freed; whether everything found a place where it must have one."""
    _in_some_order(tables, desk, found)
    noisy = draw(desk) < knobs[NOISY_SHARE]
    for k in range(found):
        account, slot = desk.freed[k], desk.freed_slot[k]
        if slot == WHOLE:
            everywhere = draw(desk) < LOOK_SHARE
            place(tables, work, memory, weights, desk, account, knobs[BLINK_SHARE], noisy, False, everywhere)
        elif slot != MOVED and not _put_back(tables, work, memory, weights, desk, account, slot):
            return False
    return True


@compiled
def _remember(plan: Plan, best_order: SmallNumbers, best_ends: Numbers) -> None:
    """Orders, and of each route the number of stops and the nodes at which it begins and ends."""
    for route in range(len(best_ends)):
        for column, figure in enumerate((STOPS, BEGINS_AT, ENDS_AT)):
            best_ends[route, column] = plan.figures[route, figure]
        for k in range(best_ends[route, 0]):
            best_order[route, k] = plan.order[route, k]


@compiled
def _put_back(
    tables: Tables, plan: Plan, memory: Memory, weights: Numbers, desk: Desk, account: int, slot: int
) -> bool:
    """A visit back onto its day, wherever it costs least there."""
    cost, route, position = insertion_on(tables, plan, memory, weights, account, slot)
    if cost >= TOO_DEAR:
        return False
    for k in range(plan.visited[account]):
        if tables.slot_of[plan.visits[account, k]] == slot:
            plan.visits[account, k] = route
    plan.price[account] = dates_price(tables, plan, account)
    insert(tables, plan, account, route, position)
    touch(desk, route)
    return True


@compiled
def _in_some_order(tables: Tables, desk: Desk, found: int) -> None:
    """Sort the freed by a key drawn anew each time."""
    which = int(draw(desk) * 8.0)
    for k in range(found):
        if which < 3:
            desk.sort_keys[k] = draw(desk)
        else:
            desk.sort_keys[k] = tables.keys[which - 3, desk.freed[k]] * (0.9 + 0.2 * draw(desk))
    for k in range(1, found):
        key, account, slot = desk.sort_keys[k], desk.freed[k], desk.freed_slot[k]
        j = k
        while j > 0 and desk.sort_keys[j - 1] > key:
            desk.sort_keys[j] = desk.sort_keys[j - 1]
            desk.freed[j], desk.freed_slot[j] = desk.freed[j - 1], desk.freed_slot[j - 1]
            j -= 1
        desk.sort_keys[j], desk.freed[j], desk.freed_slot[j] = key, account, slot


@compiled
def _difference(work: Plan, kept: Plan, weights: Numbers, desk: Desk, found: int) -> tuple[int, int]:
    """What the trial adds to the cost, and to the penalties."""
    cost, extra = 0, 0
    for k in range(1, desk.touched[0] + 1):
        route = desk.touched[k]
        cost += work.figures[route, COST] - kept.figures[route, COST]
        extra += penalty(work, weights, route) - penalty(kept, weights, route)
    for k in range(found):
        account = desk.freed[k]
        if k > 0 and desk.freed_slot[k] >= 0 and _seen_before(desk, k):
            continue
        cost += work.price[account] - kept.price[account]
    return cost, extra


@compiled
def _seen_before(desk: Desk, k: int) -> bool:
    seen = False
    for j in range(k):
        seen = seen or desk.freed[j] == desk.freed[k]
    return seen


@compiled
def _within(plan: Plan, desk: Desk) -> bool:
    for k in range(1, desk.touched[0] + 1):
        route = desk.touched[k]
        if plan.figures[route, OVER_LOAD] + plan.figures[route, OVER_TIME] > 0:
            return False
    return True


@compiled
def is_within_limits(plan: Plan) -> bool:
    for route in range(len(plan.figures)):
        if plan.figures[route, OVER_LOAD] + plan.figures[route, OVER_TIME] > 0:
            return False
    return True


@compiled
def _follow(source: Plan, target: Plan, desk: Desk, found: int) -> None:
    """Make ``target`` what ``source`` is, wherever the trial touched it."""
    for quota in range(len(source.counted)):
        target.counted[quota] = source.counted[quota]
    for k in range(1, desk.touched[0] + 1):
        copy_route(source, target, desk.touched[k])
    for k in range(found):
        account = desk.freed[k]
        target.visited[account], target.price[account] = source.visited[account], source.price[account]
        for j in range(source.visited[account]):
            target.visits[account, j] = source.visits[account, j]


@compiled
def copy_route(source: Plan, target: Plan, route: int) -> None:
    stops = source.figures[route, STOPS]
    for k in range(stops):
        target.order[route, k] = source.order[route, k]
    for k in range(stops + 1):
        for column in range(source.gaps.shape[2]):
            target.gaps[route, k, column] = source.gaps[route, k, column]
    for column in range(source.figures.shape[1]):
        target.figures[route, column] = source.figures[route, column]


@compiled
def _adapt(kept: Plan, work: Plan, weights: Numbers, tally: Numbers) -> None:
    """Dearer limits when hardly any trial keeps them, cheaper ones when nearly all do."""
    share = tally[WITHIN] / tally[TRIED]
    tally[TRIED], tally[WITHIN] = 0, 0
    if 0.3 <= share <= 0.6:
        return
    for which in range(len(weights)):
        weights[which] = max(1, int(weights[which] * (1.2 if share < 0.3 else 0.85)))
    # What is remembered of insertions holds the old weights: new versions make it void.
    extra = 0
    for route in range(len(kept.figures)):
        kept.counter[0] = max(kept.counter[0], work.counter[0]) + 1
        work.counter[0] = kept.counter[0]
        kept.figures[route, VERSION] = work.figures[route, VERSION] = kept.counter[0]
        extra += penalty(kept, weights, route)
    tally[KEPT_PENALTY] = extra


@compiled
def plan_cost(plan: Plan, weights: Numbers) -> tuple[int, int]:
    """Cost and penalties of a whole plan."""
    cost, extra = 0, 0
    for route in range(len(plan.figures)):
        cost += plan.figures[route, COST]
        extra += penalty(plan, weights, route)
    for account in range(len(plan.price)):
        cost += plan.price[account]
    return cost, extra
