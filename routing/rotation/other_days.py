"""One account's visit on every other day: what each day would cost, or the rule that blocks it.

Everybody else stays where they are. Of the day gained and of the day left the best order is found anew, so
that a figure is what planning both days again would say. Days are calendar days of the horizon from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from routing.day.labels import MOST_STOPS, proven_order
from routing.day.measure import insertion_seconds
from routing.rotation.day_driving import day_problem
from routing.rotation.prices import DatePrices, date_prices, season_of
from routing.types import RotationAccount, RotationProblem

Standing = Mapping[int, Sequence[int]]
"""Keys of the accounts visited on each day, in driving order."""


class Blocked(StrEnum):
    DAY_OFF = "day_off"
    VISITED = "visited"
    """The account is visited that day already."""
    CLOSED = "closed"
    TOO_NEAR = "too_near"
    """Nearer to another of its visits than the earliest gap."""
    TOO_EARLY = "too_early"
    """Before it is due again."""
    FULL = "full"
    """No order of that day's visits leaves room for one more."""


OWN_RULES = frozenset({Blocked.TOO_NEAR, Blocked.TOO_EARLY})
"""Kept by every plan; a visit agreed by hand may break them."""


@dataclass(frozen=True, slots=True)
class OtherDay:
    """``seconds`` of driving a visit adds to the day, None where it cannot be. ``blocked`` by a rule: of the
    account's own dates (``OWN_RULES``) a person may decide otherwise, of the others not. ``breaks_promise``:
    with the visit there a gap is longer than the latest one, or the first visit too late, which now is not
    so. ``nearest`` is the day of the visit it is too near to."""

    day: int
    seconds: int | None
    blocked: Blocked | None = None
    breaks_promise: bool = False
    nearest: int | None = None


def other_days(
    problem: RotationProblem,
    standing: Standing,
    key: int,
    moving: int | None = None,
    asked: Sequence[int] | None = None,
) -> tuple[OtherDay, ...]:
    """Every day of the horizon, or those ``asked`` about. ``moving``: the day of the visit that would move,
    None for one more visit; of that day ``seconds`` is what the visit adds there now. Raises ``KeyError`` for
    an unknown account."""
    accounts = {account.key: account for account in problem.accounts}
    account = accounts[key]
    without = {day: [k for k in keys if not (day == moving and k == key)] for day, keys in standing.items()}
    dates = sorted(day for day, keys in without.items() if key in keys)
    prices = date_prices(account, len(problem.days))
    now = broken_promises(prices, sorted({*dates, *(() if moving is None else (moving,))}))
    found = []
    for day in range(len(problem.days)) if asked is None else asked:
        blocked, nearest = rule_against(problem, account, dates, day)
        can_be = blocked is None or blocked in OWN_RULES
        seconds = None if not can_be else _added(problem, accounts, without.get(day, ()), account, day)
        if can_be and seconds is None:
            blocked, nearest = Blocked.FULL, None
        breaks = blocked is None and broken_promises(prices, sorted({*dates, day})) > now
        found.append(OtherDay(day, seconds, blocked, breaks, nearest))
    return tuple(found)


def visit_seconds(problem: RotationProblem, standing: Standing, key: int) -> dict[int, int | None]:
    """By day of its visits, the driving each adds: the day's with it less the day's without it, each in its
    best order; None for a day that does not fit as it stands. Raises ``KeyError`` for an unknown account."""
    accounts = {account.key: account for account in problem.accounts}
    account = accounts[key]
    return {
        day: _added(problem, accounts, [other for other in keys if other != key], account, day)
        for day, keys in sorted(standing.items())
        if key in keys and problem.days[day].shift is not None
    }


def rule_against(
    problem: RotationProblem, account: RotationAccount, dates: Sequence[int], day: int
) -> tuple[Blocked | None, int | None]:
    """What keeps one more visit off a day, and the day of the visit it is too near to; ``dates`` are the
    account's other visits."""
    shift = problem.days[day].shift
    if shift is None:
        return Blocked.DAY_OFF, None
    if day in dates:
        return Blocked.VISITED, None
    if not account.windows[day]:
        return Blocked.CLOSED, None
    near = min(dates, key=lambda other: abs(other - day), default=None)
    if (
        near is not None
        and account.cadence is not None
        and not account.fixed_days
        and abs(near - day) < _earliest_gap(account, day, near)
    ):
        return Blocked.TOO_NEAR, near
    if account.cadence is not None and not account.fixed_days and day < account.first_from:
        return Blocked.TOO_EARLY, None
    return None, None


def _earliest_gap(account: RotationAccount, day: int, other: int) -> int:
    """That of the season in which the earlier of the two visits lies."""
    return season_of(account, min(day, other)).earliest_gap


def broken_promises(prices: DatePrices, days: Sequence[int]) -> int:
    """How many promises the dates break."""
    if not days:
        return int(prices.never_is_broken)
    gaps = sum(bool(prices.gaps[prices.season(a)].is_broken[b - a]) for a, b in pairwise(days))
    return gaps + bool(prices.first.is_broken[days[0]]) + bool(prices.last.is_broken[days[-1]])


def _added(
    problem: RotationProblem,
    accounts: Mapping[int, RotationAccount],
    keys: Sequence[int],
    account: RotationAccount,
    day: int,
) -> int | None:
    """Driving of the day with the account less driving without it; None where it does not fit."""
    shift = problem.days[day].shift
    assert shift is not None
    before = day_problem(problem, shift, [accounts[key] for key in keys], day)
    after = day_problem(problem, shift, [*(accounts[key] for key in keys), account], day)
    if len(after.stops) > MOST_STOPS or problem.travel.rush:
        return insertion_seconds(after, range(len(keys)), len(keys))
    with_it, without_it = proven_order(after), proven_order(before)
    if not (with_it.is_proven and without_it.is_proven):
        return insertion_seconds(after, range(len(keys)), len(keys))
    if with_it.cost is None or without_it.cost is None:
        return None
    return with_it.cost - without_it.cost
