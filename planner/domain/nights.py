"""Nights away from home: on which evenings a rep may sleep elsewhere, how far off, and what that must save.

Weekday 0 is Monday; a night belongs to the evening it begins on. Distances are whole metres, the price of a
night is seconds of driving it must save.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from planner.domain.errors import Invalid
from planner.domain.mileage import METRES_PER
from planner.domain.working_week import WorkingDay

MOST_IN_A_ROW = 6
FARTHEST_METRES = 1_000_000
DEAREST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class NightsAway:
    """``evenings`` are weekdays; none: every night is spent at home."""

    evenings: tuple[int, ...] = ()
    most_in_a_row: int = 1
    least_metres: int = 80_000
    price_seconds: int = 90 * 60


AT_HOME = NightsAway()
"""Off, as it is for every rep until somebody ticks an evening."""


def check_evenings(nights: NightsAway, week: Iterable[WorkingDay]) -> None:
    """A night joins two days that are worked. Raises Invalid at the first evening that does not."""
    worked = {day.weekday for day in week}
    for evening in nights.evenings:
        if evening not in worked:
            raise Invalid(f"days-{evening}-night_after", "night_without_shift")
        if (evening + 1) % 7 not in worked:
            raise Invalid(f"days-{evening}-night_after", "night_before_day_off")


def joins_work(weekday: int, week: Iterable[WorkingDay]) -> bool:
    """Whether the day and the one after it are worked."""
    return {weekday, (weekday + 1) % 7} <= {day.weekday for day in week}


def read_most_in_a_row(text: str) -> int:
    """Raises Invalid("most_in_a_row", "night_count")."""
    return _whole(text, 1, MOST_IN_A_ROW, Invalid("most_in_a_row", "night_count", most=MOST_IN_A_ROW))


def read_price(text: str) -> int:
    """Minutes to seconds. Raises Invalid("price", "night_price")."""
    trouble = Invalid("price", "night_price", most=DEAREST_MINUTES)
    return _whole(text, 0, DEAREST_MINUTES, trouble) * 60


def read_least_distance(text: str, unit: str) -> int:
    """A number of kilometres or miles to metres. Raises Invalid("least_distance", "night_distance")."""
    most = int(FARTHEST_METRES / METRES_PER[unit])
    trouble = Invalid("least_distance", "night_distance", most=most, unit=unit)
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise trouble from None
    if not number.is_finite() or not 0 <= number <= most:
        raise trouble
    return round(number * METRES_PER[unit])


def shown_distance(metres: int, unit: str) -> str:
    """A distance as a form shows it: one decimal at most, in the person's unit."""
    return f"{round(Decimal(metres) / METRES_PER[unit], 1):f}".removesuffix(".0")


def _whole(text: str, least: int, most: int, trouble: Invalid) -> int:
    try:
        number = int(text.strip())
    except ValueError:
        raise trouble from None
    if not least <= number <= most:
        raise trouble
    return number
