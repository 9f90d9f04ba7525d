"""The best day once more, in plain Python and without any bound: the judge of days too long for brute force.

A label is a set of stops served, the last of them and whether lunch is behind; of labels alike only
those survive that no other beats in both time and driving. Cost is driving plus the prices of what
is left out; among equal costs the rep who is home first wins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from routing.day.measure import MUST_PRICE, prices_of
from routing.day.moments import Moment, beats, home, set_out, steps
from routing.types import DayProblem


class Label(NamedTuple):
    moment: Moment
    last: int
    parent: Label | None


State = tuple[int, int, bool]
"""Set of stops served (bit i is stop i), the last of them, lunch behind."""


def best_order(problem: DayProblem) -> list[int]:
    """The order of stops (indices) of least cost; stops that are not worth it or do not fit are absent."""
    count = len(problem.stops)
    prices = prices_of(problem)
    levels: dict[State, list[Label]] = _first_labels(problem)
    best: tuple[int, int, list[int]] = (*_stay_home(problem, prices), [])
    for _ in range(count):
        following: dict[State, list[Label]] = defaultdict(list)
        for (served, _last, _fed), labels in levels.items():
            for label in labels:
                best = min(best, _finish(problem, prices, served, label, best))
                _extend(problem, served, label, following)
        levels = following
    return best[2]


def _first_labels(problem: DayProblem) -> dict[State, list[Label]]:
    found: dict[State, list[Label]] = defaultdict(list)
    _extend(problem, 0, Label(set_out(problem), -1, None), found)
    return found


def _extend(problem: DayProblem, served: int, label: Label, into: dict[State, list[Label]]) -> None:
    is_first = label.last < 0
    origin = problem.shift.start if is_first else problem.stops[label.last].at
    for index, stop in enumerate(problem.stops):
        if served >> index & 1:
            continue
        for moment in steps(problem, label.moment, origin, stop, is_first):
            if moment.leaves > problem.shift.ends:
                continue
            state = (served | 1 << index, index, moment.eaten is not None)
            _keep(problem, into[state], Label(moment, index, label))


def _keep(problem: DayProblem, labels: list[Label], new: Label) -> None:
    if any(beats(problem, old.moment, new.moment) for old in labels):
        return
    labels[:] = [old for old in labels if not beats(problem, new.moment, old.moment)]
    labels.append(new)


def _stay_home(problem: DayProblem, prices: Sequence[int]) -> tuple[int, int]:
    reached = home(problem, set_out(problem), problem.shift.start)
    if reached is None:
        return sum(prices) + MUST_PRICE, problem.shift.ends
    return sum(prices) + reached.driven, reached.at


def _finish(
    problem: DayProblem,
    prices: Sequence[int],
    served: int,
    label: Label,
    best: tuple[int, int, list[int]],
) -> tuple[int, int, list[int]]:
    """The day that ends after ``label``, or ``best`` when it cannot end there."""
    reached = home(problem, label.moment, problem.stops[label.last].at)
    if reached is None:
        return best
    missing = sum(price for i, price in enumerate(prices) if not served >> i & 1)
    cost = reached.driven + missing
    return best if (cost, reached.at) >= best[:2] else (cost, reached.at, _order(label))


def _order(label: Label | None) -> list[int]:
    order = []
    while label is not None and label.last >= 0:
        order.append(label.last)
        label = label.parent
    return order[::-1]
