"""When visits that are given up come back: put for real into the coming days, one after the other.

A day soon is preferred to one that adds less driving weeks later; a promise is broken only where no day keeps
it. What no day takes waits for the account's next visit in the plan.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from planner.services.schedule.standing import StandingPlan

SOON_DAYS = 14
"""Calendar days within which the day that adds least driving is taken."""


@dataclass(frozen=True, slots=True)
class Back:
    """``on`` None: no day takes it; ``next_on`` is then the account's next visit in the plan, None for none.
    ``seconds`` is the driving it adds to its new day."""

    account_id: int
    on: date | None
    seconds: int | None
    breaks_promise: bool
    next_on: date | None


def days_for(
    plan: StandingPlan, account_ids: Sequence[int], from_on: date, agreed: Collection[int] = ()
) -> list[Back]:
    """A day after ``from_on`` for each account's visit of that date; those placed before fill their days.
    With those ``agreed`` a person has spoken: their gaps and due dates forbid no day."""
    left = (from_on - plan.horizon.from_on).days
    known = {account.key for account in plan.posed.problem.accounts}
    by_day = {day: list(keys) for day, keys in plan.by_day.items()}
    found = []
    for account_id in account_ids:
        next_day = min((d for d, keys in by_day.items() if d > left and account_id in keys), default=None)
        next_on = None if next_day is None else plan.horizon.date_of(next_day)
        chosen = None
        if account_id in known:
            chosen = _day_for(plan, by_day, account_id, left, agreed)
        if chosen is None:
            found.append(Back(account_id, None, None, False, next_on))
            continue
        day, seconds, breaks = chosen
        by_day[left] = [key for key in by_day.get(left, ()) if key != account_id]
        by_day.setdefault(day, []).append(account_id)
        found.append(Back(account_id, plan.horizon.date_of(day), seconds, breaks, next_on))
    return found


def _day_for(
    plan: StandingPlan, by_day: dict[int, list[int]], account_id: int, left: int, agreed: Collection[int]
) -> tuple[int, int, bool] | None:
    # The compiler behind this takes half a second to import.
    from routing.rotation.other_days import OWN_RULES, other_days

    allowed = {None, *(OWN_RULES if account_id in agreed else ())}
    free: list[tuple[int, int, bool]] = []
    for asked in _soon_and_later(plan, left):
        days = other_days(plan.posed.problem, by_day, account_id, left, asked)
        free += [
            (one.day, one.seconds, one.breaks_promise)
            for one in days
            if one.blocked in allowed and one.seconds is not None
        ]
        chosen = _chosen(free, left)
        if chosen is not None and not chosen[2]:
            return chosen
    return _chosen(free, left)


def _soon_and_later(plan: StandingPlan, left: int) -> tuple[range, range]:
    """Days after that one: most visits find one soon, and every day asked about is put in order anew."""
    first, end = left + 1, len(plan.posed.problem.days)
    later = min(first + SOON_DAYS, end)
    return range(first, later), range(later, end)


def _chosen(free: Sequence[tuple[int, int, bool]], left: int) -> tuple[int, int, bool] | None:
    """Of (day, seconds, breaks a promise)."""
    kept = [choice for choice in free if not choice[2]]
    soon = [choice for choice in kept if choice[0] <= left + SOON_DAYS]
    if soon:
        return min(soon, key=lambda choice: (choice[1], choice[0]))
    return min(kept or free, default=None)
