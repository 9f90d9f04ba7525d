"""Least driving of a day with a set of visits, proven, and reckoned once for each set.

Where it cannot be proven (too many stops, rush hours, labels run out) nothing is claimed: the day counts as
not fitting, and ``is_certain`` turns false.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from routing.day.labels import MOST_STOPS, Proof, proven_order
from routing.types import UNREACHABLE_SECONDS, DayProblem, RotationAccount, RotationProblem, Shift, Stop


class DayDriving:
    """``work`` counts the days reckoned so far, one of ten stops as 1, and each stop more as twice that."""

    def __init__(self, problem: RotationProblem) -> None:
        self.problem = problem
        self.accounts = {account.key: account for account in problem.accounts}
        self.is_certain = True
        self.work = 0.0
        self._known: dict[tuple[int, frozenset[int]], int | None] = {}

    def of(self, day: int, keys: Collection[int]) -> int | None:
        """Seconds of a day that visits these accounts, None where they do not fit."""
        known = (day, frozenset(keys))
        if known not in self._known:
            shift = self.problem.days[day].shift
            proof = (
                None if shift is None else self.proof(day, shift, [self.accounts[k] for k in sorted(keys)])
            )
            self._known[known] = proof.cost if proof else None
        return self._known[known]

    def proof(
        self,
        day: int,
        shift: Shift,
        accounts: Sequence[RotationAccount],
        overtime_seconds: int = 0,
        overtime_price: int = 0,
    ) -> Proof | None:
        """The best order of any accounts in any shift; None where nothing is proven."""
        if too_little_time(self.problem, shift, accounts, overtime_seconds):
            return Proof(None, None, is_proven=True)
        self.work += 2.0 ** (len(accounts) - 10)
        found = None
        if len(accounts) <= MOST_STOPS and not self.problem.travel.rush:
            posed = day_problem(self.problem, shift, accounts, day)
            # No day drives longer than its shift lasts: where none fits, that ends the search early.
            most = shift.ends - shift.starts + overtime_seconds - sum(a.service_seconds for a in accounts)
            most += overtime_price * overtime_seconds // 3600
            found = proven_order(posed, most + 1, overtime_seconds, overtime_price)
        if found is None or not found.is_proven:
            self.is_certain = False
            return None
        return found


def too_little_time(
    problem: RotationProblem, shift: Shift, accounts: Sequence[RotationAccount], overtime_seconds: int = 0
) -> bool:
    """Whether the visits and the shortest way to each of them and home are longer than the shift: most days
    that are too full are seen to be so without any search."""
    if not accounts:
        return False
    goals = [*(account.at for account in accounts), shift.end]
    origins = [*(account.at for account in accounts), shift.start]
    ways = problem.travel.seconds[np.ix_(origins, goals)].copy()
    count = len(accounts)
    ways[np.arange(count), np.arange(count)] = UNREACHABLE_SECONDS
    ways[count, count] = UNREACHABLE_SECONDS
    least = int(ways.min(axis=0).sum()) + sum(account.service_seconds for account in accounts)
    return least > shift.ends + overtime_seconds - shift.starts


def day_problem(
    problem: RotationProblem, shift: Shift, accounts: Sequence[RotationAccount], day: int
) -> DayProblem:
    """The day with these accounts, all of them musts."""
    stops = tuple(Stop(a.key, a.at, a.service_seconds, a.windows[day]) for a in accounts)
    return DayProblem(shift, stops, problem.travel)
