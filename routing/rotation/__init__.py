"""Many weeks of visits onto days: the rotation of one rep, by ruin and recreate.

Days are calendar days of the horizon from 0, so that gaps are what people mean by them. A plan keeps
windows, shifts, lunch and earliest gaps always; what it cannot keep of the promises is priced, and
listed with its reason. The cost is explained in ``docs/planning.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from routing.rotation.plan import plan_of, polish
from routing.rotation.search import Search
from routing.rotation.setting import setting_of
from routing.types import RotationPlan, RotationProblem, SearchBudget

__all__ = ["plan_rotation"]

PROGRESS_STEPS = 100


def plan_rotation(
    problem: RotationProblem,
    budget: SearchBudget,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RotationPlan:
    """The best plan met within the budget; with 0 iterations the one construction leads to.

    ``progress`` is told shares from 0 to 1, ``cancelled`` is asked before every iteration; a cancelled
    search returns what it has. Same problem, seed and iterations: same plan, unless the cap in seconds
    ends it earlier. Raises ``BadProblem`` and ``Unreachable`` (a shift whose end cannot be reached).
    """
    began = monotonic()
    search = Search(setting_of(problem), budget.seed)
    search.construct()
    best, done = search.snapshot(), 0
    while done < budget.iterations and not (cancelled is not None and cancelled()):
        if budget.seconds is not None and monotonic() - began > budget.seconds:
            break
        search.iterate(done / budget.iterations)
        done += 1
        if search.cost < best.cost:
            best = search.snapshot()
        if progress is not None and done % max(1, budget.iterations // PROGRESS_STEPS) == 0:
            progress(done / budget.iterations)
    search.restore(best)
    polish(search)
    if progress is not None:
        progress(1.0)
    return plan_of(search, done)
