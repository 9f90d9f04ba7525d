"""Visits that stand already: the order in which a day drives to them before anything else is placed.

A standing visit that does not fit (closed, beyond the roads, too many of them) is not driven to; the
plan lists it.
"""

from __future__ import annotations

from routing.day import solve_day
from routing.rotation.setting import Run, Setting
from routing.types import DayProblem, SearchBudget, Stop

STANDING_BUDGET = SearchBudget(iterations=50, seconds=5.0)
"""Only for days with more standing visits than can be proven; hardly ever needed."""


def standing_order(setting: Setting, run: Run) -> list[int]:
    """Account numbers of the visits that stand on this rep's day and fit, in driving order."""
    stops = tuple(
        Stop(number, wanted.account.at, wanted.account.service_seconds, wanted.windows[run.slot])
        for number, wanted in enumerate(setting.wanted)
        if run.slot in wanted.pinned and wanted.windows[run.slot] and _is_his(wanted.account.reps, run)
    )
    if not stops:
        return []
    route = solve_day(DayProblem(run.shift, stops, setting.problem.travel), STANDING_BUDGET)
    return [stop.key for stop in route.stops]


def _is_his(reps: tuple[int, ...], run: Run) -> bool:
    """A standing visit is the first rep's who may go there."""
    return run.rep == (min(reps) if reps else 0)
