"""Many weeks of visits onto days: which days each account is visited on, and in which order.

Days are indices into the horizon, calendar days from 0; all prices are seconds, so that they add up
with driving. The objective is driving + balance + stability + deviation from the cadence + what is
missing; see ``RotationAccount`` and ``choice`` for the prices.
"""

from __future__ import annotations

from collections.abc import Callable

from routing.errors import BadProblem
from routing.rotation.outcome import plan_of
from routing.rotation.prepared import prepare
from routing.rotation.search import Search
from routing.types import RotationAccount, RotationPlan, RotationProblem, SearchBudget

__all__ = ["plan_rotation"]


def plan_rotation(
    problem: RotationProblem,
    budget: SearchBudget,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RotationPlan:
    """The best schedule found within the budget; the same one for the same seed and iterations.

    ``progress`` hears the share done, 0 to 1. ``cancelled`` ends the search with the best so far.
    Accounts without a possible day are listed with the reason. Raises ``BadProblem``.
    """
    _check(problem)
    search = Search(prepare(problem), budget.seed)
    search.construct()
    if problem.accounts:
        search.run(budget, progress, cancelled)
    if progress is not None:
        progress(1.0)
    return plan_of(search)


def _check(problem: RotationProblem) -> None:
    size = len(problem.travel.seconds)
    if problem.travel.seconds.shape != (size, size):
        raise BadProblem(why="the travel times are not square")
    if len({account.key for account in problem.accounts}) != len(problem.accounts):
        raise BadProblem(why="an account is named twice")
    for account in problem.accounts:
        fault = _fault(account, len(problem.days), size)
        if fault:
            raise BadProblem(why=f"account {account.key}: {fault}")


def _fault(account: RotationAccount, horizon: int, places: int) -> str:
    if not 0 <= account.at < places:
        return "no travel times to it"
    if len(account.windows) != horizon:
        return "opening windows for another number of days"
    if account.service_seconds < 0 or account.price < 0 or account.lateness_price < 0:
        return "a negative length or price"
    if account.cadence is not None and not (
        1 <= account.earliest_gap <= account.cadence <= account.latest_gap
    ):
        return "gaps that do not lie around the cadence"
    return ""
