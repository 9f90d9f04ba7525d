"""The change budget: which few visits to move to save the most driving, one after the other.

Each step is the best single move from the plan as it then stands, with both days put in their best order
anew, so that a figure is what planning them again would say. A move keeps every rule and breaks no promise,
and must be worth what it costs in deviation from the cadence. Days are calendar days of the horizon from 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from routing.rotation.day_driving import DayDriving
from routing.rotation.other_days import Standing, broken_promises, rule_against
from routing.rotation.prices import DatePrices, date_prices
from routing.types import Quota, RotationProblem

LEAST_SECONDS = 60
"""What a move must save to be worth a word."""


@dataclass(frozen=True, slots=True)
class Saving:
    """``seconds`` of driving saved by this move after those before it."""

    key: int
    from_day: int
    to_day: int
    seconds: int


def savings(
    problem: RotationProblem,
    standing: Standing,
    movable: Collection[tuple[int, int]],
    most: int,
    first_day: int = 0,
) -> tuple[Saving, ...]:
    """At most ``most`` moves, the best first. ``movable`` are pairs of day and key; each moves once,
    to ``first_day`` at the earliest."""
    desk = _Desk(problem, standing, first_day)
    left = set(movable)
    found: list[Saving] = []
    while left and len(found) < most:
        best = max(desk.moves(left), default=None)
        if best is None:
            break
        _, seconds, key, day, to_day = best
        desk.move(key, day, to_day)
        left.discard((day, key))
        found.append(Saving(key, day, to_day, seconds))
    return tuple(found)


class _Desk:
    """The plan as it stands after the moves so far."""

    def __init__(self, problem: RotationProblem, standing: Standing, first_day: int) -> None:
        self.problem = problem
        self.first_day = first_day
        self.accounts = {account.key: account for account in problem.accounts}
        self.days = {day: set(keys) for day, keys in standing.items()}
        self.dates: dict[int, set[int]] = {}
        for day, keys in self.days.items():
            for key in keys:
                self.dates.setdefault(key, set()).add(day)
        self._driving = DayDriving(problem).of
        self._prices: dict[int, DatePrices] = {}

    def move(self, key: int, day: int, to_day: int) -> None:
        self.days[day].remove(key)
        self.days.setdefault(to_day, set()).add(key)
        self.dates[key] = self.dates[key] - {day} | {to_day}

    def moves(self, left: Collection[tuple[int, int]]) -> Iterator[tuple[int, int, int, int, int]]:
        """Worthwhile moves: what each is worth, driving saved, key, day, new day."""
        for day, key in sorted(left):
            here = self._driving(day, self.days[day])
            without = self._driving(day, self.days[day] - {key})
            if here is None or without is None or here - without < LEAST_SECONDS:
                continue
            others = sorted(self.dates[key] - {day})
            prices = self._prices_of(key)
            now = sorted(self.dates[key])
            for to_day in self._open_days(key, day, others):
                then = sorted({*others, to_day})
                if broken_promises(prices, then) > broken_promises(prices, now):
                    continue
                there = self.days.get(to_day, set())
                before, after = self._driving(to_day, there), self._driving(to_day, there | {key})
                if before is None or after is None:
                    continue
                saved = here - without - (after - before)
                worth = saved + prices.cost(now) - prices.cost(then)
                if saved >= LEAST_SECONDS and worth > 0:
                    yield worth, saved, key, day, to_day

    def _open_days(self, key: int, day: int, others: list[int]) -> Iterator[int]:
        """Other days no rule is against; what counts against a quota stays within it."""
        account = self.accounts[key]
        for to_day in range(self.first_day, len(self.problem.days)):
            blocked, _ = rule_against(self.problem, account, others, to_day)
            if blocked is not None or to_day == day:
                continue
            if not account.in_quota or self._quota(day) == self._quota(to_day):
                yield to_day

    def _quota(self, day: int) -> Quota | None:
        return next((q for q in self.problem.quotas if q.first_day <= day <= q.last_day), None)

    def _prices_of(self, key: int) -> DatePrices:
        if key not in self._prices:
            self._prices[key] = date_prices(self.accounts[key], len(self.problem.days))
        return self._prices[key]
