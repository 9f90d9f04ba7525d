"""What no plan of a rotation can cost less than: a lower bound by column generation over days.

Every step gives a valid bound, so that it may stop at any time: the least cost of all dates and of all days,
each for itself, with prizes between them (``bound_prizes``). Days that are cheaper than those known at these
prizes (``bound_days``) are added, and the prizes raised anew, until there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from bench.bound_days import MADE, MOST_ACCOUNTS, STEPS, cheapest_day, day_desk, days_found
from bench.bound_prizes import Columns, all_dates, prize_desk, raise_bound, reduced
from routing.rotation import tables as t
from routing.rotation.room import Room
from routing.rotation.search import Search
from routing.rotation.setting import Setting, setting_of
from routing.rotation.tables import Numbers, Tables
from routing.rotation.trial import Reals
from routing.types import RotationPlan, RotationProblem

MOST_STEPS = 3_000_000_000
"""Comparisons of labels: some twenty seconds, and the same bound on any machine."""

FIRST_STEPS = 1_000_000
"""Of one day; four times as many as long as days are given up."""

LEAST_SPAN, LONGEST_SPAN = 60, 300
"""Seconds of a span of the day; no visit may be shorter than one."""

FIRST_PASSES, PASSES = 300, 150

MOST_DAYS = 5
"""New days of one route and round."""

CENTRED = 0.5
"""How far prizes stay with those of the best bound so far, so that they do not swing (Wentges 1997)."""

BARREN_ROUNDS = 2


def lower_bound(problem: RotationProblem, plan: RotationPlan, most_steps: int = MOST_STEPS) -> int | None:
    """Seconds no plan of the problem costs less than, found by way of one of its plans.

    None where the steps are too few for a first bound, there are more accounts than ``MOST_ACCOUNTS``, or
    visits shorter than ``LEAST_SPAN``."""
    setting = setting_of(problem)
    shortest = min((w.account.service_seconds for w in setting.wanted), default=0)
    if len(setting.wanted) > MOST_ACCOUNTS or shortest < LEAST_SPAN or not setting.runs:
        return None
    return Bound(setting, plan, most_steps).found()


class Bound:
    """``known`` are days with their least cost so far, by route and set of accounts."""

    def __init__(self, setting: Setting, plan: RotationPlan, most_steps: int) -> None:
        search = Search(setting, seed=1)
        search.restore(_orders(setting, plan))
        self.cost = search.cost
        self.tables = search.tables
        self.span = min(LONGEST_SPAN, *(w.account.service_seconds for w in setting.wanted))
        self.desk = day_desk(self.tables, self.span)
        self.prizes = prize_desk(self.tables, _priced(search))
        self.known: dict[tuple[int, frozenset[int]], int] = {}
        for route, visited, cost in _first_days(search):
            self.known.setdefault((route, frozenset(visited)), cost)
        self.most_steps, self.day_steps, self.given_up = most_steps, FIRST_STEPS, 0

    def found(self) -> int | None:
        """The highest bound within the steps."""
        best, centre, centred, barren, passes = None, None, CENTRED, 0, FIRST_PASSES
        is_loose = True
        while self.desk.tally[STEPS] < self.most_steps and barren < BARREN_ROUNDS:
            columns = self._columns()
            raise_bound(self.tables, columns, self.prizes, self.cost, passes)
            prizes, passes = self.prizes.prizes, PASSES
            if centre is not None:
                prizes = centred * centre + (1 - centred) * prizes
            bound, added = self._round(columns, prizes, is_loose)
            if is_loose:
                is_loose = added > len(self.tables.route) // 10
                continue
            if best is None or bound > best:
                best, centre = bound, prizes.copy()
            if self.given_up:
                self.day_steps *= 4
            # Between two sets of prizes nothing may be new although there is: look at the later ones alone.
            barren += not added and not centred and not self.given_up
            centred = CENTRED if added and not self.given_up else 0.0
        return best

    def _round(self, columns: Columns, prizes: Reals, is_loose: bool) -> tuple[int, int]:
        """The bound at these prizes, and how many days are new."""
        least = self._least_known(columns, prizes)
        total, added, self.given_up = all_dates(self.tables, self.prizes, prizes), 0, 0
        for route, known in enumerate(least):
            worth = prizes[:, self.tables.slot_of[route]].astype(np.int64)
            worth[self.tables.window_count[:, route] == 0] = 0
            steps = min(self.day_steps, max(0, self.most_steps - int(self.desk.tally[STEPS])))
            cost = cheapest_day(self.tables, self.desk, worth, route, self.span, known, steps, is_loose)
            total += int(cost)
            self.given_up += int(self.desk.tally[MADE]) < 0
            for below, visited in days_found(self.desk, known, MOST_DAYS) if cost < known else ():
                added += self._learn(route, visited, below + int(worth[visited].sum()))
        return int(total), added

    def _learn(self, route: int, visited: list[int], cost: int) -> bool:
        key = (route, frozenset(visited))
        is_new = cost < self.known.get(key, t.TOO_DEAR)
        if is_new:
            self.known[key] = cost
        return is_new

    def _least_known(self, columns: Columns, prizes: Reals) -> list[int]:
        least = [t.TOO_DEAR] * len(self.tables.route)
        for c, route in enumerate(columns.route.tolist()):
            least[route] = min(least[route], int(reduced(self.tables, columns, prizes, c)))
        return least

    def _columns(self) -> Columns:
        keys = list(self.known)
        sizes = [len(visited) for _, visited in keys]
        return Columns(
            route=np.array([route for route, _ in keys], dtype=np.int64),
            cost=np.array([self.known[key] for key in keys], dtype=np.int64),
            first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            accounts=np.array([a for _, visited in keys for a in sorted(visited)], dtype=np.int64),
        )


def _orders(setting: Setting, plan: RotationPlan) -> list[list[int]]:
    """Account numbers in driving order, by route."""
    number = {wanted.account.key: n for n, wanted in enumerate(setting.wanted)}
    route = {(run.day, run.rep): r for r, run in enumerate(setting.runs)}
    orders: list[list[int]] = [[] for _ in setting.runs]
    for visit in sorted(plan.visits, key=lambda visit: visit.position):
        orders[route[visit.day, visit.rep]].append(number[visit.key])
    return orders


def _priced(search: Search) -> Numbers:
    """Where a visit has to be made by somebody's day: not where one stands that is not driven to."""
    tables = search.tables
    is_priced = np.zeros(tables.may.shape, dtype=np.int64)
    for route, slot in enumerate(tables.slot_of.tolist()):
        is_priced[(tables.may[:, slot] == 1) & (tables.window_count[:, route] > 0), slot] = 1
    is_priced[tables.pinned >= 0] = 0
    for route, order in enumerate(search.orders()):
        slot = tables.slot_of[route]
        is_priced[[n for n in order if tables.pinned[n, slot] >= 0], slot] = 1
    return is_priced


def _first_days(search: Search) -> Iterator[tuple[int, list[int], int]]:
    """Those of the plan, each with one visit more, every visit alone, and nobody."""
    tables, orders, room = search.tables, search.orders(), Room(search)
    for route, order in enumerate(orders):
        slot, cost = int(tables.slot_of[route]), int(search.plan.figures[route, t.COST])
        yield route, [], _drive(tables, route, [])
        yield route, order, cost
        is_alone = tables.first_route[slot + 1] - tables.first_route[slot] == 1
        for account in np.flatnonzero(tables.may[:, slot] & (tables.window_count[:, route] > 0)).tolist():
            if room.fits_alone(account, slot):
                yield route, [account], _drive(tables, route, [account])
            more = room.insertion(account, slot) if is_alone and account not in order else t.TOO_DEAR
            if more < t.TOO_DEAR:
                yield route, [*order, account], cost + more - int(tables.date_price[account, route])


def _drive(tables: Tables, route: int, visited: list[int]) -> int:
    way = [tables.route[route, t.START], *visited, tables.route[route, t.HOME]]
    return sum(int(tables.out[a, b]) for a, b in pairwise(way))
