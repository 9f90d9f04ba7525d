"""What sets a plan apart from the visits that stand: how far they move, full weeks, promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FEW_DAYS = 2


class Reach(StrEnum):
    """How far moves go: all of them a day or two, more than half of them, or neither."""

    ALL_NEAR = "all_near"
    MOST_NEAR = "most_near"
    FAR = "far"


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
    return Reach.MOST_NEAR if 2 * near > len(days) else Reach.FAR


def week_changes(lost: Iterable[date], gained: Iterable[date]) -> tuple[WeekChange, ...]:
    """Weeks that end up with more or fewer visits, in order; a visit that moves is in both."""
    visits = Counter(map(_monday, gained))
    visits.subtract(map(_monday, lost))
    return tuple(WeekChange(monday, more) for monday, more in sorted(visits.items()) if more)


def breaks_promise(dates: Collection[date], first_by: date, latest_gap: int, until_on: date) -> bool:
    """Whether a promise that ends before ``until_on`` is broken: the first visit is promised by
    ``first_by``, each next one ``latest_gap`` days after the one before, at the latest."""
    due = first_by
    for on in sorted(dates):
        if on > due:
            break
        due = on + timedelta(days=latest_gap)
    return due < until_on


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())
