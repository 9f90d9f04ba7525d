"""Visits that stand already: the order in which a day drives to them before anything else is placed.

A standing visit that does not fit (closed, beyond the roads, too many of them) is not driven to; the
plan lists it.
"""

from __future__ import annotations

from routing.day import solve_day
from routing.rotation.setting import Setting
from routing.types import DayProblem, SearchBudget, Stop

STANDING_BUDGET = SearchBudget(iterations=50, seconds=2.0)
"""Only for days with more standing visits than can be proven; hardly ever needed."""


def standing_order(setting: Setting, turn: int) -> list[int]:
    """Account numbers of the visits pinned to this turn that fit, in driving order."""
    stops = tuple(
        Stop(number, wanted.account.at, wanted.account.service_seconds, wanted.windows[turn])
        for number, wanted in enumerate(setting.wanted)
        if turn in wanted.pinned and wanted.windows[turn]
    )
    if not stops:
        return []
    route = solve_day(DayProblem(setting.shifts[turn], stops, setting.problem.travel), STANDING_BUDGET)
    return [stop.key for stop in route.stops]
