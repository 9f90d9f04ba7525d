"""What a day costs, by objective: in seconds, for every objective, so that prices weigh against it."""

from __future__ import annotations

from collections.abc import Sequence

from routing.day.timeline import route_of
from routing.types import DayProblem, DayRoute, Objective

MUST_PRICE = 10**8
"""What leaving out a must costs: more than any day's driving and prices together."""


def prices_of(problem: DayProblem, objective: Objective = Objective.LEAST_DRIVING) -> list[int]:
    """What leaving each stop out costs. Value first: a second of it outweighs a day of driving."""
    prices = [stop.price for stop in problem.stops]
    if objective is not Objective.MOST_VALUE:
        return [MUST_PRICE if price is None else price for price in prices]
    weight = problem.shift.ends - problem.shift.starts + 1
    must = 1 + sum(price for price in prices if price is not None)
    return [weight * (must if price is None else price) for price in prices]


def spent_seconds(
    problem: DayProblem, order: Sequence[int], route: DayRoute, objective: Objective = Objective.LEAST_DRIVING
) -> int:
    """What a route costs beside prices: its driving, or all its time but for visits."""
    if objective is not Objective.EARLIEST_HOME:
        return route.driving_seconds
    served = sum(problem.stops[index].service_seconds for index in order)
    return route.home_at - problem.shift.starts - served


def cost_of(
    problem: DayProblem, order: Sequence[int], objective: Objective = Objective.LEAST_DRIVING
) -> tuple[int, int] | None:
    """The cost of an order, then when home is reached; None when the order does not fit."""
    route = route_of(problem, order, objective)
    if route is None:
        return None
    within = set(order)
    missing = sum(p for i, p in enumerate(prices_of(problem, objective)) if i not in within)
    return spent_seconds(problem, order, route, objective) + missing, route.home_at


def insertion_seconds(
    problem: DayProblem, order: Sequence[int], index: int, objective: Objective = Objective.LEAST_DRIVING
) -> int | None:
    """What one more stop adds at its cheapest place in ``order``, its price apart; None when it fits
    nowhere."""
    before = route_of(problem, order, objective)
    spent = spent_seconds(problem, order, before, objective) if before else 0
    found = []
    for at in range(len(order) + 1):
        trial = [*order[:at], index, *order[at:]]
        route = route_of(problem, trial, objective)
        if route is not None:
            found.append(spent_seconds(problem, trial, route, objective) - spent)
    return min(found, default=None)
