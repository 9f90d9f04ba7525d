"""An independent judge of schedules: the rotation's rules and prices from scratch.

``faults`` names what a plan breaks; ``cost`` adds up its objective from the visits alone; ``optimum``
tries every set of days for every account and every order of every day. Lunch is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain, combinations, pairwise, permutations, product

from routing.types import UNREACHABLE_SECONDS, RotationAccount, RotationPlan, RotationProblem

Dates = tuple[int, ...]


def dates_of(plan: RotationPlan, key: int) -> Dates:
    return tuple(sorted(visit.day for visit in plan.visits if visit.key == key))


def order_of(plan: RotationPlan, day: int) -> tuple[int, ...]:
    return tuple(v.key for v in sorted(plan.visits, key=lambda v: v.position) if v.day == day)


def faults(problem: RotationProblem, plan: RotationPlan) -> list[str]:
    """What the plan breaks. Gaps beyond the latest are no fault, but must be listed as unplaced."""
    found = []
    for day in range(len(problem.days)):
        order = order_of(plan, day)
        if order and drive(problem, day, order) is None:
            found.append(f"day {day}: {order} does not fit")
        if len(set(order)) != len(order):
            found.append(f"day {day}: an account twice")
    listed = {(entry.key, entry.first_from, entry.first_to) for entry in plan.unplaced}
    for account in problem.accounts:
        days = dates_of(plan, account.key)
        if account.cadence is None or account.fixed_days:
            continue
        for a, b in pairwise(days):
            if b - a < account.earliest_gap and not {a, b} & set(account.pinned_days):
                found.append(f"{account.key}: {a} and {b} are too near")
            if (
                b - a > account.latest_gap
                and (account.key, a + account.earliest_gap, a + account.latest_gap) not in listed
            ):
                found.append(f"{account.key}: {a} to {b} is too far and not said")
        if not days and (account.key, account.first_from, account.first_to) not in listed:
            found.append(f"{account.key}: missing and not said")
    return found


def drive(problem: RotationProblem, day: int, order: tuple[int, ...]) -> int | None:
    """Driving seconds of a day in this order, or None when it breaks a window or the shift."""
    shift = problem.days[day].shift
    if shift is None:
        return None
    by_key = {account.key: account for account in problem.accounts}
    seconds = problem.travel.seconds
    at, time, driven = shift.start, shift.starts, 0
    for key in order:
        account = by_key[key]
        leg = int(seconds[at, account.at])
        if leg >= UNREACHABLE_SECONDS:
            return None
        time, driven, at = time + leg, driven + leg, account.at
        begins = [max(time, w.opens) for w in account.windows[day] if max(time, w.opens) <= w.closes]
        if not begins:
            return None
        time = min(begins) + account.service_seconds
    leg = int(seconds[at, shift.end])
    return driven + leg if leg < UNREACHABLE_SECONDS and time + leg <= shift.ends else None


def price(account: RotationAccount, days: Dates, horizon: int) -> int:
    """What the dates cost besides driving, written out from the definitions in ``RotationAccount``."""
    assert account.cadence is not None
    if not days:
        missing = -(-(horizon - account.first_to) // account.cadence)
        return account.price * max(1, missing)
    total = account.lateness_price * abs(days[0] - account.first_wish) // account.cadence
    total += _broken(account, days[0] - account.first_to)
    for a, b in pairwise(days):
        total += account.lateness_price * abs(b - a - account.cadence) // account.cadence
        total += _broken(account, b - a - account.latest_gap)
    return total + _broken(account, horizon - days[-1] - account.latest_gap)


def _broken(account: RotationAccount, beyond: int) -> int:
    assert account.cadence is not None
    return account.price // 2 + account.price * beyond // account.cadence if beyond > 0 else 0


def cost(problem: RotationProblem, plan: RotationPlan) -> int:
    horizon = len(problem.days)
    total = 0
    for day in range(horizon):
        order = order_of(plan, day)
        driven = drive(problem, day, order) if order else 0
        assert driven is not None
        total += driven + problem.balance_price * len(order) ** 2
    for account in problem.accounts:
        days = dates_of(plan, account.key)
        total += price(account, days, horizon)
        total += problem.stability_price * len(set(account.published_days) - set(days))
    return total


def optimum(problem: RotationProblem) -> int:
    """The least cost of all schedules, by trying them all. For a handful of accounts and days only."""

    @cache
    def best_drive(day: int, keys: frozenset[int]) -> int | None:
        drives = [drive(problem, day, order) for order in permutations(sorted(keys))]
        return min((d for d in drives if d is not None), default=None)

    horizon = len(problem.days)
    choices = [list(_legal_sets(account, horizon)) for account in problem.accounts]
    best = None
    for chosen in product(*choices):
        total = sum(price(a, d, horizon) for a, d in zip(problem.accounts, chosen, strict=True))
        for day in range(horizon):
            keys = frozenset(a.key for a, d in zip(problem.accounts, chosen, strict=True) if day in d)
            driven = best_drive(day, keys) if keys else 0
            if driven is None:
                break
            total += driven + problem.balance_price * len(keys) ** 2
        else:
            best = total if best is None else min(best, total)
    assert best is not None
    return best


def _legal_sets(account: RotationAccount, horizon: int) -> Iterator[Dates]:
    subsets = chain.from_iterable(combinations(range(horizon), n) for n in range(horizon + 1))
    for days in subsets:
        gaps_hold = all(b - a >= account.earliest_gap for a, b in pairwise(days))
        if gaps_hold and (not days or days[0] >= account.first_from):
            yield days
