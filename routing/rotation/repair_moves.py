"""Room made by another visit: it moves to a day that breaks no promise, and this one takes its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from routing.rotation.other_days import broken_promises, rule_against
from routing.rotation.prices import date_prices
from routing.rotation.repair_kinds import Kind, Repair
from routing.rotation.repair_trials import Trials
from routing.types import UNREACHABLE_SECONDS

ENOUGH_WORK = 400
"""Days of ten stops reckoned after which the moves found so far are enough: the most promising come first."""

MOST_WORK = 1500
"""Days of ten stops after which no more is looked for, found or not: two seconds."""

ENOUGH = 3


class Move(NamedTuple):
    """``guess``: what it may cost, to try the most promising first; ``left``: driving of the day it leaves
    less what that day has now; ``dates``: what its new date costs it."""

    guess: int
    day: int
    key: int
    to_day: int
    left: int
    dates: int


def moves(trials: Trials, movable: Collection[tuple[int, int]]) -> Iterator[Repair]:
    """``movable`` are pairs of day and key."""
    start, found = trials.driving.work, 0
    for move in sorted(_possible(trials, movable)):
        work = trials.driving.work - start
        if (found >= ENOUGH and work > ENOUGH_WORK) or work > MOST_WORK:
            trials.driving.is_certain &= found > 0
            return
        there = trials.standing.get(move.to_day, ())
        before = trials.driving.of(move.to_day, there)
        after = trials.driving.of(move.to_day, [*there, move.key])
        if before is None or after is None:
            continue
        found += 1
        seconds = move.left + after - before
        weight = seconds + move.dates + trials.prices.cost(sorted({*trials.dates, move.day}))
        yield Repair(
            Kind.MOVE, move.day, seconds, weight, key=move.key, from_day=move.day, to_day=move.to_day
        )


def _possible(trials: Trials, movable: Collection[tuple[int, int]]) -> Iterator[Move]:
    """Moves whose day left has room for the account then, to days no rule keeps the other off."""
    start = trials.driving.work
    for day in trials.full:
        keys = list(trials.keys(day))
        now = trials.driving.of(day, keys)
        for key in keys:
            if (day, key) not in movable or now is None:
                continue
            if trials.driving.work - start > MOST_WORK / 2:
                trials.driving.is_certain = False
                return
            rest = [*(other for other in keys if other != key), trials.account.key]
            then = trials.driving.of(day, rest)
            if then is not None:
                yield from _targets(trials, day, key, then - now)


def _targets(trials: Trials, day: int, key: int, left: int) -> Iterator[Move]:
    problem, account = trials.problem, trials.driving.accounts[key]
    dates = sorted(other for other, keys in trials.standing.items() if key in keys)
    others = [other for other in dates if other != day]
    prices = date_prices(account, len(problem.days))
    now = broken_promises(prices, dates)
    for to_day in range(trials.first_day, len(problem.days)):
        if to_day == day or rule_against(problem, account, others, to_day)[0] is not None:
            continue
        then = sorted({*others, to_day})
        if broken_promises(prices, then) > now:
            continue
        worse = problem.stability_price + prices.cost(then) - prices.cost(dates)
        yield Move(left + worse + _detour(trials, key, to_day), day, key, to_day, left, worse)


def _detour(trials: Trials, key: int, day: int) -> int:
    """Driving there and back from the nearest stop of the day, or from home: a guess."""
    shift, seconds = trials.shift(day), trials.problem.travel.seconds
    if shift is None:
        return UNREACHABLE_SECONDS
    at = trials.driving.accounts[key].at
    return min(
        int(seconds[other, at] + seconds[at, other])
        for other in [shift.start, *(one.at for one in trials.others(day))]
    )
