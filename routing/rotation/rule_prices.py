"""What one rule of an account costs a plan: the plan searched anew with that rule relaxed.

Both the plan as it is and the relaxed one are searched for the same number of trials from the same dates, so
that what the search gains by itself is not put down to the rule. Where the relaxed plan is dearer the rule
costs nothing: the plan as it is keeps the relaxed rule too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from routing.rotation import plan_rotation
from routing.rotation.other_days import Standing
from routing.rotation.prices import date_prices
from routing.rotation.relaxed_rules import Rule, relaxed
from routing.types import RotationAccount, RotationPlan, RotationProblem, RotationVisit, SearchBudget

STABILITY_SECONDS = 60
"""What moving a visit must save, so that only what the rule holds in place moves."""


@dataclass(frozen=True, slots=True)
class Change:
    """A visit that lies elsewhere once the rule is relaxed; None: there is none. Seconds are its detour."""

    key: int
    from_day: int | None
    to_day: int | None
    from_seconds: int
    to_seconds: int


@dataclass(frozen=True, slots=True)
class RulePrice:
    """``seconds`` = ``driving_seconds`` + ``service_seconds`` + what dates of others, evenness and moves are
    priced at. The account's own dates are left out: it is their rules that change."""

    rule: Rule
    seconds: int
    driving_seconds: int
    service_seconds: int
    changes: tuple[Change, ...]
    before: RotationPlan
    after: RotationPlan


def rule_price(
    problem: RotationProblem,
    standing: Standing,
    key: int,
    rule: Rule,
    budget: SearchBudget,
    may_open: Collection[int] = (),
    first_day: int = 0,
    progress: Callable[[float], None] | None = None,
) -> RulePrice:
    """Days before ``first_day`` stay as they stand; ``progress`` is told shares from 0 to 1. Raises
    ``KeyError`` for an unknown account."""
    free = _frozen(relaxed(problem, _account(problem, key), rule, may_open), standing, first_day)
    problem = replace(problem, accounts=tuple(_frozen(one, standing, first_day) for one in problem.accounts))
    account = _account(problem, key)
    start = _published(problem, {day: set(keys) for day, keys in standing.items()})
    first = plan_rotation(start, budget, _third(progress, 0))
    settled = _published(problem, _days(first))
    loose = replace(
        settled,
        accounts=tuple(
            replace(free, published_days=one.published_days) if one.key == key else one
            for one in settled.accounts
        ),
    )
    before = plan_rotation(settled, budget, _third(progress, 1))
    after = plan_rotation(loose, budget, _third(progress, 2))
    seconds = _cost(before, account) - _cost(after, free)
    if seconds <= 0:
        return RulePrice(rule, 0, 0, 0, (), before, before)
    return RulePrice(
        rule=rule,
        seconds=seconds,
        driving_seconds=before.driving_seconds - after.driving_seconds,
        service_seconds=_service(before, account) - _service(after, free),
        changes=tuple(_changes(before, after, key)),
        before=before,
        after=after,
    )


def _third(progress: Callable[[float], None] | None, number: int) -> Callable[[float], None] | None:
    """Of three searches one after the other."""
    return None if progress is None else lambda share: progress((number + share) / 3)


def _account(problem: RotationProblem, key: int) -> RotationAccount:
    return {account.key: account for account in problem.accounts}[key]


def _frozen(account: RotationAccount, standing: Standing, first_day: int) -> RotationAccount:
    """The account with its visits before a day agreed, and no other possible there."""
    stands = {day for day in range(first_day) if account.key in standing.get(day, ())}
    closed = tuple(hours if day in stands else () for day, hours in enumerate(account.windows[:first_day]))
    return replace(
        account,
        windows=(*closed, *account.windows[first_day:]),
        pinned_days=tuple(sorted({*account.pinned_days, *stands})),
    )


def _published(problem: RotationProblem, days: dict[int, set[int]]) -> RotationProblem:
    """The problem with these dates announced."""
    return replace(
        problem,
        stability_price=STABILITY_SECONDS,
        accounts=tuple(
            replace(one, published_days=tuple(sorted(day for day, keys in days.items() if one.key in keys)))
            for one in problem.accounts
        ),
    )


def _days(plan: RotationPlan) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for visit in plan.visits:
        found.setdefault(visit.day, set()).add(visit.key)
    return found


def _visits(plan: RotationPlan, key: int) -> dict[int, RotationVisit]:
    return {visit.day: visit for visit in sorted(plan.visits, key=lambda v: v.day) if visit.key == key}


def _service(plan: RotationPlan, account: RotationAccount) -> int:
    return account.service_seconds * len(_visits(plan, account.key))


def _cost(plan: RotationPlan, account: RotationAccount) -> int:
    """All that is priced but the account's own dates, and the length of its visits."""
    days = sorted({*_visits(plan, account.key), *account.pinned_days})
    own = date_prices(account, len(account.windows)).cost(days)
    own += account.price * len(set(account.fixed_days) - set(days))
    return plan.cost_seconds - own + _service(plan, account)


def _changes(before: RotationPlan, after: RotationPlan, key: int) -> Iterator[Change]:
    """The account's own visits first, then those that make way; dates are paired in their order."""
    keys = {visit.key for visit in (*before.visits, *after.visits)}
    for other in sorted(keys, key=lambda one: (one != key, one)):
        old, new = _visits(before, other), _visits(after, other)
        gone, come = [day for day in old if day not in new], [day for day in new if day not in old]
        for number in range(max(len(gone), len(come))):
            left = old[gone[number]] if number < len(gone) else None
            made = new[come[number]] if number < len(come) else None
            yield Change(
                key=other,
                from_day=left.day if left else None,
                to_day=made.day if made else None,
                from_seconds=left.detour_seconds if left else 0,
                to_seconds=made.detour_seconds if made else 0,
            )
