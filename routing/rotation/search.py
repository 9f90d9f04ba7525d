"""The search over whole plans: what stands first, then construction, then annealing in short runs.

Between two runs the caller is told how far it is, and asked whether to go on; the best plan within all limits
can be taken at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

import numpy as np

from routing.rotation import tables as t
from routing.rotation.anneal import BEST_COST, KEPT_COST, KEPT_PENALTY, anneal, is_within_limits, plan_cost
from routing.rotation.day_choice import dates_price
from routing.rotation.day_swaps import follow_share
from routing.rotation.mending import broken_prices, changed, displaced, look_for_owed
from routing.rotation.night_plan import nights_away, settle_nights, spend_published_nights
from routing.rotation.ruin import knobs_of
from routing.rotation.setting import Run, Setting
from routing.rotation.standing import standing_order
from routing.rotation.tables import Tables, copy_of, empty_memory, empty_plan
from routing.rotation.tabling import mean_drive, most_stops, node_places, tables_of
from routing.rotation.times import overtime_price, refresh
from routing.rotation.trial import construct, count, desk_of
from routing.types import NightAway, SearchBudget

RUN = 200
"""Trials between two looks at the clock and the caller."""

FIRST_PASSES = 3

NO_EXCESS = 2**40
"""A weight that makes any excess dearer than leaving a visit out: the first plan keeps all limits."""

SLACK_SHARE = 0.1
"""How far beyond a shift the search may go on its way, as a share of the shift, where loads are limited."""


class Search:
    """A plan that keeps every rule at any time."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting = setting
        self.tables = tables_of(setting, _slack(setting))
        self.plan = empty_plan(self.tables, most_stops(setting, self.tables))
        self._desk = desk_of(self.tables, seed)
        self.memory = empty_memory(self.tables)
        self.weights = np.array([_load_weight(self.tables), 256], dtype=np.int64)
        self._broken_price = broken_prices(setting)
        self._node_places = node_places(setting)
        spend_published_nights(self.tables, self.plan)
        self._let_stand()

    @property
    def cost(self) -> int:
        """Driving, uneven days, overtime and the price of all dates, in seconds."""
        return int(plan_cost(self.plan, self.weights)[0])

    @property
    def is_warm(self) -> bool:
        """Whether dates were published: the search then begins there and mends."""
        return bool(self.tables.published.any())

    def construct(self) -> None:
        """Place every account, those in a quota last, else those with the fewest days to choose from and the
        dearest first; then take each out and place it again, now that the others stand. Published dates are
        kept where they can be, so those that lose some come behind those that keep all."""
        freedom, price = self.tables.keys[1], self.tables.account[:, t.NEVER_PRICE]
        last = self.tables.account[:, t.IN_QUOTA]
        gone = displaced(self.setting)
        movable = sorted(
            self.tables.movable.tolist(), key=lambda n: (last[n], gone[n], freedom[n], -price[n], n)
        )
        accounts = np.array(movable, dtype=np.int64)
        passes = 1 if self.is_warm else FIRST_PASSES
        desk, weights = self._desk, np.array([NO_EXCESS, NO_EXCESS], dtype=np.int64)
        construct(self.tables, self.plan, self.memory, weights, desk, accounts, passes, self.is_warm)
        self.memory = empty_memory(self.tables)
        if self.is_warm:
            focus = changed(self.setting, self.tables, self.plan)
            self._desk.focus[0], self._desk.focus[1 : 1 + len(focus)] = len(focus), focus

    def improve(
        self,
        budget: SearchBudget,
        progress: Callable[[float], None],
        cancelled: Callable[[], bool],
        clock: Callable[[], float] = monotonic,
    ) -> int:
        """Search on; returns the trials made. The plan is the best one afterwards."""
        if not len(self.tables.movable):
            return 0
        began, done = clock(), 0
        is_mending = self._desk.focus[0] > 0
        knobs = knobs_of(mean_drive(self.tables), self.is_warm, is_mending, follow_share(self.tables))
        kept, best_order = copy_of(self.plan), self.plan.order.copy()
        # What is picked out by a list lies by columns: another type, for which all would be compiled again.
        best_ends = np.ascontiguousarray(self.plan.figures[:, [t.STOPS, t.BEGINS_AT, t.ENDS_AT]])
        tally = np.zeros(5, dtype=np.int64)
        tally[KEPT_COST], tally[KEPT_PENALTY] = plan_cost(self.plan, self.weights)
        tally[BEST_COST] = tally[KEPT_COST] if is_within_limits(self.plan) else t.TOO_DEAR
        all_trials = max(1, budget.iterations)
        pace = budget.seconds if budget.paced else None
        step = 0.0 if pace else 1.0 / all_trials
        while done < budget.iterations and not cancelled():
            spent = clock() - began
            if budget.seconds is not None and spent > budget.seconds:
                break
            share = max(done / all_trials, spent / pace if pace else 0.0)
            trials = min(RUN, budget.iterations - done)
            if self.is_warm:
                look_for_owed(self.setting, self.tables, self.plan, self._broken_price, self._desk.owed)
            anneal(
                self.tables,
                self.plan,
                kept,
                best_order,
                best_ends,
                self.memory,
                self.weights,
                self._desk,
                knobs,
                tally,
                share,
                step,
                trials,
            )
            done += trials
            progress(share)
        self.plan.figures[:, [t.BEGINS_AT, t.ENDS_AT]] = best_ends[:, 1:]
        self.restore([best_order[route, :stops].tolist() for route, stops in enumerate(best_ends[:, 0])])
        return done

    def run(self, route: int) -> Run:
        """The rep's day between the places where it begins and ends in the plan."""
        begins_at, ends_at = self.plan.figures[route, [t.BEGINS_AT, t.ENDS_AT]]
        return self.setting.runs[route].between(self._node_places[begins_at], self._node_places[ends_at])

    def nights(self) -> tuple[NightAway, ...]:
        """The nights spent away that could be spent at home."""
        return tuple(nights_away(self.setting, self.tables, self.plan, self._node_places))

    def settle_nights(self) -> None:
        """Come home or sleep elsewhere where that is cheaper with every visit in its place."""
        settle_nights(self.tables, self.plan)

    def orders(self) -> list[list[int]]:
        """Account numbers in driving order, by route."""
        stops = self.plan.figures[:, t.STOPS]
        return [self.plan.order[route, : stops[route]].tolist() for route in range(len(stops))]

    def dates(self) -> list[list[int]]:
        """Routes by account, those of standing visits too that are not driven."""
        return [self.plan.visits[n, : self.plan.visited[n]].tolist() for n in range(len(self.plan.visited))]

    def restore(self, orders: Sequence[Sequence[int]]) -> None:
        """Make the plan of these orders, which must fit; standing visits stay where they stand."""
        found: list[set[int]] = [set() for _ in self.setting.wanted]
        for route, order in enumerate(orders):
            self.replace(route, order)
            for number in order:
                found[number].add(route)
        for number, routes in enumerate(found):
            pinned = self.tables.pinned[number]
            self._set_dates(number, sorted(routes | set(pinned[pinned >= 0].tolist())))
        self._recount()

    def replace(self, route: int, order: Sequence[int]) -> None:
        """Drive a route in another order, which must fit."""
        self.plan.order[route, : len(order)] = order
        self.plan.figures[route, t.STOPS] = len(order)
        refresh(self.tables, self.plan, route)

    def overtime_cost(self, route: int) -> int:
        """What coming home after the shift costs on a route."""
        return int(overtime_price(self.tables, route, self.plan.figures[route, t.END]))

    def _set_dates(self, number: int, routes: list[int]) -> None:
        self.plan.visited[number] = len(routes)
        self.plan.visits[number, : len(routes)] = routes
        self.plan.price[number] = dates_price(self.tables, self.plan, number)

    def _recount(self) -> None:
        """What is counted against quotas, from the routes."""
        self.plan.counted[:] = 0
        for route, order in enumerate(self.orders()):
            for number in order:
                count(self.tables, self.plan, number, route, 1)

    def _let_stand(self) -> None:
        """What stands already, in its best order."""
        for route in range(len(self.setting.runs)):
            run = self.run(route)
            order = standing_order(self.setting, run)
            self.replace(route, order)
            for number in order:
                self.tables.pinned[number, run.slot] = route
        for number, wanted in enumerate(self.setting.wanted):
            for slot in wanted.pinned:
                if self.tables.pinned[number, slot] < 0:
                    self.tables.pinned[number, slot] = self.tables.first_route[slot]
            self._set_dates(number, sorted(r for r in self.tables.pinned[number].tolist() if r >= 0))
        self._recount()


def _slack(setting: Setting) -> int:
    """Seconds beyond the shifts: only where loads are limited, for full days are found better without."""
    shifts = [run.shift for run in setting.runs]
    if not any(shift.load_limit for shift in shifts):
        return 0
    return int(SLACK_SHARE * max(shift.ends - shift.starts for shift in shifts))


def _load_weight(tables: Tables) -> int:
    """The first weight of a unit of load too much: half a drive for an account's load."""
    load = float(tables.account[:, t.LOAD].mean()) if len(tables.account) else 1.0
    return max(1, int(128 * mean_drive(tables) / max(1.0, load)))
