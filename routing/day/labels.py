"""The best order of one day, proven, or how far from it a day may be: the door to ``label_search``.

A proof is limited by labels and not by stops: narrow windows, dear stops and a good known day let it reach
far beyond the sixteen that always do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, inf
from typing import NamedTuple

import numpy as np

from routing.day.label_bound import LeastCost
from routing.day.label_day import NEVER, ROUNDING, Day
from routing.day.label_search import BEST, LAST, LEAST, MADE, NEXT, WORK, search
from routing.day.label_store import NONE, labels_for, traced
from routing.day.label_tables import tabled, worth_of
from routing.day.watch import Clock, Watch
from routing.types import DayProblem, Shift, Stop, TravelMatrix

MOST_STOPS = 16
"""Days of so many are proven whatever their windows are, nearly always."""

MOST_BITS = 60
"""More stops than this no label can hold."""


class Round(NamedTuple):
    """Steps towards a better bound with so many looks at ways home in each, then labels in so much room. An
    eager search looks at ways home for every label it makes: slower, and with far fewer labels."""

    steps: int
    looks: int
    room: int
    is_eager: bool


Rounds = tuple[Round, ...]

FIRST_ROUNDS: Rounds = (Round(4, 30_000, 40_000, is_eager=False),)
NEXT_ROUNDS: Rounds = (Round(12, 200_000, 50_000, is_eager=True),)
LAST_ROUNDS: Rounds = (
    Round(20, 1_000_000, 400_000, is_eager=True),
    Round(30, 4_000_000, 2_000_000, is_eager=True),
)
"""The last takes 130 MB, with 400,000 labels 30 MB; most days are proven before."""

MOST_LABELS = 2_000_000

WIDE = 10
"""Labels made for one taken up: of so many, forty times the room is gone two stops further on."""

ORDER_ROUNDS: Rounds = (
    Round(2, 20_000, 30_000, is_eager=False),
    Round(4, 100_000, 700_000, is_eager=False),
    Round(20, 1_000_000, 400_000, is_eager=True),
)
"""For days on which everything is a must, as in a rotation."""

LOOKS_A_SECOND = 50_000_000
"""At ways home and labels; their number, not the clock, ends a proof."""

ORDER_SECONDS = 3.0
"""What the proof of one order in a rotation may take."""


@dataclass(frozen=True, slots=True)
class Proof:
    """``stops`` are indices in driving order and ``cost`` what the day costs, None where nothing below the
    known cost was found; ``is_proven``: there is nothing cheaper. No day costs less than ``bound``."""

    stops: tuple[int, ...] | None
    cost: int | None
    is_proven: bool
    bound: int = 0


def proven_order(
    problem: DayProblem, known_cost: int | None = None, overtime_seconds: int = 0, overtime_price: int = 0
) -> Proof:
    """The least driving and prices, every must served. ``known_cost``: only a cheaper order is looked for. An
    answer that is not proven ran out of labels.

    Raises ``ValueError`` for more than ``MOST_STOPS`` stops, or for rush hours.
    """
    if len(problem.stops) > MOST_STOPS or problem.travel.rush:
        raise ValueError("not a day this search proves")
    prices = [NEVER if stop.price is None else stop.price for stop in problem.stops]
    day = tabled(problem, prices, overtime_seconds=overtime_seconds, overtime_price=overtime_price)
    proofs = Proofs(day, ORDER_SECONDS)
    return proofs.go_on(NEVER if known_cost is None else min(NEVER, known_cost), ORDER_ROUNDS)


class Proofs:
    """A proof that can be gone on with when a better day is known. Ends for good after some ``seconds`` of
    work, reckoned; where there is a ``clock``, also measured by it. ``is_wide``: the labels of the last round
    branched so much that more room will hardly prove anything."""

    def __init__(
        self,
        day: Day,
        seconds: float,
        most_labels: int = MOST_LABELS,
        clock: Clock | None = None,
    ) -> None:
        self._day, self._worth = day, worth_of(day)
        self._least = LeastCost(day)
        self._looks = int(seconds * LOOKS_A_SECOND)
        self._most_labels = most_labels
        self._seconds, self._clock = seconds, clock
        self._bound = 0
        self.is_wide = False

    def go_on(self, known_cost: int, rounds: Rounds, most_seconds: float = inf) -> Proof:
        """Whether anything is cheaper than ``known_cost``, and what; in as many rounds as are given."""
        found = Proof(None, None, False, self._bound)
        watch = Watch(self._clock, min(self._seconds, most_seconds))
        for now in rounds:
            if (
                self._looks < 0
                or found.is_proven
                or not self._climbs(known_cost, now.steps, now.looks, watch)
            ):
                break
            proof = self._searched(known_cost, now, watch)
            self._bound = max(self._bound, proof.bound)
            known_cost = known_cost if proof.cost is None else proof.cost
            better = found if proof.cost is None else proof
            found = replace(better, is_proven=proof.is_proven)
        self._seconds -= watch.spent()
        is_proven = found.is_proven or self._bound >= known_cost
        return replace(found, is_proven=is_proven, bound=min(self._bound, known_cost))

    def _climbs(self, known_cost: int, steps: int, looks: int, watch: Watch) -> bool:
        has_ways = self._least.climb(known_cost, steps, looks, watch.is_over)
        self._bound = max(self._bound, self._least.bound)
        self._looks -= self._least.looks()
        if watch.is_over():
            self._looks = -1
            return False
        if not has_ways and len(self._day.service) <= MOST_STOPS:
            self._least.do_without()
            has_ways = True
        return has_ways and self._bound < known_cost

    def _searched(self, known_cost: int, now: Round, watch: Watch) -> Proof:
        labels, least = labels_for(min(now.room, self._most_labels)), np.zeros(1)
        answer = np.array([known_cost, 0, NONE, self._looks, NONE, now.is_eager], dtype=np.int64)
        while search(self._day, self._worth, self._least.ways, labels, answer, least):
            if watch.is_over():
                answer[WORK] = -1
                break
        self._looks = int(answer[WORK])
        # Fewer than none were made: the room was full.
        self.is_wide = answer[MADE] < 0 and len(labels.leaves) > WIDE * answer[NEXT]
        bound = ceil(least[LEAST] - ROUNDING)
        is_proven = bound >= int(answer[BEST])
        if answer[LAST] == NONE:
            return Proof(None, None, is_proven, bound)
        return Proof(tuple(traced(labels, int(answer[LAST]))), int(answer[BEST]), is_proven, bound)


def warm_up() -> None:
    """Have it compiled: seconds the first time on a machine."""
    seconds = np.zeros((2, 2), dtype=np.int64)
    proven_order(DayProblem(Shift(0, 9), (Stop(1, 1, 1),), TravelMatrix(seconds, seconds, "none")))
