"""One account and the days its missing visit could lie on: what each change of a rule would make possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from routing.rotation.day_driving import DayDriving
from routing.rotation.hours import DAY_SECONDS
from routing.rotation.missing import Span, missing_spans
from routing.rotation.other_days import Blocked, Standing, rule_against
from routing.rotation.prices import DatePrices, date_prices
from routing.rotation.repair_kinds import Kind, Repair
from routing.types import RotationAccount, RotationProblem, Shift

LONGEST_OVERTIME = 2 * 3600
LENGTH_STEP = 5 * 60
FIRST_OVERTIME = 100_000
"""Price of a second of overtime beyond any day's driving: the least overtime wins, then the least driving."""


@dataclass(frozen=True)
class Trials:
    """``dates`` are the days of the visits that stand; ``span`` is where the one is missing."""

    problem: RotationProblem
    standing: Standing
    account: RotationAccount
    dates: tuple[int, ...]
    span: Span
    first_day: int
    prices: DatePrices
    driving: DayDriving

    @classmethod
    def of(cls, problem: RotationProblem, standing: Standing, key: int, first_day: int) -> Trials | None:
        """None where no visit is missing. Raises ``KeyError`` for an unknown account."""
        driving, horizon = DayDriving(problem), len(problem.days)
        account = driving.accounts[key]
        dates = tuple(sorted(day for day, keys in standing.items() if key in keys))
        spans = missing_spans(account, dates, horizon)
        if not spans:
            return None
        span = next((span for span in spans if span.last >= first_day), spans[-1])
        prices = date_prices(account, horizon)
        return cls(problem, standing, account, dates, span, first_day, prices, driving)

    @property
    def has_gaps(self) -> bool:
        return self.account.cadence is not None and not self.account.fixed_days

    @cached_property
    def promised(self) -> range:
        """The days a visit was promised in, as far as they are to come."""
        return range(max(self.first_day, self.span.first), self.span.last + 1)

    @cached_property
    def full(self) -> tuple[int, ...]:
        """The promised days no rule is against, and which have no room."""
        return tuple(
            day
            for day in self.promised
            if self.rule(day) is None and self.shift(day) and self.added(day) is None
        )

    def rule(self, day: int) -> Blocked | None:
        return rule_against(self.problem, self.account, self.dates, day)[0]

    def rules(self) -> Iterator[Blocked]:
        """What keeps the visit out, for each promised day without room."""
        for day in self.promised:
            rule = self.rule(day)
            if rule is not None:
                yield rule
            elif self.added(day) is None:
                yield Blocked.FULL

    def shift(self, day: int) -> Shift | None:
        return self.problem.days[day].shift

    def keys(self, day: int) -> Sequence[int]:
        return self.standing.get(day, ())

    def others(self, day: int) -> list[RotationAccount]:
        return [self.driving.accounts[key] for key in self.keys(day)]

    def added(self, day: int) -> int | None:
        """Driving the visit adds to a day, None where it does not fit."""
        before = self.driving.of(day, self.keys(day))
        after = self.driving.of(day, [*self.keys(day), self.account.key])
        return None if before is None or after is None else after - before

    def added_as(self, day: int, account: RotationAccount, shift: Shift) -> int | None:
        """The same with the account's rules or the day's shift changed; the others fit as they do."""
        before = self.driving.of(day, self.keys(day))
        proof = self.driving.proof(day, shift, [*self.others(day), account])
        return None if before is None or proof is None or proof.cost is None else proof.cost - before

    def repair(self, kind: Kind, day: int, seconds: int, amount: int = 0, extra: int = 0) -> Repair:
        dates = self.prices.cost(sorted({*self.dates, day}))
        return Repair(kind, day, seconds, seconds + dates + extra, amount)

    def room(self) -> Iterator[Repair]:
        for day in self.promised:
            if self.rule(day) is None and (seconds := self.added(day)) is not None:
                yield self.repair(Kind.ROOM, day, seconds)

    def overtime(self) -> Iterator[Repair]:
        """The least that makes it fit, in whole minutes."""
        for day in self.full:
            shift = self.shift(day)
            assert shift is not None
            most = min(LONGEST_OVERTIME, DAY_SECONDS - shift.ends)
            if self.added_as(day, self.account, replace(shift, ends=shift.ends + most)) is None:
                continue
            stops = [*self.others(day), self.account]
            proof = self.driving.proof(day, shift, stops, most, 3600 * FIRST_OVERTIME)
            if proof is None or proof.cost is None:
                continue
            overtime = -(-(proof.cost // FIRST_OVERTIME) // 60) * 60
            seconds = self.added_as(day, self.account, replace(shift, ends=shift.ends + overtime))
            if seconds is not None:
                price = overtime * self.problem.overtime_price // 3600
                yield self.repair(Kind.OVERTIME, day, seconds, overtime, price)

    def shorter(self) -> Iterator[Repair]:
        """The longest visit that fits, in steps of five minutes and not below half."""
        usual = self.account.service_seconds
        for day in self.full:
            shift = self.shift(day)
            assert shift is not None
            if self.added_as(day, replace(self.account, service_seconds=-(-usual // 2)), shift) is None:
                continue
            for length in range(usual - LENGTH_STEP, usual // 2 - 1, -LENGTH_STEP):
                seconds = self.added_as(day, replace(self.account, service_seconds=length), shift)
                if seconds is not None:
                    yield self.repair(Kind.SHORTER, day, seconds, length, usual - length)
                    break
