"""Many weeks of visits onto days: the rotation of one rep or several, by ruin and recreate.

Days are calendar days of the horizon from 0, so that gaps are what people mean by them. A plan keeps
windows, shifts, lunch and earliest gaps always; what it cannot keep of the promises is priced, and
listed with its reason. The cost is explained in ``docs/planning.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import numpy as np

from routing.rotation.setting import setting_of
from routing.types import (
    RotationAccount,
    RotationDay,
    RotationPlan,
    RotationProblem,
    SearchBudget,
    Shift,
    TimeWindow,
    TravelMatrix,
)

__all__ = ["plan_rotation", "warm_up"]


def plan_rotation(
    problem: RotationProblem,
    budget: SearchBudget,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = monotonic,
) -> RotationPlan:
    """The best plan met within the budget; with 0 iterations the one construction leads to.

    ``progress`` is told shares from 0 to 1, ``cancelled`` is asked every few trials; a cancelled search
    returns what it has. Same problem, seed and iterations: same plan, unless the cap in seconds, read off
    ``clock``, ends it earlier. Where dates are published the search begins with them.

    Raises ``BadProblem`` and ``Unreachable`` (a shift whose end cannot be reached).
    """
    # The compiler behind these takes half a second to import; only a search needs it.
    from routing.rotation.plan import plan_of, polish
    from routing.rotation.search import Search

    search = Search(setting_of(problem), budget.seed)
    search.construct()
    done = search.improve(budget, progress or _nobody, cancelled or _never, clock)
    search.settle_nights()
    proven = polish(search)
    if progress is not None:
        progress(1.0)
    return plan_of(search, done, proven)


def warm_up() -> None:
    """Have everything compiled that a search needs: a minute or more the first time on a machine, a second
    later."""
    from routing.day.labels import warm_up as warm_up_labels

    travel = TravelMatrix(np.zeros((2, 2), dtype=np.int64), np.zeros((2, 2), dtype=np.int64), "none")
    always = ((TimeWindow(0, 9),),)
    account = RotationAccount(1, 1, 1, always, 1, 1, 1, 0, 0, 0, price=9, lateness_price=1)
    problem = RotationProblem((RotationDay(Shift(0, 9)),), (account,), travel)
    plan_rotation(problem, SearchBudget(iterations=1))
    warm_up_labels()


def _nobody(share: float) -> None:
    """Nobody wants to know."""


def _never() -> bool:
    return False
