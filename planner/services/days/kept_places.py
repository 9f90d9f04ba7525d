"""Orders in which some visits keep the place their rep gave them; the others find the best beside them.

Bettered move by move from the order that is best without any wish: by lateness, then overtime, then driving,
or the time of coming home where that is what the rep wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from planner.services.days.as_wanted import AsWanted, as_wanted
from routing.types import DayProblem, Objective

MOST_TRIALS = 400
"""Somebody waits; a day of twelve stops without a pin has some hundred neighbours."""

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
) -> AsWanted:
    """Raises ``Unreachable`` where no road leads on."""
    kept = with_places(order, places)
    fixed = {at for at, index in enumerate(kept) if index in places}
    best, tried = as_wanted(problem, kept), 0
    is_better = True
    while is_better and tried < MOST_TRIALS:
        is_better = False
        for trial in _neighbours(kept, fixed):
            tried += 1
            found = as_wanted(problem, trial)
            if cost(found, objective) < cost(best, objective):
                best, kept, is_better = found, trial, True
                break
            if tried >= MOST_TRIALS:
                break
    return best


def cost(found: AsWanted, objective: Objective = Objective.LEAST_DRIVING) -> Cost:
    """Which visits there are is settled, so that the most value is the least driving."""
    is_home_first = objective is Objective.EARLIEST_HOME
    last = found.route.home_at if is_home_first else found.route.driving_seconds
    return found.late_seconds, found.overtime_seconds, last


def _neighbours(order: list[int], fixed: set[int]) -> Iterator[list[int]]:
    """One free stop moved among the free places, or a stretch of them the other way round."""
    free = [at for at in range(len(order)) if at not in fixed]
    values = [order[at] for at in free]
    for start in range(len(values)):
        for end in range(len(values)):
            if start != end:
                moved = [*values[:start], *values[start + 1 :]]
                yield _filled(order, free, [*moved[:end], values[start], *moved[end:]])
        for end in range(start + 3, len(values) + 1):
            turned = [*values[:start], *values[start:end][::-1], *values[end:]]
            yield _filled(order, free, turned)


def _filled(order: list[int], free: list[int], values: list[int]) -> list[int]:
    filled = list(order)
    for at, value in zip(free, values, strict=True):
        filled[at] = value
    return filled
