"""Making an order fit its day and bettering it by single moves: the door to ``order_moves``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.day.label_day import Day
from routing.day.order_moves import COST, LENGTH, PASSES, TOO_DEAR, Orders, cost_of, descend

MOST_PASSES = 200
"""Each looks at every move; hardly any day needs more than it has stops."""


def fitting(day: Day, order: Sequence[int]) -> list[int]:
    """The stops of ``order`` that fit one after the other, dearest price first, each in its old place."""
    kept: list[int] = []
    rank = {index: place for place, index in enumerate(order)}
    for index in sorted(order, key=lambda i: (-int(day.price[i]), rank[i])):
        trial = sorted([*kept, index], key=rank.__getitem__)
        if cost_of(day, np.array(trial, dtype=np.int64), len(trial)) < TOO_DEAR:
            kept = trial
    return kept


def bettered(day: Day, order: Sequence[int]) -> list[int]:
    """Descend by single moves to an order none of them betters; one that does not fit loses stops first."""
    count = len(day.service)
    orders = Orders(
        best=np.zeros(count + 1, dtype=np.int64),
        trial=np.zeros(count + 1, dtype=np.int64),
        is_in=np.zeros(count, dtype=np.int64),
        figures=np.zeros(PASSES + 1, dtype=np.int64),
    )
    fits = fitting(day, order)
    orders.best[: len(fits)] = fits
    orders.is_in[fits] = 1
    orders.figures[LENGTH], orders.figures[COST], orders.figures[PASSES] = len(fits), TOO_DEAR, MOST_PASSES
    descend(day, orders)
    return [int(stop) for stop in orders.best[: orders.figures[LENGTH]]]
