"""Making an order fit its shift and bettering it stop by stop: dropping, inserting, moving.

Cost of an order is its driving plus the prices of the stops it leaves out; an order that does not
fit has none. Every trial goes through ``timeline``, so windows and lunch hold by construction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.day.exact import price_of
from routing.day.timeline import route_of
from routing.types import DayProblem


def cost_of(problem: DayProblem, order: Sequence[int]) -> tuple[int, int] | None:
    """Seconds of driving and prices, then when home is reached; None when the order does not fit."""
    route = route_of(problem, order)
    if route is None:
        return None
    missing = sum(price_of(problem, i) for i in range(len(problem.stops)) if i not in set(order))
    return route.driving_seconds + missing, route.home_at


def fitting(problem: DayProblem, order: Sequence[int]) -> list[int]:
    """The stops of ``order`` that fit one after the other, dearest price first, each in its old place."""
    kept: list[int] = []
    rank = {index: place for place, index in enumerate(order)}
    for index in sorted(order, key=lambda i: (-price_of(problem, i), rank[i])):
        trial = sorted([*kept, index], key=rank.__getitem__)
        if route_of(problem, trial) is not None:
            kept = trial
    return kept


def bettered(problem: DayProblem, order: Sequence[int]) -> list[int]:
    """Descend by single moves to an order none of them betters."""
    best, cost = list(order), cost_of(problem, order)
    while True:
        found = min(_costed(problem, best), default=None)
        if found is None or (cost is not None and found[0] >= cost):
            return best
        cost, best = found


def insertion_seconds(problem: DayProblem, order: Sequence[int], index: int) -> int | None:
    """Extra driving of the cheapest place for a stop in ``order``; None when it fits nowhere."""
    before = route_of(problem, order)
    trials = (route_of(problem, [*order[:at], index, *order[at:]]) for at in range(len(order) + 1))
    fits = [trial.driving_seconds for trial in trials if trial is not None]
    return min(fits) - (before.driving_seconds if before else 0) if fits else None


def _costed(problem: DayProblem, order: list[int]) -> Iterator[tuple[tuple[int, int], list[int]]]:
    for trial in _neighbours(order, len(problem.stops)):
        cost = cost_of(problem, trial)
        if cost is not None:
            yield cost, trial


def _neighbours(order: list[int], count: int) -> Iterator[list[int]]:
    """Orders one move away: a stop put in, taken out or moved, or a stretch driven the other way round."""
    outside = [index for index in range(count) if index not in set(order)]
    for index in outside:
        for at in range(len(order) + 1):
            yield [*order[:at], index, *order[at:]]
    for at, index in enumerate(order):
        rest = [*order[:at], *order[at + 1 :]]
        yield rest
        for to in range(len(rest) + 1):
            if to != at:
                yield [*rest[:to], index, *rest[to:]]
    for start in range(len(order) - 1):
        for end in range(start + 2, len(order) + 1):
            yield [*order[:start], *order[start:end][::-1], *order[end:]]
