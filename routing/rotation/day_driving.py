"""Least driving of a day with a set of visits, proven, and reckoned once for each set.

Where it cannot be proven (too many stops, rush hours, labels run out) nothing is claimed: the day counts as
not fitting, and ``is_certain`` turns false.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from routing.day.labels import MOST_STOPS, Proof, proven_order
from routing.types import DayProblem, RotationAccount, RotationProblem, Shift, Stop


class DayDriving:
    """``tries`` counts the days reckoned so far."""

    def __init__(self, problem: RotationProblem) -> None:
        self.problem = problem
        self.accounts = {account.key: account for account in problem.accounts}
        self.is_certain = True
        self.tries = 0
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
        self.tries += 1
        found = None
        if len(accounts) <= MOST_STOPS and not self.problem.travel.rush:
            posed = day_problem(self.problem, shift, accounts, day)
            found = proven_order(posed, None, overtime_seconds, overtime_price)
        if found is None or not found.is_proven:
            self.is_certain = False
            return None
        return found


def day_problem(
    problem: RotationProblem, shift: Shift, accounts: Sequence[RotationAccount], day: int
) -> DayProblem:
    """The day with these accounts, all of them musts."""
    stops = tuple(Stop(a.key, a.at, a.service_seconds, a.windows[day]) for a in accounts)
    return DayProblem(shift, stops, problem.travel)
