"""Rush hours as people write them: a line each, "07:00-09:00 70 80 90".

From, to (local time, the end not included), then the percentage of the usual speed that is left on main
roads, middle ones and small ones; one figure alone holds for all three.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from planner.domain.errors import Invalid

_LINE = re.compile(
    r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s+(\d{1,3})%?(?:\s+(\d{1,3})%?\s+(\d{1,3})%?)?"
)

SLOWEST_PERCENT, FASTEST_PERCENT = 20, 150
MOST_LINES = 8
"""Each has times of its own, so each costs memory and a moment at every plan."""


USUAL = (1.0, 1.0, 1.0)
"""Shares of the usual speed, on main roads, middle ones and small ones."""


@dataclass(frozen=True, slots=True)
class RushHours:
    """``begins`` to ``ends`` in seconds after local midnight; shares of the usual speed."""

    begins: int
    ends: int
    main: float
    middle: float
    small: float

    @property
    def shares(self) -> tuple[float, float, float]:
        return self.main, self.middle, self.small


def read_rush_hours(text: str) -> tuple[RushHours, ...]:
    """In the order of the day. Raises Invalid("rush_hours", …) with the line that is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise Invalid("rush_hours", "rush_many", most=MOST_LINES)
    hours = sorted((_read(line) for line in lines), key=lambda rush: rush.begins)
    for earlier, later in pairwise(hours):
        if later.begins < earlier.ends:
            raise Invalid("rush_hours", "rush_overlap")
    return tuple(hours)


def is_rush_hours(value: Any) -> bool:
    """Whether a stored value can be read."""
    try:
        return isinstance(value, str) and read_rush_hours(value) is not None
    except Invalid:
        return False


def most_apart(one: Sequence[RushHours], other: Sequence[RushHours]) -> float:
    """By how much of the usual speed the two differ most, on any class of road. Hours in one alone are
    compared with the usual speed."""
    shares, others = ({(hour.begins, hour.ends): hour.shares for hour in hours} for hours in (one, other))
    spans = [(shares.get(span, USUAL), others.get(span, USUAL)) for span in shares.keys() | others.keys()]
    return max((abs(a - b) for span in spans for a, b in zip(*span, strict=True)), default=0.0)


def _read(line: str) -> RushHours:
    match = _LINE.fullmatch(line)
    if match is None:
        raise Invalid("rush_hours", "rush_line", line=line)
    h1, m1, h2, m2, main = (int(part) for part in match.groups()[:5])
    middle, small = (int(part) if part else main for part in match.groups()[5:])
    begins, ends = h1 * 3600 + m1 * 60, h2 * 3600 + m2 * 60
    percents = (main, middle, small)
    if m1 > 59 or m2 > 59 or not begins < ends <= 24 * 3600:
        raise Invalid("rush_hours", "rush_line", line=line)
    if not all(SLOWEST_PERCENT <= percent <= FASTEST_PERCENT for percent in percents):
        raise Invalid("rush_hours", "rush_percent", line=line, least=SLOWEST_PERCENT, most=FASTEST_PERCENT)
    return RushHours(begins, ends, main / 100, middle / 100, small / 100)
