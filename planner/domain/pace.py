"""Whether visits lie as far apart in time as the road between them takes.

Asked of the arrived and left taps of a day, not of positions: nobody is followed. What lies too close is a
question to the rep first, who may have noted two visits in the evening.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

FASTEST_PERCENT = 60
"""Of the road's time by the ledger: faster than this nobody drives it, on an empty road either."""

TAPPED_WITHIN = timedelta(minutes=2)
"""How far a tap may lie from what it notes."""


@dataclass(frozen=True, slots=True)
class Held:
    """A visit driven to, and the seconds of road that lead to it; None where no road was measured."""

    visit_id: int
    name: str
    arrived_at: datetime | None
    left_at: datetime | None
    road_seconds: int | None


@dataclass(frozen=True, slots=True)
class TooFast:
    """Two visits, one right after the other; ``apart_seconds`` is below zero where they overlap."""

    before: Held
    after: Held
    apart_seconds: int
    road_seconds: int


def too_fast(driven: Iterable[Held]) -> Iterator[TooFast]:
    """Neighbours closer in time than the road between them allows. ``driven`` is in the order driven."""
    for before, after in pairwise(driven):
        left, arrived = before.left_at or before.arrived_at, after.arrived_at or after.left_at
        if left is None or arrived is None or after.road_seconds is None:
            continue
        least = timedelta(seconds=after.road_seconds * FASTEST_PERCENT / 100)
        if arrived - left + TAPPED_WITHIN < least:
            apart = round((arrived - left).total_seconds())
            yield TooFast(before, after, apart, after.road_seconds)
