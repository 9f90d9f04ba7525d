"""What sets a plan apart from the visits that stand: how far they move, and full weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FEW_DAYS = 2


class Reach(StrEnum):
    """How far moves go: all of them a day or two, more than half of them, fewer, or none."""

    ALL_NEAR = "all_near"
    MOST_NEAR = "most_near"
    FEW_NEAR = "few_near"
    ALL_FAR = "all_far"


@dataclass(frozen=True, slots=True)
class WeekChange:
    """A week by its Monday; ``visits`` more than stand, less than 0 for fewer."""

    monday: date
    visits: int


def reach(days: Sequence[int]) -> Reach:
    """``days`` by which each visit moves, either way."""
    near = sum(abs(moved) <= FEW_DAYS for moved in days)
    if near == len(days):
        return Reach.ALL_NEAR
    if not near:
        return Reach.ALL_FAR
    return Reach.MOST_NEAR if 2 * near > len(days) else Reach.FEW_NEAR


def week_changes(lost: Iterable[date], gained: Iterable[date]) -> tuple[WeekChange, ...]:
    """Weeks that end up with more or fewer visits, in order; a visit that moves is in both."""
    visits = Counter(map(_monday, gained))
    visits.subtract(map(_monday, lost))
    return tuple(WeekChange(monday, more) for monday, more in sorted(visits.items()) if more)


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())
