"""The cheapest route of a day on which every visit earns a prize, compiled: labels over sets of accounts.

Labels are taken in order of the time at which they leave. Of those at the same account only such survive as
no other beats in time and cost with a subset of its visits; a set that is smaller carries less, so that loads
come out right as well. What uneven days cost is left out, which can only lower the bound. What cannot come
below the known cost any more is dropped, by ``rest``: the least cost of the rest of a day in which accounts
may be visited again.

All of it is in one file, as numba does not notice changes of other files that a function calls into.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.compiled import compiled
from routing.rotation import tables as t
from routing.rotation.tables import NEVER, TOO_DEAR, Numbers, Tables
from routing.rotation.times import after_lunch, leaves

MOST_ACCOUNTS = 62
"""Bits of a set in one number."""

MOST_LABELS = 300_000

NONE = -1

LEAVES, COST, SERVED, LOADED, STATE, PARENT, FOLLOWING, NEXT, IS_BEATEN = range(9)
"""Columns of a label. STATE is the account and whether lunch is behind; FOLLOWING the next label of the same
state, NEXT the next one that leaves in the same span of time."""

BEST, MADE, STEPS = range(3)
"""Entries of the tally. MADE is -1 where there were too few labels or steps."""


class DayDesk(NamedTuple):
    """``ways`` are the shortest ways, over other accounts too. ``rest[account, span]``, the start of the day
    behind the accounts. ``end_cost``, ``end_label``: the best day that ends with a visit of each account."""

    ways: Numbers
    rest: Numbers
    labels: Numbers
    of_state: Numbers
    first: Numbers
    last: Numbers
    end_cost: Numbers
    end_label: Numbers
    tally: Numbers


def day_desk(tables: Tables, span_seconds: int) -> DayDesk:
    ways = tables.out.astype(np.int64)
    for via in range(len(ways)):
        np.minimum(ways, ways[:, via, None] + ways[None, via, :], out=ways)
    accounts = len(tables.account)
    longest = int((tables.route[:, t.OVERTIME_ENDS] - tables.route[:, t.STARTS]).max())
    spans = longest // span_seconds + 1
    return DayDesk(
        ways=ways,
        rest=np.zeros((accounts + 1, spans), np.int64),
        labels=np.zeros((MOST_LABELS, IS_BEATEN + 1), np.int64),
        of_state=np.zeros(2 * accounts, np.int64),
        first=np.zeros(spans, np.int64),
        last=np.zeros(spans, np.int64),
        end_cost=np.zeros(accounts, np.int64),
        end_label=np.zeros(accounts, np.int64),
        tally=np.zeros(STEPS + 1, np.int64),
    )


@compiled
def least_rest(tables: Tables, desk: DayDesk, prizes: Numbers, route: int, span: int) -> None:
    """Fills ``rest`` from the end of the day to its start. No visit may be shorter than ``span`` seconds."""
    rules, ways, accounts = tables.route[route], desk.ways, len(prizes)
    home, ends = rules[t.HOME], rules[t.OVERTIME_ENDS]
    for k in range(desk.rest.shape[1] - 1, -1, -1):
        moment = rules[t.STARTS] + k * span
        for at in range(accounts + 1):
            if at < accounts and prizes[at] <= 0:
                continue
            origin = at if at < accounts else rules[t.START]
            best = ways[origin, home] if moment + ways[origin, home] <= ends else TOO_DEAR
            for goal in range(accounts):
                if prizes[goal] > 0 and goal != at:
                    leave = leaves(tables, goal, route, moment + ways[origin, goal])
                    if leave + ways[goal, home] <= ends:
                        then = desk.rest[goal, (leave - rules[t.STARTS]) // span]
                        best = min(best, ways[origin, goal] - prizes[goal] + then)
            desk.rest[at, k] = best


@compiled
def cheapest_day(
    tables: Tables,
    desk: DayDesk,
    prizes: Numbers,
    route: int,
    span: int,
    known: int,
    most_steps: int,
    is_loose: bool,
) -> int:
    """The least cost of a day less the prizes of its visits, ``known`` where none is below that.

    Where ``most_steps`` are too few it is below the truth. ``is_loose``: sets are not compared, which is fast
    and finds good days, but proves nothing."""
    tally, rules, accounts = desk.tally, tables.route[route], len(prizes)
    tally[BEST], tally[MADE] = known, 0
    desk.of_state[:], desk.first[:], desk.end_label[:], desk.end_cost[:] = NONE, NONE, NONE, known
    least_rest(tables, desk, prizes, route, span)
    least = desk.rest[accounts, 0]
    tally[STEPS] += accounts * accounts * desk.rest.shape[1]
    if least >= known:
        return known
    starts, until = rules[t.STARTS], tally[STEPS] + most_steps
    fed = rules[t.LUNCH_SECONDS] == 0 or starts > rules[t.LUNCH_CLOSES]
    for goal in range(accounts):
        if prizes[goal] > 0:
            _go_on(tables, desk, prizes, route, span, NONE, starts, 0, fed, goal, is_loose)
    for k in range(len(desk.first)):
        label = desk.first[k]
        while label >= 0:
            _leave(tables, desk, prizes, route, span, label, k, is_loose)
            if tally[MADE] < 0 or tally[STEPS] > until:
                tally[MADE] = NONE
                return min(int(known), int(least))
            label = desk.labels[label, NEXT]
    return int(tally[BEST])


@compiled
def _leave(
    tables: Tables,
    desk: DayDesk,
    prizes: Numbers,
    route: int,
    span: int,
    label: int,
    k: int,
    is_loose: bool,
) -> None:
    """Home from a label, and on to every other account."""
    leave, cost, state = desk.labels[label, LEAVES], desk.labels[label, COST], desk.labels[label, STATE]
    if desk.labels[label, IS_BEATEN] == 1:
        return
    at, fed = state // 2, state % 2 == 1
    total = cost + _home(tables, desk, route, at, leave, fed)
    if total < desk.end_cost[at]:
        desk.end_cost[at], desk.end_label[at] = total, label
    desk.tally[BEST] = min(desk.tally[BEST], total)
    if cost + desk.rest[at, k] >= desk.tally[BEST]:
        return
    for goal in range(len(prizes)):
        if prizes[goal] > 0 and not desk.labels[label, SERVED] >> goal & 1:
            _go_on(tables, desk, prizes, route, span, label, leave, cost, fed, goal, is_loose)


@compiled
def _home(tables: Tables, desk: DayDesk, route: int, at: int, leave: int, fed: bool) -> int:
    """What the way home costs, with overtime; TOO_DEAR where it is too late."""
    rules = tables.route[route]
    drive = desk.ways[at, rules[t.HOME]]
    end = leave + drive
    if not fed and end > rules[t.LUNCH_CLOSES]:
        end = after_lunch(tables, route, leave) + drive
    if end > rules[t.OVERTIME_ENDS]:
        return TOO_DEAR
    late = max(0, end - rules[t.ENDS])
    return int(drive + tables.rules[t.OVERTIME_PRICE] * late // 3600)


@compiled
def _go_on(
    tables: Tables,
    desk: DayDesk,
    prizes: Numbers,
    route: int,
    span: int,
    parent: int,
    leave: int,
    cost: int,
    fed: bool,
    goal: int,
    is_loose: bool,
) -> None:
    """The labels of driving on to ``goal``: at once, and with lunch before, on arrival or after the visit."""
    rules = tables.route[route]
    drive = desk.ways[rules[t.START] if parent < 0 else desk.labels[parent, STATE] // 2, goal]
    served, loaded = 0, tables.account[goal, t.LOAD]
    if parent >= 0:
        served = desk.labels[parent, SERVED]
        loaded += desk.labels[parent, LOADED]
    if 0 < rules[t.CAPACITY] < loaded:
        return
    total = cost + drive - prizes[goal]
    served |= 1 << goal
    at_once = leaves(tables, goal, route, leave + drive)
    state = 2 * goal
    if fed:
        _keep(desk, rules, span, at_once, total, served, loaded, state + 1, parent, is_loose)
        return
    _keep(desk, rules, span, at_once, total, served, loaded, state, parent, is_loose)
    eaten = min(
        leaves(tables, goal, route, after_lunch(tables, route, leave) + drive),
        leaves(tables, goal, route, after_lunch(tables, route, leave + drive)),
    )
    eaten = min(eaten, after_lunch(tables, route, at_once))
    _keep(desk, rules, span, eaten, total, served, loaded, state + 1, parent, is_loose)


@compiled
def _keep(
    desk: DayDesk,
    rules: Numbers,
    span: int,
    leave: int,
    cost: int,
    served: int,
    loaded: int,
    state: int,
    parent: int,
    is_loose: bool,
) -> None:
    """Adds a label unless it comes too late or too dear, or another of its state beats it."""
    tally, labels = desk.tally, desk.labels
    if leave >= NEVER or leave + desk.ways[state // 2, rules[t.HOME]] > rules[t.OVERTIME_ENDS]:
        return
    k = (leave - rules[t.STARTS]) // span
    if tally[MADE] < 0 or cost + desk.rest[state // 2, k] >= tally[BEST]:
        return
    if _is_beaten(desk, leave, cost, served, state, is_loose):
        return
    made = tally[MADE]
    if made >= len(labels):
        tally[MADE] = -1
        return
    labels[made, LEAVES], labels[made, COST], labels[made, SERVED] = leave, cost, served
    labels[made, LOADED], labels[made, STATE] = loaded, state
    labels[made, PARENT], labels[made, FOLLOWING] = parent, desk.of_state[state]
    labels[made, NEXT], labels[made, IS_BEATEN] = NONE, 0
    desk.of_state[state] = made
    if desk.first[k] < 0:
        desk.first[k] = made
    else:
        labels[desk.last[k], NEXT] = made
    desk.last[k], tally[MADE] = made, made + 1


@compiled
def _is_beaten(desk: DayDesk, leave: int, cost: int, served: int, state: int, is_loose: bool) -> bool:
    """Whether a label of the state is as good in all; those the new one beats go."""
    labels, before, other = desk.labels, NONE, desk.of_state[state]
    while other >= 0:
        desk.tally[STEPS] += 1
        theirs, follows = labels[other, SERVED], labels[other, FOLLOWING]
        is_earlier, is_cheaper = labels[other, LEAVES] <= leave, labels[other, COST] <= cost
        if is_earlier and is_cheaper and (is_loose or theirs & ~served == 0):
            return True
        if (
            leave <= labels[other, LEAVES]
            and cost <= labels[other, COST]
            and (is_loose or served & ~theirs == 0)
        ):
            labels[other, IS_BEATEN] = 1
            if before < 0:
                desk.of_state[state] = follows
            else:
                labels[before, FOLLOWING] = follows
        else:
            before = other
        other = follows
    return False


def days_found(desk: DayDesk, known: int, most: int) -> list[tuple[int, list[int]]]:
    """Cost less prizes and accounts of the best days below ``known``, each with another last visit."""
    ends = np.flatnonzero((desk.end_label >= 0) & (desk.end_cost < known))
    found = []
    for at in sorted(ends.tolist(), key=lambda end: int(desk.end_cost[end]))[:most]:
        visited, label = [], int(desk.end_label[at])
        while label >= 0:
            visited.append(int(desk.labels[label, STATE]) // 2)
            label = int(desk.labels[label, PARENT])
        found.append((int(desk.end_cost[at]), visited))
    return found
