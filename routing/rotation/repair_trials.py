"""One account and the days its missing visit could lie on: what each change of a rule would make possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from routing.day import route_of
from routing.rotation.day_driving import DayDriving, day_problem
from routing.rotation.missing import Span, missing_spans
from routing.rotation.other_days import OWN_RULES, Blocked, Standing, broken_promises, rule_against
from routing.rotation.prices import DatePrices, date_prices
from routing.rotation.repair_kinds import Kind, Repair
from routing.types import RotationAccount, RotationProblem, Shift, TimeWindow

LONGEST_OVERTIME = 2 * 3600
LENGTH_STEP = 5 * 60
WIDENING_STEP, WIDEST = 15 * 60, 2 * 3600

DAY_SECONDS = 24 * 3600
WHOLE_DAY = (TimeWindow(0, DAY_SECONDS),)
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

    def _overruled(self) -> Iterator[tuple[int, int, int]]:
        """Days with room against the account's own dates: day, days by which a rule is passed, driving."""
        after = -1 if self.span.after is None else self.span.after
        now = broken_promises(self.prices, self.dates)
        for day in range(max(self.first_day, after + 1), self.span.last + 1):
            blocked, near = rule_against(self.problem, self.account, self.dates, day)
            is_own = blocked in OWN_RULES or (blocked is None and day < self.span.first)
            if not is_own or broken_promises(self.prices, sorted({*self.dates, day})) > now:
                continue
            if (seconds := self.added(day)) is None:
                continue
            gaps = [self.span.first - day]
            if near is not None:
                gaps.append(self.account.earliest_gap - abs(day - near))
            yield day, max(1, *gaps), seconds

    def overrule(self) -> Iterator[Repair]:
        for day, by_days, seconds in self._overruled():
            yield self.repair(Kind.OVERRULE, day, seconds, by_days, self._off_cycle(by_days))

    def earliest_gap(self) -> Iterator[Repair]:
        """The least that makes it fit."""
        found = [
            one for one in self._overruled() if 0 < one[1] < self.account.earliest_gap and self._is_kept(*one)
        ]
        if found:
            day, by_days, seconds = min(found, key=lambda one: (one[1], one[2]))
            yield self.repair(Kind.EARLIEST_GAP, day, seconds, by_days)

    def _is_kept(self, day: int, by_days: int, seconds: int) -> bool:
        """Whether the gap, shorter by so many days, has no word against the day."""
        account = self.account
        less = replace(
            account,
            earliest_gap=account.earliest_gap - by_days,
            first_from=account.first_from - by_days,
            seasons=(),
        )
        return rule_against(self.problem, less, self.dates, day)[0] is None

    def later(self) -> Iterator[Repair]:
        """Days after the promised ones, up to the visit that stands next."""
        before = len(self.problem.days) if self.span.before is None else self.span.before
        for day in range(max(self.first_day, self.span.last + 1), before):
            if self.rule(day) is None and (seconds := self.added(day)) is not None:
                late = day - self.span.promised
                yield self.repair(Kind.LATER, day, seconds, late, self._off_cycle(late))

    def _off_cycle(self, days: int) -> int:
        """What days away from a fixed date cost: as much a week as a cadence missed does."""
        return self.account.lateness_price * days // 7 if self.account.fixed_days else 0

    def latest_gap(self) -> Iterator[Repair]:
        """The least that makes it fit."""
        first = min(self.later(), key=lambda repair: repair.day, default=None)
        if first is not None:
            yield replace(first, kind=Kind.LATEST_GAP)

    def hours(self) -> Iterator[Repair]:
        """The least they would have to give, in quarters of an hour."""
        for day in self.full:
            shift = self.shift(day)
            assert shift is not None
            if self.added_as(day, _with_hours(self.account, day, WHOLE_DAY), shift) is None:
                continue
            for more in range(WIDENING_STEP, WIDEST + 1, WIDENING_STEP):
                wider = _wider(self.account, day, more)
                seconds = self.added_as(day, wider, shift)
                if seconds is not None:
                    hint = self.repair(Kind.HOURS, day, seconds, more, more)
                    yield replace(hint, begins=self._begins(day, wider))
                    break

    def weekdays(self, may_open: Collection[int]) -> Iterator[Repair]:
        """The cheapest day of each weekday it is closed on, at the hours it has on most days."""
        hours = Counter(windows for windows in self.account.windows if windows).most_common(1)
        if not hours:
            return
        best: dict[int, Repair] = {}
        for day in self.promised:
            shift = self.shift(day)
            if day not in may_open or self.rule(day) is not Blocked.CLOSED or shift is None:
                continue
            open_then = _with_hours(self.account, day, hours[0][0])
            if rule_against(self.problem, open_then, self.dates, day)[0] is not None:
                continue
            seconds = self.added_as(day, open_then, shift)
            if seconds is not None:
                hint = self.repair(Kind.WEEKDAY, day, seconds)
                hint = replace(hint, begins=self._begins(day, open_then))
                known = best.get(day % 7)
                best[day % 7] = hint if known is None or hint.weight < known.weight else known
        yield from best.values()

    def _begins(self, day: int, account: RotationAccount) -> int | None:
        """When service begins in the day's best order."""
        shift = self.shift(day)
        assert shift is not None
        posed = day_problem(self.problem, shift, [*self.others(day), account], day)
        proof = self.driving.proof(day, shift, [*self.others(day), account])
        route = route_of(posed, proof.stops) if proof and proof.stops is not None else None
        return next((stop.begins for stop in route.stops if stop.key == account.key), None) if route else None


def _wider(account: RotationAccount, day: int, more: int) -> RotationAccount:
    """Windows that then overlap are as good as one."""
    hours = tuple(TimeWindow(max(0, w.opens - more), w.closes + more) for w in account.windows[day])
    return _with_hours(account, day, hours)


def _with_hours(account: RotationAccount, day: int, hours: tuple[TimeWindow, ...]) -> RotationAccount:
    return replace(account, windows=(*account.windows[:day], hours, *account.windows[day + 1 :]))
