"""Orders in which some visits keep the place their rep gave them; the others find the best beside them.

Bettered from the order that is best without any wish: by lateness, then overtime, then driving, or the time
of coming home where that is what the rep wants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.services.days.as_wanted import AsWanted, as_wanted
from routing.day import better_in_places
from routing.types import DayProblem, Objective

THOROUGH, QUICK = 4_000_000, 400_000
"""Stops looked at: a fifth of a second, and little for one of several days that are tried."""

Cost = tuple[int, int, int]


def with_places(order: Sequence[int], places: Mapping[int, int]) -> list[int]:
    """``order`` with each stop of ``places`` at its place, counted from 0, or the nearest free one."""
    count, slots = len(order), {}
    for index, place in sorted(places.items(), key=lambda pair: pair[1]):
        if index in order:
            free = [at for at in range(count) if at not in slots]
            slots[min(free, key=lambda at: abs(at - place))] = index
    others = iter(index for index in order if index not in slots.values())
    return [slots[at] if at in slots else next(others) for at in range(count)]


def best_with_places(
    problem: DayProblem,
    order: Sequence[int],
    places: Mapping[int, int],
    objective: Objective = Objective.LEAST_DRIVING,
    steps: int = THOROUGH,
) -> AsWanted:
    """``order`` and ``places`` are of indices into the problem's stops. Raises ``Unreachable`` where no road
    leads on."""
    kept = with_places(order, places)
    taken = {at for at, index in enumerate(kept) if index in places}
    trials = (kept, better_in_places(problem, kept, taken, objective, steps))
    return min((as_wanted(problem, trial) for trial in trials), key=lambda found: cost(found, objective))


def cost(found: AsWanted, objective: Objective = Objective.LEAST_DRIVING) -> Cost:
    """Which visits there are is settled, so that the most value is the least driving."""
    is_home_first = objective is Objective.EARLIEST_HOME
    last = found.route.home_at if is_home_first else found.route.driving_seconds
    return found.late_seconds + found.lunch_late_seconds, found.overtime_seconds, last
