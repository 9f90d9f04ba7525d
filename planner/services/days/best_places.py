"""Where in the order of a day one more visit does best, the others staying as they stand."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.day_goals import DayGoal
from planner.services.days.as_wanted import as_wanted, tolerant
from routing.day import route_of
from routing.types import DayProblem


@dataclass(frozen=True, slots=True)
class BestPlace:
    """Before the stop ``at`` of the order; what it adds there."""

    at: int
    detour_seconds: int
    home_later_seconds: int


def best_place(problem: DayProblem, order: list[int], index: int, goal: DayGoal) -> BestPlace | None:
    """Where in the order a stop adds least driving, or has the rep home earliest where that is the goal, with
    nobody later than now; None where it fits nowhere."""
    present = as_wanted(problem, order)
    allowed = tolerant(problem, present)
    trials = ((at, route_of(allowed, [*order[:at], index, *order[at:]])) for at in range(len(order) + 1))
    before = present.route
    fits = [
        BestPlace(
            at,
            max(0, trial.driving_seconds - before.driving_seconds),
            max(0, trial.home_at - before.home_at),
        )
        for at, trial in trials
        if trial is not None
    ]
    is_home_first = goal is DayGoal.EARLIEST_HOME
    return min(
        fits,
        key=lambda place: (place.home_later_seconds if is_home_first else 0, place.detour_seconds, place.at),
        default=None,
    )
