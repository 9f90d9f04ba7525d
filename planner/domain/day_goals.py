"""What a rep wants of the order of their days: a choice of three, and what is known of an order by it.

The values are those of the day's engine (``routing.types.Objective``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class DayGoal(StrEnum):
    LEAST_DRIVING = "least_driving"
    EARLIEST_HOME = "earliest_home"
    MOST_VALUE = "most_value"


@dataclass(frozen=True, slots=True)
class Proof:
    """How good an order is known to be by its goal. ``within_percent``: whole percent above the best possible
    at most, 0 where it is proven; ``has_left_out``: what was left out weighs in it."""

    goal: DayGoal
    within_percent: int
    has_left_out: bool

    @property
    def is_proven(self) -> bool:
        return self.within_percent == 0


def proof(goal: DayGoal, is_proven: bool, within_percent: float | None, has_left_out: bool) -> Proof | None:
    """None where no bound is known. Percent are rounded up, so that "at most" stays true."""
    if is_proven:
        return Proof(goal, 0, has_left_out)
    if within_percent is None:
        return None
    return Proof(goal, max(1, math.ceil(within_percent)), has_left_out)
