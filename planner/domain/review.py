"""What a reviewer should look at: pure questions about trips, expenses and days of a claim.

A flag is a question, not a verdict; a claim without flags is within policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from planner.domain.mileage import DistanceTrouble, difference


class Flag(StrEnum):
    LONGER = "longer"
    """Claimed metres exceed the road's by more than the limits."""
    SHORTER = "shorter"
    OFF_PLAN = "off_plan"
    """The day claims more than its route had planned, by more than the limits."""
    LATE = "late"
    NO_RECEIPT = "no_receipt"
    DAY_OFF = "day_off"
    """On a weekday the rep does not work."""
    NO_RATE = "no_rate"
    NOT_CLOSED = "not_closed"
    """Visits were held, but the day was not closed: its trips are missing."""
    ODOMETER = "odometer"
    """More is claimed between two odometer readings than the car went."""
    OTHER_PERIOD = "other_period"
    """The entry's date lies before the claim's month, whose own claim was no longer open."""


@dataclass(frozen=True, slots=True)
class TripFacts:
    on: date
    metres: int
    road_metres: int
    is_late: bool
    has_rate: bool


@dataclass(frozen=True, slots=True)
class ExpenseFacts:
    on: date
    amount_minor: int
    has_receipt: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """``receipt_above_minor``: an expense above it needs a receipt. ``working_weekdays``: Monday is 0."""

    receipt_above_minor: int
    working_weekdays: frozenset[int]
    from_on: date


@dataclass(frozen=True, slots=True)
class OdometerReading:
    """The odometer when a day was closed, and what the days since the last reading claim."""

    on: date
    odometer_metres: int
    claimed_metres: int


def trip_flags(trip: TripFacts, policy: Policy) -> tuple[Flag, ...]:
    """What to ask about one trip, in the order of ``Flag``."""
    trouble = difference(trip.metres, trip.road_metres)
    found = {
        Flag.LONGER: trouble is DistanceTrouble.LONGER,
        Flag.SHORTER: trouble is DistanceTrouble.SHORTER,
        Flag.LATE: trip.is_late,
        Flag.NO_RATE: not trip.has_rate,
        **_day_flags(trip.on, policy),
    }
    return _in_order(found)


def expense_flags(expense: ExpenseFacts, policy: Policy) -> tuple[Flag, ...]:
    """What to ask about one expense, in the order of ``Flag``."""
    needs_receipt = expense.amount_minor > policy.receipt_above_minor
    found = {
        Flag.LATE: expense.is_late,
        Flag.NO_RECEIPT: needs_receipt and not expense.has_receipt,
        **_day_flags(expense.on, policy),
    }
    return _in_order(found)


def day_flags(claimed_metres: int, planned_metres: int | None) -> tuple[Flag, ...]:
    """What to ask about a day's driving against its planned route; None: the day had no route."""
    if planned_metres is None or difference(claimed_metres, planned_metres) is not DistanceTrouble.LONGER:
        return ()
    return (Flag.OFF_PLAN,)


def odometer_gaps(readings: Sequence[OdometerReading]) -> Iterator[date]:
    """Days whose reading shows less driven than was claimed since the reading before.

    Private driving makes the car go farther than the claim, never less far.
    """
    for before, after in pairwise(readings):
        driven = after.odometer_metres - before.odometer_metres
        if difference(after.claimed_metres, max(driven, 0)) is DistanceTrouble.LONGER:
            yield after.on


def not_closed(held_on: Iterable[date], closed_on: Iterable[date]) -> list[date]:
    """Days with visits held whose trips are still missing, in order."""
    return sorted(set(held_on) - set(closed_on))


def _day_flags(on: date, policy: Policy) -> dict[Flag, bool]:
    return {
        Flag.DAY_OFF: on.weekday() not in policy.working_weekdays,
        Flag.OTHER_PERIOD: on < policy.from_on,
    }


def _in_order(found: dict[Flag, bool]) -> tuple[Flag, ...]:
    return tuple(flag for flag in Flag if found.get(flag, False))
