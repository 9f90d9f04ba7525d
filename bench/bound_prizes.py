"""What a visit is worth on every day, compiled: prizes that make a lower bound of all plans high.

Where each account pays a prize for every visit, and the day that makes it earns it, what is cheapest for each
account alone and for each day alone together costs no more than any plan. Prizes rise where more visits are
wanted than made, and fall where fewer are (Lagrange, Held and Karp 1971), over days that are known already.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.compiled import compiled
from routing.rotation import tables as t
from routing.rotation.day_choice import SCRATCH_ROWS, choose, dates_price
from routing.rotation.tables import TOO_DEAR, Numbers, Plan, Tables, empty_plan
from routing.rotation.trial import Reals

PATIENCE = 15
"""Passes without a better bound before the steps get shorter."""

SHORTER = 0.7


class Columns(NamedTuple):
    """Days that are known: the route and cost of each, its accounts from ``first[c]`` to ``first[c + 1]``."""

    route: Numbers
    cost: Numbers
    first: Numbers
    accounts: Numbers


class PrizeDesk(NamedTuple):
    """``prizes`` by account and slot, ``best_prizes`` those of the highest bound. ``is_priced``: whether a
    visit there has to be made by somebody's day. ``surplus``: visits wanted less visits made; ``dates`` is a
    plan that only holds the dates of one account at a time."""

    prizes: Reals
    best_prizes: Reals
    is_priced: Numbers
    surplus: Numbers
    of_route: Numbers
    which: Numbers
    costs: Numbers
    chosen: Numbers
    scratch: Numbers
    dates: Plan


def prize_desk(tables: Tables, is_priced: Numbers) -> PrizeDesk:
    accounts, slots = tables.may.shape
    return PrizeDesk(
        prizes=np.zeros((accounts, slots)),
        best_prizes=np.zeros((accounts, slots)),
        is_priced=is_priced,
        surplus=np.zeros((accounts, slots), np.int64),
        of_route=np.zeros(len(tables.route), np.int64),
        which=np.zeros(len(tables.route), np.int64),
        costs=np.zeros(slots, np.int64),
        chosen=np.zeros(slots, np.int64),
        scratch=np.zeros((SCRATCH_ROWS, slots), np.int64),
        dates=empty_plan(tables, 2),
    )


@compiled
def raise_bound(tables: Tables, columns: Columns, desk: PrizeDesk, goal: int, passes: int) -> int:
    """The highest bound over the days known, in ``passes`` steps from the prizes as they are; ``goal`` is the
    cost of a plan."""
    best, share, waited = -TOO_DEAR, 1.0, 0
    for _ in range(passes):
        desk.surplus[:] = 0
        bound = all_dates(tables, desk, desk.prizes) + _known_days(tables, columns, desk)
        if bound > best:
            best, waited = bound, 0
            _copy(desk.prizes, desk.best_prizes)
        else:
            waited += 1
        if waited >= PATIENCE:
            share, waited = share * SHORTER, 0
            _copy(desk.best_prizes, desk.prizes)
            continue
        if not _step(desk, share * (goal - bound)):
            break
    _copy(desk.best_prizes, desk.prizes)
    return best


@compiled
def _copy(source: Reals, target: Reals) -> None:
    for a in range(source.shape[0]):
        for s in range(source.shape[1]):
            target[a, s] = source[a, s]


@compiled
def all_dates(tables: Tables, desk: PrizeDesk, prizes: Reals) -> int:
    """The least that all accounts pay for their dates and for their visits."""
    total = 0
    for account in range(len(tables.account)):
        found = _cheapest_dates(tables, desk, prizes, account)
        for k in range(found):
            slot = desk.chosen[k]
            desk.dates.visits[account, k] = tables.first_route[slot]
            desk.surplus[account, slot] += desk.is_priced[account, slot]
            total += int(prizes[account, slot])
        desk.dates.visited[account] = found
        total += dates_price(tables, desk.dates, account)
    return total


@compiled
def _cheapest_dates(tables: Tables, desk: PrizeDesk, prizes: Reals, account: int) -> int:
    costs, standing = desk.costs, 0
    for slot in range(len(costs)):
        costs[slot] = TOO_DEAR
        if tables.pinned[account, slot] >= 0:
            costs[slot] = int(prizes[account, slot])
            desk.chosen[standing] = slot
            standing += 1
        elif desk.is_priced[account, slot] == 1:
            costs[slot] = int(prizes[account, slot]) + tables.date_price[account, tables.first_route[slot]]
    kind = tables.account[account, t.KIND]
    if standing > 0 and kind in (t.SINGLE, t.CHOICES):
        return standing
    return choose(tables, account, costs, desk.chosen, desk.scratch)


@compiled
def _known_days(tables: Tables, columns: Columns, desk: PrizeDesk) -> int:
    """The least that all days cost less their prizes, of the days known."""
    desk.of_route[:] = TOO_DEAR
    for c in range(len(columns.route)):
        cost, route = reduced(tables, columns, desk.prizes, c), columns.route[c]
        if cost < desk.of_route[route]:
            desk.of_route[route], desk.which[route] = cost, c
    total = 0
    for route in range(len(desk.of_route)):
        total += desk.of_route[route]
        c = desk.which[route]
        for k in range(columns.first[c], columns.first[c + 1]):
            account, slot = columns.accounts[k], tables.slot_of[route]
            desk.surplus[account, slot] -= desk.is_priced[account, slot]
    return total


@compiled
def reduced(tables: Tables, columns: Columns, prizes: Reals, c: int) -> int:
    """What a day costs less its prizes."""
    cost, slot = columns.cost[c], tables.slot_of[columns.route[c]]
    for k in range(columns.first[c], columns.first[c + 1]):
        cost -= int(prizes[columns.accounts[k], slot])
    return int(cost)


@compiled
def _step(desk: PrizeDesk, length: float) -> bool:
    """Prizes up where visits are wanting, down where there are too many, none below 0; False where all
    agree."""
    norm = 0
    accounts, slots = desk.surplus.shape
    for a in range(accounts):
        for s in range(slots):
            if desk.surplus[a, s] < 0 and desk.prizes[a, s] <= 0.0:
                desk.surplus[a, s] = 0
            norm += desk.surplus[a, s] * desk.surplus[a, s]
    if norm == 0:
        return False
    for a in range(accounts):
        for s in range(slots):
            if desk.surplus[a, s] != 0:
                desk.prizes[a, s] = max(0.0, desk.prizes[a, s] + length / norm * desk.surplus[a, s])
    return True
