"""The rules of an account, and the account without one of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from routing.rotation.hours import WHOLE_DAY, Hours, usual_hours
from routing.types import RotationAccount, RotationProblem


class Rule(StrEnum):
    HOURS = "hours"
    """Open all day on the days it opens."""
    WEEKDAYS = "weekdays"
    """Open on every weekday."""
    LENGTH = "length"
    """Visits of half the length."""
    EARLIEST_GAP = "earliest_gap"
    """No least time between visits."""
    LATEST_GAP = "latest_gap"
    """Twice as long between visits at most."""
    CADENCE = "cadence"
    """Half as long again between visits."""
    CYCLE = "cycle"
    """Its cadence instead of fixed dates."""


def rules_of(problem: RotationProblem, key: int, may_open: Collection[int] = ()) -> tuple[Rule, ...]:
    """The rules of an account that bind at all. ``may_open``: days closed by nothing but their weekday."""
    account = next(one for one in problem.accounts if one.key == key)
    return tuple(rule for rule in Rule if relaxed(problem, account, rule, may_open) != account)


def relaxed(
    problem: RotationProblem, account: RotationAccount, rule: Rule, may_open: Collection[int]
) -> RotationAccount:
    """The account without the rule; the account itself where the rule does not bind."""
    has_gaps = account.cadence is not None and not account.fixed_days
    if rule is Rule.HOURS:
        return replace(account, windows=_all_day(problem, account))
    if rule is Rule.WEEKDAYS:
        return replace(account, windows=_all_week(problem, account, may_open))
    if rule is Rule.LENGTH:
        return replace(account, service_seconds=account.service_seconds // 2)
    if rule is Rule.CYCLE:
        return replace(account, fixed_days=()) if account.cadence is not None else account
    if not has_gaps or account.cadence is None:
        return account
    if rule is Rule.EARLIEST_GAP:
        return replace(account, earliest_gap=1, first_from=min(account.first_from, 0))
    more = account.latest_gap if rule is Rule.LATEST_GAP else account.latest_gap // 2
    later = replace(account, latest_gap=account.latest_gap + more, first_to=account.first_to + more)
    if rule is Rule.LATEST_GAP:
        return later
    half = account.cadence // 2
    return replace(later, cadence=account.cadence + half, first_wish=account.first_wish + half)


def _all_day(problem: RotationProblem, account: RotationAccount) -> tuple[Hours, ...]:
    """Open while the rep works, on the days it opens; as it is where its hours never bind."""
    binds = any(
        day.shift is not None and hours and not _covers(hours, day.shift.starts, day.shift.ends)
        for day, hours in zip(problem.days, account.windows, strict=True)
    )
    return tuple(WHOLE_DAY if hours else () for hours in account.windows) if binds else account.windows


def _covers(hours: Hours, starts: int, ends: int) -> bool:
    return any(window.opens <= starts and window.closes >= ends for window in hours)


def _all_week(
    problem: RotationProblem, account: RotationAccount, may_open: Collection[int]
) -> tuple[Hours, ...]:
    """Open at the hours it has on most days also on the weekdays it is closed on."""
    opened = usual_hours(account) or WHOLE_DAY
    return tuple(
        opened if not hours and number in may_open and problem.days[number].shift is not None else hours
        for number, hours in enumerate(account.windows)
    )
