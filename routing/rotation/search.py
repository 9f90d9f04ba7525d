"""The search over whole plans: what stands first, then construction, then annealing in short runs.

Between two runs the caller is told how far it is, and asked whether to go on; the best plan within all limits
can be taken at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from time import monotonic

import numpy as np

from routing.rotation import tables as t
from routing.rotation.anneal import BEST_COST, KEPT_COST, KEPT_PENALTY, anneal, is_within_limits, plan_cost
from routing.rotation.day_choice import dates_price
from routing.rotation.insertion import insertion_on, quota_is_full
from routing.rotation.ruin import knobs_of
from routing.rotation.setting import Run, Setting
from routing.rotation.standing import standing_order
from routing.rotation.tables import Memory, Plan, Tables, copy_of, empty_memory, empty_plan
from routing.rotation.tabling import mean_drive, most_stops, tables_of
from routing.rotation.times import overtime_price, refresh
from routing.rotation.trial import construct, count, desk_of
from routing.types import SearchBudget

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
        self._memory = empty_memory(self.tables)
        self._weights = np.array([_load_weight(self.tables), 256], dtype=np.int64)
        self._let_stand()

    @property
    def cost(self) -> int:
        """Driving, uneven days, overtime and the price of all dates, in seconds."""
        return int(plan_cost(self.plan, self._weights)[0])

    @property
    def is_warm(self) -> bool:
        """Whether dates were published: the search then begins there and mends."""
        return bool(self.tables.published.any())

    def construct(self) -> None:
        """Place every account, those in a quota last, else those with the fewest days to choose from and the
        dearest first; then take each out and place it again, now that the others stand. Published dates are
        kept where they can be."""
        freedom, price = self.tables.keys[1], self.tables.account[:, t.NEVER_PRICE]
        last = self.tables.account[:, t.IN_QUOTA]
        movable = sorted(self.tables.movable.tolist(), key=lambda n: (last[n], freedom[n], -price[n], n))
        accounts = np.array(movable, dtype=np.int64)
        passes = 1 if self.is_warm else FIRST_PASSES
        desk, weights = self._desk, np.array([NO_EXCESS, NO_EXCESS], dtype=np.int64)
        construct(self.tables, self.plan, self._memory, weights, desk, accounts, passes, self.is_warm)
        self._memory = empty_memory(self.tables)
        if self.is_warm:
            focus = self._changed()
            self._desk.focus[0], self._desk.focus[1 : 1 + len(focus)] = len(focus), focus

    def _changed(self) -> list[int]:
        """Accounts that are not visited on just the days that were published: where there is most to mend."""
        days, found = self.tables.day, []
        for number in self.tables.movable.tolist():
            routes = self.plan.visits[number, : self.plan.visited[number]]
            now = days[self.tables.slot_of[routes]].tolist()
            if now != sorted(set(self.setting.wanted[number].account.published_days)):
                found.append(number)
        return found

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
        knobs = knobs_of(mean_drive(self.tables), self.is_warm)
        kept, best_order = copy_of(self.plan), self.plan.order.copy()
        best_stops = self.plan.figures[:, t.STOPS].copy()
        tally = np.zeros(5, dtype=np.int64)
        tally[KEPT_COST], tally[KEPT_PENALTY] = plan_cost(self.plan, self._weights)
        tally[BEST_COST] = tally[KEPT_COST] if is_within_limits(self.plan) else t.TOO_DEAR
        step = 0.0 if budget.paced else 1.0 / max(1, budget.iterations)
        while done < budget.iterations and not cancelled():
            spent = clock() - began
            if budget.seconds is not None and spent > budget.seconds:
                break
            share = spent / budget.seconds if budget.paced and budget.seconds else done * step
            trials = min(RUN, budget.iterations - done)
            anneal(
                self.tables,
                self.plan,
                kept,
                best_order,
                best_stops,
                self._memory,
                self._weights,
                self._desk,
                knobs,
                tally,
                share,
                step,
                trials,
            )
            done += trials
            progress(share)
        self.restore([best_order[route, :stops].tolist() for route, stops in enumerate(best_stops)])
        return done

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

    def insertion(self, number: int, slot: int) -> int:
        """What one more visit on the slot would cost, TOO_DEAR where it does not fit."""
        return int(insertion_on(self.tables, self.plan, self._memory, self._weights, number, slot)[0])

    def quota_is_full(self, number: int, slot: int) -> bool:
        """Whether others have used up the quota it would count against."""
        return bool(quota_is_full(self.tables, self.plan, number, slot))

    def fits_alone(self, number: int, slot: int) -> bool:
        """Whether a visit on the slot would fit if nobody else were visited then."""
        plan, memory = self._nobody
        return bool(insertion_on(self.tables, plan, memory, self._weights, number, slot)[0] < t.TOO_DEAR)

    @cached_property
    def _nobody(self) -> tuple[Plan, Memory]:
        """A plan without visits, and what is known of it."""
        plan = empty_plan(self.tables, 2)
        for route in range(len(self.tables.route)):
            refresh(self.tables, plan, route)
        return plan, empty_memory(self.tables)

    def overflow(self, number: int, run: Run) -> int:
        """Seconds the shift is too short for one more visit, if nothing but its length mattered."""
        route = self.setting.runs.index(run)
        stops, gaps = int(self.plan.figures[route, t.STOPS]), self.plan.gaps[route]
        gaps = gaps[: stops + 1]
        way, back = self.tables.into[number, gaps[:, t.BEFORE]], self.tables.out[number, gaps[:, t.BEHIND]]
        detour = int((way + back - gaps[:, t.DRIVE]).min())
        room = run.with_overtime.ends - int(self.plan.figures[route, t.END])
        return detour + self.setting.wanted[number].account.service_seconds - room

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
        for route, run in enumerate(self.setting.runs):
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
