"""The best order of one day, proven, for days without rush hours: the door to ``label_search``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from routing.day.label_search import (
    BEST,
    FAR,
    LAST,
    NEVER,
    NONE,
    PROVEN,
    Day,
    Labels,
    search,
)
from routing.types import UNREACHABLE_SECONDS, DayProblem, Shift, Stop, TravelMatrix

MOST_STOPS = 16
"""2 ** 16 sets and as many times as there are stops: half a second where windows are wide."""

MOST_LABELS = 1_000_000
"""Where more are needed the day stays unproven; 20 MB."""


@dataclass(frozen=True, slots=True)
class Proof:
    """``stops`` are indices in driving order and ``cost`` what the day costs, None where nothing below the
    known cost was found; ``is_proven``: there is nothing cheaper."""

    stops: tuple[int, ...] | None
    cost: int | None
    is_proven: bool


def proven_order(
    problem: DayProblem, known_cost: int | None = None, overtime_seconds: int = 0, overtime_price: int = 0
) -> Proof:
    """The least driving and prices. ``known_cost``: only a cheaper order is looked for. An answer that is not
    proven ran out of labels.

    Raises ``ValueError`` for more than ``MOST_STOPS`` stops, or for rush hours.
    """
    count = len(problem.stops)
    if count > MOST_STOPS or problem.travel.rush:
        raise ValueError("not a day this search proves")
    day = _day(problem, overtime_seconds, overtime_price)
    labels = labels_for(count)
    answer = np.array([NEVER if known_cost is None else known_cost, NEVER, 1, NONE], dtype=np.int64)
    search(day, labels, answer)
    if answer[LAST] == NONE:
        return Proof(None, None, bool(answer[PROVEN]))
    return Proof(tuple(_traced(labels, int(answer[LAST]), count)), int(answer[BEST]), bool(answer[PROVEN]))


def warm_up() -> None:
    """Have it compiled: seconds the first time on a machine."""
    seconds = np.zeros((2, 2), dtype=np.int64)
    proven_order(DayProblem(Shift(0, 9), (Stop(1, 1, 1),), TravelMatrix(seconds, seconds, "none")))


def labels_for(count: int) -> Labels:
    size = min(MOST_LABELS, 64 + (1 << count) * max(1, count) * 8)
    return Labels(
        head=np.full(max(1, (1 << count) * count * 2), NONE, dtype=np.int32),
        leaves=np.empty(size, dtype=np.int32),
        cost=np.empty(size, dtype=np.int32),
        following=np.empty(size, dtype=np.int32),
        parent=np.empty(size, dtype=np.int32),
        state=np.empty(size, dtype=np.int32),
        least_in=np.zeros(1 << count, dtype=np.int64),
        ways_in=np.zeros(count + 1, dtype=np.int64),
    )


def _traced(labels: Labels, last: int, count: int) -> list[int]:
    order = []
    while last >= 0:
        order.append(int(labels.state[last]) // 2 % count)
        last = int(labels.parent[last])
    return order[::-1]


def _day(problem: DayProblem, overtime_seconds: int, overtime_price: int) -> Day:
    shift, stops = problem.shift, problem.stops
    at = [*(stop.at for stop in stops), shift.start, shift.end]
    way = problem.travel.seconds[np.ix_(at, at)]
    spans = [sorted((w.opens, w.closes) for w in stop.windows if w.opens <= w.closes) for stop in stops]
    spans = [
        found if stop.windows else [(-NEVER, NEVER - 1)] for found, stop in zip(spans, stops, strict=True)
    ]
    windows = np.zeros((len(stops), max((len(s) for s in spans), default=1) or 1, 2), dtype=np.int64)
    for row, found in zip(windows, spans, strict=True):
        row[: len(found)] = np.array(found, dtype=np.int64).reshape(-1, 2)
    lunch = shift.lunch
    lunch_rules = (lunch.earliest, lunch.latest, lunch.seconds) if lunch else (0, 0, 0)
    rules = (shift.starts, shift.ends, shift.ends + overtime_seconds, overtime_price, *lunch_rules)
    return Day(
        way=np.where(way >= UNREACHABLE_SECONDS, FAR, way).astype(np.int64),
        windows=windows,
        openings=np.array([len(found) for found in spans], dtype=np.int64),
        service=np.array([stop.service_seconds for stop in stops], dtype=np.int64),
        price=np.array([NEVER if s.price is None else s.price for s in stops], dtype=np.int64),
        rules=np.array(rules, dtype=np.int64),
    )
