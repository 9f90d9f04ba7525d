"""Repairs of an account's own dates: a day against its gaps or its cycle, a later one, other gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routing.rotation.other_days import OWN_RULES, broken_promises, rule_against
from routing.rotation.repair_kinds import Kind, Repair
from routing.rotation.repair_trials import Trials


def _overruled(trials: Trials) -> Iterator[tuple[int, int, int]]:
    """Days with room against the account's own dates: day, days by which a rule is passed, driving."""
    after = -1 if trials.span.after is None else trials.span.after
    now = broken_promises(trials.prices, trials.dates)
    for day in range(max(trials.first_day, after + 1), trials.span.last + 1):
        blocked, near = rule_against(trials.problem, trials.account, trials.dates, day)
        is_own = blocked in OWN_RULES or (blocked is None and day < trials.span.first)
        if not is_own or broken_promises(trials.prices, sorted({*trials.dates, day})) > now:
            continue
        if (seconds := trials.added(day)) is None:
            continue
        gaps = [trials.span.first - day]
        if near is not None:
            gaps.append(trials.account.earliest_gap - abs(day - near))
        yield day, max(1, *gaps), seconds


def overrule(trials: Trials) -> Iterator[Repair]:
    for day, by_days, seconds in _overruled(trials):
        yield trials.repair(Kind.OVERRULE, day, seconds, by_days, _off_cycle(trials, by_days))


def earliest_gap(trials: Trials) -> Iterator[Repair]:
    """The least that makes it fit."""
    found = [
        one
        for one in _overruled(trials)
        if 0 < one[1] < trials.account.earliest_gap and _is_kept(trials, *one)
    ]
    if found:
        day, by_days, seconds = min(found, key=lambda one: (one[1], one[2]))
        yield trials.repair(Kind.EARLIEST_GAP, day, seconds, by_days)


def _is_kept(trials: Trials, day: int, by_days: int, seconds: int) -> bool:
    """Whether the gap, shorter by so many days, has no word against the day."""
    account = trials.account
    less = replace(
        account,
        earliest_gap=account.earliest_gap - by_days,
        first_from=account.first_from - by_days,
        seasons=(),
    )
    return rule_against(trials.problem, less, trials.dates, day)[0] is None


def later(trials: Trials) -> Iterator[Repair]:
    """Days after the promised ones, up to the visit that stands next."""
    before = len(trials.problem.days) if trials.span.before is None else trials.span.before
    for day in range(max(trials.first_day, trials.span.last + 1), before):
        if trials.rule(day) is None and (seconds := trials.added(day)) is not None:
            late = day - trials.span.promised
            yield trials.repair(Kind.LATER, day, seconds, late, _off_cycle(trials, late))


def _off_cycle(trials: Trials, days: int) -> int:
    """What days away from a fixed date cost: as much a week as a cadence missed does."""
    return trials.account.lateness_price * days // 7 if trials.account.fixed_days else 0


def latest_gap(trials: Trials) -> Iterator[Repair]:
    """The least that makes it fit."""
    first = min(later(trials), key=lambda repair: repair.day, default=None)
    if first is not None:
        yield replace(first, kind=Kind.LATEST_GAP)
