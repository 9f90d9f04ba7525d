"""Ruin and recreate: take accounts with all their visits out, put each back on its best set of days.

The ruin takes strings of neighbouring stops out of several days (Christiaens and Vanden Berghe,
"Slack Induction by String Removals", 2020); the recreate asks ``choice`` for the exact set of days.
Simulated annealing decides what is kept. The same seed and iterations give the same schedule.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from time import monotonic

import numpy as np

from routing.rotation.choice import Choice, choose_days, price_of
from routing.rotation.day import NO_ROOM, Day, Insertion, Snapshot
from routing.rotation.prepared import NEVER, Costs, Prepared
from routing.types import UNREACHABLE_SECONDS, SearchBudget

STRING_LENGTH = 8
REMOVED_ACCOUNTS = 8
WHOLE_SHARE = 0.7
"""Share of the ruins that free the dates of what they remove; the rest re-inserts on the same days."""

HOT, COLD = 0.1, 0.002
"""Temperatures as shares of the mean drive from the start: five times hotter halved the gain in trials."""

ASK_EVERY = 10


@dataclass
class State:
    """Where everything stands: the days, each account's days, and what it costs besides driving."""

    prepared: Prepared
    days: list[Day | None]
    chosen: list[tuple[int, ...]]
    prices: list[int]
    cache: list[dict[int, tuple[int, Insertion]]] = field(default_factory=list)

    @property
    def cost(self) -> int:
        balance = self.prepared.problem.balance_price
        routes = sum(day.driving + balance * len(day.stops) ** 2 for day in self.days if day is not None)
        return routes + sum(self.prices)


class Search:
    """One run. ``state`` is the present schedule, ``best`` what ``run`` leaves behind."""

    def __init__(self, prepared: Prepared, seed: int) -> None:
        accounts = prepared.problem.accounts
        self.prepared = prepared
        self.random = random.Random(seed)
        self.state = State(
            prepared,
            [
                None if day.shift is None else Day(prepared, number, day.shift)
                for number, day in enumerate(prepared.problem.days)
            ],
            [() for _ in accounts],
            [0 for _ in accounts],
            [{} for _ in accounts],
        )
        self.accounts = list(accounts)
        self.pinned = [frozenset(account.pinned_days) for account in accounts]
        self.iterations = 0

    def construct(self) -> None:
        """A first schedule: what stands already, then the most frequent and dearest accounts first."""
        accounts = self.accounts
        for index in range(len(accounts)):
            self._place_pinned(index)
        order = sorted(
            range(len(accounts)),
            key=lambda i: (accounts[i].cadence or NEVER, -accounts[i].price, i),
        )
        for index in order:
            self._place(index, self._choose(index))

    def run(
        self,
        budget: SearchBudget,
        progress: Callable[[float], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        """Better the schedule until the budget is spent or ``cancelled`` says so; keeps the best found."""
        started, cost = monotonic(), self.state.cost
        best_cost, best = cost, self._freeze()
        hot, cold = (share * self._mean_drive() for share in (HOT, COLD))
        for iteration in range(budget.iterations):
            if iteration % ASK_EVERY == 0:
                if progress is not None:
                    progress(iteration / budget.iterations)
                out_of_time = budget.seconds is not None and monotonic() - started > budget.seconds
                if out_of_time or (cancelled is not None and cancelled()):
                    break
            self.iterations = iteration + 1
            temperature = hot * (cold / hot) ** (iteration / budget.iterations)
            cost = self._step(cost, temperature)
            if cost < best_cost:
                best_cost, best = cost, self._freeze()
        self._thaw(best)

    def _step(self, cost: int, temperature: float) -> int:
        """One ruin and recreate; the cost of the schedule that stands afterwards."""
        whole = self.random.random() < WHOLE_SHARE
        removed = self._ruin(whole)
        if not removed:
            return cost
        accounts = list(removed)
        former = [(index, self.state.chosen[index], self.state.prices[index]) for index in accounts]
        touched = {day for index in accounts for day in self.state.chosen[index]}
        snapshots = {day: self._day(day).snapshot() for day in touched}
        if self._take_out(removed):
            self._put_back(accounts, whole, snapshots)
            new = self.state.cost
            if new < cost - temperature * math.log(1.0 - self.random.random()):
                return new
        for number, kept in snapshots.items():
            self._day(number).restore(kept)
        for index, chosen, price in former:
            self.state.chosen[index], self.state.prices[index] = chosen, price
        return cost

    def _ruin(self, whole: bool) -> dict[int, None]:
        """Accounts to take out, as an ordered set: strings around a random account, and some unserved."""
        chosen, count = self.state.chosen, len(self.state.chosen)
        removed: dict[int, None] = {}
        if whole:
            unserved = [index for index in range(count) if not chosen[index]]
            self.random.shuffle(unserved)
            removed.update(dict.fromkeys(unserved[: REMOVED_ACCOUNTS // 4]))
        seed = self.random.randrange(count)
        strings = 1 + int(self.random.random() * REMOVED_ACCOUNTS / 2)
        ruined: set[int] = set()
        for index in self.prepared.neighbours[seed]:
            if len(ruined) >= strings or len(removed) >= 2 * REMOVED_ACCOUNTS:
                break
            if index in removed or not chosen[index]:
                continue
            day = self.random.choice(chosen[index])
            if day not in ruined:
                ruined.add(day)
                removed.update(dict.fromkeys(self._string(self._day(day), index)))
        return removed

    def _string(self, day: Day, index: int) -> Iterable[int]:
        """A run of stops of one day that holds the account; an account with nothing to move stays."""
        length = 1 + int(self.random.random() * min(STRING_LENGTH, len(day.stops)))
        at = day.stops.index(index)
        first = self.random.randint(max(0, at - length + 1), min(at, len(day.stops) - length))
        return [i for i in day.stops[first : first + length] if set(self.state.chosen[i]) - self.pinned[i]]

    def _take_out(self, removed: dict[int, None]) -> bool:
        """Remove all movable visits of the accounts; pinned ones stay in their days."""
        leaving: dict[int, set[int]] = {}
        for index in removed:
            for day in self.state.chosen[index]:
                if day not in self.pinned[index]:
                    leaving.setdefault(day, set()).add(index)
        return all(self._day(day).remove(stops) for day, stops in leaving.items())

    def _put_back(self, accounts: list[int], whole: bool, snapshots: dict[int, Snapshot]) -> None:
        for index in self._insertion_order(accounts):
            choice = None if whole else self._same_days(index)
            if choice is None:
                choice = self._choose(index)
            for day in choice.days:
                if day not in snapshots:
                    snapshots[day] = self._day(day).snapshot()
            self._place(index, choice)

    def _insertion_order(self, accounts: list[int]) -> list[int]:
        from_home, accounts_of = self.prepared.from_home, self.accounts
        dice = self.random.random()
        if dice < 0.3:
            self.random.shuffle(accounts)
            return accounts
        if dice < 0.6:
            return sorted(accounts, key=lambda i: accounts_of[i].cadence or NEVER)
        sign = -1 if dice < 0.85 else 1
        return sorted(accounts, key=lambda i: sign * from_home[accounts_of[i].at])

    def _choose(self, index: int) -> Choice:
        return choose_days(self.accounts[index], self._day_costs(index), self.prepared.gap_prices[index])

    def _same_days(self, index: int) -> Choice | None:
        """The days the account had, if all of them still have room."""
        days = self.state.chosen[index]
        movable = [day for day in days if day not in self.pinned[index]]
        if not days or any(self._insertion(index, day).seconds >= NEVER for day in movable):
            return None
        return Choice(days, 0, self.state.prices[index])

    def _day_costs(self, index: int) -> Costs:
        """Insertion cost by day with balance and stability; 0 on pinned days, whose visits are in place."""
        problem = self.prepared.problem
        account = problem.accounts[index]
        costs = np.full(len(self.state.days), NEVER, dtype=np.int64)
        for number, windows in enumerate(self.prepared.windows[index]):
            if windows is None:
                continue
            found = self._insertion(index, number)
            if found.seconds < NEVER:
                load = len(self._day(number).stops)
                costs[number] = max(0, found.seconds) + problem.balance_price * (2 * load + 1)
        for number in account.published_days:
            if 0 <= number < len(costs) and costs[number] < NEVER:
                costs[number] -= problem.stability_price
        for number in self.pinned[index]:
            costs[number] = 0 if number in self.state.chosen[index] else NEVER
        return costs

    def _insertion(self, index: int, number: int) -> Insertion:
        """The cheapest place in a day, remembered until the day changes."""
        day = self._day(number)
        known = self.state.cache[index].get(number)
        if known is not None and known[0] == day.version:
            return known[1]
        found = day.cheapest(index)
        self.state.cache[index][number] = (day.version, found)
        return found

    def _place(self, index: int, choice: Choice) -> None:
        for number in choice.days:
            if number not in self.pinned[index]:
                self._day(number).insert(index, self._insertion(index, number).position)
        self.state.chosen[index] = choice.days
        self.state.prices[index] = self._price(index, choice.days)

    def _price(self, index: int, days: tuple[int, ...]) -> int:
        account, problem = self.accounts[index], self.prepared.problem
        moved = set(account.published_days) - set(days)
        price = price_of(account, days, self.prepared.gap_prices[index])
        return price + problem.stability_price * len(moved)

    def _place_pinned(self, index: int) -> None:
        """Visits that stand go in first. One that its day has no room for stays out and is reported."""
        kept = []
        for number in sorted(self.pinned[index]):
            day = self.state.days[number] if 0 <= number < len(self.state.days) else None
            found = day.cheapest(index) if day is not None else NO_ROOM
            if day is not None and found.seconds < NEVER:
                day.insert(index, found.position)
                kept.append(number)
        self.pinned[index] = frozenset(kept)
        self.accounts[index] = replace(self.accounts[index], pinned_days=tuple(kept))
        self.state.chosen[index] = tuple(kept)

    def _day(self, number: int) -> Day:
        day = self.state.days[number]
        assert day is not None, f"nobody works on day {number}"
        return day

    def _mean_drive(self) -> float:
        drives = [self.prepared.from_home[account.at] for account in self.accounts]
        near = [drive for drive in drives if drive < UNREACHABLE_SECONDS]
        return max(60.0, sum(near) / max(1, len(near)))

    def _freeze(self) -> tuple[list[Snapshot | None], list[tuple[int, ...]], list[int]]:
        days = [None if day is None else day.snapshot() for day in self.state.days]
        return days, list(self.state.chosen), list(self.state.prices)

    def _thaw(self, kept: tuple[list[Snapshot | None], list[tuple[int, ...]], list[int]]) -> None:
        for day, snapshot in zip(self.state.days, kept[0], strict=True):
            if day is not None and snapshot is not None:
                day.restore(snapshot)
        self.state.chosen, self.state.prices = kept[1], kept[2]
