"""The working time of a rep: one shift per weekday, with lunch inside it; and ranges of absence.

Weekday 0 is Monday. Seconds are after local midnight; ``lunch_seconds`` is a duration, 0 for none.
Lunch may *begin* from ``lunch_from_seconds`` to ``lunch_to_seconds``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.domain.errors import Invalid

SHORTEST_SHIFT_SECONDS = 30 * 60


class AbsenceKind(StrEnum):
    LEAVE = "leave"
    ILLNESS = "illness"
    TRAINING = "training"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class WorkingDay:
    weekday: int
    starts_seconds: int
    ends_seconds: int
    lunch_from_seconds: int = 12 * 3600
    lunch_to_seconds: int = 14 * 3600
    lunch_seconds: int = 0


def check_week(days: Iterable[WorkingDay]) -> None:
    """Raises Invalid with the field of the first day that is wrong, such as ``days-0-ends``."""
    for day in days:
        check_day(day)


def check_day(day: WorkingDay) -> None:
    """Raises Invalid unless the shift runs forwards and lunch fits into it."""
    field = f"days-{day.weekday}-"
    if day.ends_seconds <= day.starts_seconds:
        raise Invalid(f"{field}ends", "shift_reversed")
    if day.ends_seconds - day.starts_seconds < SHORTEST_SHIFT_SECONDS:
        raise Invalid(f"{field}ends", "shift_short", minutes=SHORTEST_SHIFT_SECONDS // 60)
    if not day.lunch_seconds:
        return
    if day.lunch_to_seconds < day.lunch_from_seconds:
        raise Invalid(f"{field}lunch_to", "lunch_reversed")
    if day.lunch_from_seconds < day.starts_seconds or (
        day.lunch_to_seconds + day.lunch_seconds > day.ends_seconds
    ):
        raise Invalid(f"{field}lunch_minutes", "lunch_outside")


def check_range(from_on: date, until_on: date | None) -> None:
    """Raises Invalid("until_on") for a range of dates without a day; None is open."""
    if until_on is not None and until_on <= from_on:
        raise Invalid("until_on", "range_reversed")
