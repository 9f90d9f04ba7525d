"""What a reviewer should look at: pure questions about trips, expenses and days of a claim.

A flag is a question, not a verdict; a claim without flags is within policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planner.domain.mileage import DistanceTrouble, difference
from planner.domain.odometer import Reading, Stretch
from planner.domain.plausible import Drive


class Flag(StrEnum):
    LONGER = "longer"
    """Claimed metres exceed the road's by more than the limits."""
    DAY_LONGER = "day_longer"
    """The day's drives together do, none of them by itself."""
    CLAIM_LONGER = "claim_longer"
    """The claim's days together do, none of them by itself: asked about with the day that adds most."""
    SHORTER = "shorter"
    OFF_PLAN = "off_plan"
    """The day claims more than its route had planned, by more than the limits."""
    LATE = "late"
    NO_RECEIPT = "no_receipt"
    OVER_CAP = "over_cap"
    """More than the policy of its category allows."""
    SAME_RECEIPT = "same_receipt"
    """The picture of its receipt belongs to another expense too."""
    ALIKE_RECEIPT = "alike_receipt"
    """The picture of its receipt looks like that of another expense of the rep."""
    TWICE = "twice"
    """Another expense of the rep has the same day, amount and merchant."""
    DAY_OFF = "day_off"
    """On a weekday the rep does not work."""
    NO_RATE = "no_rate"
    MANUAL = "manual"
    """Entered by hand, not made of a visit."""
    COMMUTE = "commute"
    """By hand with an end in words, and as long as the day's way from or to home, which is not counted."""
    NOT_CLOSED = "not_closed"
    """Visits were held, but the day was not closed: its trips are missing."""
    ODOMETER = "odometer"
    """More is claimed between two odometer readings than the car went."""
    TOO_FAST = "too_fast"
    """Two visits were noted closer in time than the road between them allows."""
    OTHER_PERIOD = "other_period"
    """The entry's date lies before the claim's month, whose own claim was no longer open."""
    TAKES_BACK = "takes_back"
    """A contra entry: takes a line of a locked claim back."""


@dataclass(frozen=True, slots=True)
class TripFacts:
    """``road_metres`` None: the distance was typed, no road stands beside it. ``uncounted_metres`` were
    driven and are not claimed. ``adjusts``: it only adds to what a trip of an earlier claim is worth."""

    on: date
    metres: int
    road_metres: int | None
    is_late: bool
    has_rate: bool
    uncounted_metres: int = 0
    is_manual: bool = False
    takes_back: bool = False
    same_way_metres: int | None = None
    """How long the way to work is that it may be; None: it looks like none."""
    adjusts: bool = False


@dataclass(frozen=True, slots=True)
class ExpenseFacts:
    """``found`` is what ``expense_policy`` and ``duplicates`` say of it."""

    on: date
    is_late: bool
    found: frozenset[Flag] = frozenset()
    takes_back: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """``working_weekdays``: Monday is 0."""

    working_weekdays: frozenset[int]
    from_on: date


def trip_flags(trip: TripFacts, policy: Policy) -> tuple[Flag, ...]:
    """What to ask about one trip, in the order of ``Flag``. Of a contra entry only that it is one: what it
    takes back was asked about in its own claim. So was the trip that an adjustment adds to, and the rate says
    how much: nothing is asked about it."""
    if trip.adjusts:
        return ()
    if trip.takes_back:
        return (Flag.TAKES_BACK,)
    driven, road = trip.metres + trip.uncounted_metres, trip.road_metres
    trouble = None if road is None else Drive(driven, road).trouble
    found = {
        Flag.LONGER: trouble is DistanceTrouble.LONGER,
        Flag.SHORTER: trouble is DistanceTrouble.SHORTER,
        Flag.LATE: trip.is_late,
        Flag.NO_RATE: not trip.has_rate,
        Flag.MANUAL: trip.is_manual,
        Flag.COMMUTE: trip.same_way_metres is not None,
        **_day_flags(trip.on, policy),
    }
    return _in_order(found)


def expense_flags(expense: ExpenseFacts, policy: Policy) -> tuple[Flag, ...]:
    """What to ask about one expense, in the order of ``Flag``; of a contra entry as of a trip's."""
    if expense.takes_back:
        return (Flag.TAKES_BACK,)
    found = dict.fromkeys(expense.found, True)
    return _in_order({**found, Flag.LATE: expense.is_late, **_day_flags(expense.on, policy)})


def day_flags(claimed_metres: int, planned_metres: int | None) -> tuple[Flag, ...]:
    """What to ask about a day's driving against its planned route; None: the day had no route."""
    if planned_metres is None or difference(claimed_metres, planned_metres) is not DistanceTrouble.LONGER:
        return ()
    return (Flag.OFF_PLAN,)


@dataclass(frozen=True, slots=True)
class OdometerGap:
    """What is claimed since the reading before that of ``on``, and how far the car went. ``late``: the one of
    the two readings that was noted late, the newer where both were."""

    on: date
    claimed_metres: int
    driven_metres: int
    late: Reading | None = None


def odometer_gaps(stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, OdometerGap]]:
    """Stretches between two readings of a vehicle that was driven less than is claimed for them.

    Private driving makes the car go farther than the claim, never less far.
    """
    for stretch in stretches:
        claimed, driven = stretch.noted.work_metres, max(stretch.odometer_metres, 0)
        if difference(claimed, driven) is DistanceTrouble.LONGER:
            late = next((each for each in (stretch.ends, stretch.begins) if each.is_late), None)
            yield stretch, OdometerGap(stretch.ends.on, claimed, driven, late)


def not_closed(held_on: Iterable[date], closed_on: Iterable[date]) -> list[date]:
    """Days with visits held whose trips are still missing, in order."""
    return sorted(set(held_on) - set(closed_on))


def _day_flags(on: date, policy: Policy) -> dict[Flag, bool]:
    return {
        Flag.DAY_OFF: on.weekday() not in policy.working_weekdays,
        Flag.OTHER_PERIOD: on < policy.from_on,
    }


def _in_order(found: dict[Flag, bool]) -> tuple[Flag, ...]:
    if not any(found.values()):
        return ()  # as with most of thousands of lines
    return tuple(flag for flag in Flag if found.get(flag, False))
