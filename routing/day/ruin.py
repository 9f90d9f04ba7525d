"""One day by the rotation's ruin and recreate: a horizon of one day, every stop a single visit.

In rush hours it reckons with the mean over the shift, so its order may need mending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import thread_time

from routing.day.watch import Watch
from routing.slots import over_the_day
from routing.types import (
    DayProblem,
    Objective,
    RotationAccount,
    RotationDay,
    RotationProblem,
    SearchBudget,
    Stop,
    TimeWindow,
)

HOME_WEIGHT = 16
"""Where one wants to be home early, a second of the day counts as many of driving."""

HOUR = 3600


def ruined_order(
    problem: DayProblem, prices: Sequence[int], objective: Objective, budget: SearchBudget
) -> list[int]:
    """A good order of stops (indices), of those worth it; nearly always one that fits."""
    # The rotation in turn proves its days with this package.
    from routing.rotation.search import Search
    from routing.rotation.setting import setting_of

    # Posing the question is part of what it may take.
    watch = Watch(thread_time, budget.seconds or 0.0)
    search = Search(setting_of(_as_rotation(problem, prices, objective)), budget.seed)
    search.construct()
    left = budget if budget.seconds is None else replace(budget, seconds=watch.left())
    search.improve(left, lambda share: None, lambda: False, thread_time)
    return search.orders()[0]


def _as_rotation(problem: DayProblem, prices: Sequence[int], objective: Objective) -> RotationProblem:
    shift, stops = problem.shift, problem.stops
    travel = over_the_day(problem.travel, [(shift.starts, shift.ends)])
    if objective is not Objective.EARLIEST_HOME:
        accounts = [_account(index, stop, prices[index]) for index, stop in enumerate(stops)]
        return RotationProblem((RotationDay(shift),), tuple(accounts), travel)
    # All of the day is overtime. Who leaves out a visit is home the earlier by its length.
    prices = [HOME_WEIGHT * (prices[index] + stop.service_seconds) for index, stop in enumerate(stops)]
    accounts = [_account(index, stop, prices[index]) for index, stop in enumerate(stops)]
    late = replace(shift, ends=shift.starts, overtime_seconds=shift.ends - shift.starts)
    days = (RotationDay(late),)
    return RotationProblem(days, tuple(accounts), travel, overtime_price=HOME_WEIGHT * HOUR)


def _account(index: int, stop: Stop, price: int) -> RotationAccount:
    return RotationAccount(
        key=index,
        at=stop.at,
        service_seconds=stop.service_seconds,
        windows=(stop.windows or (TimeWindow(0, 2**30),),),
        cadence=None,
        earliest_gap=1,
        latest_gap=1,
        first_from=0,
        first_to=0,
        first_wish=0,
        price=price,
        lateness_price=0,
    )
