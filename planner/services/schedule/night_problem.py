"""Nights away in the rotation's problem: shifts that begin and end at a bed, and where one may sleep.

A bed is a place of the travel matrix. Evenings are days of the horizon; the one before its first day is -1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.services.days.nights import Night
from planner.services.schedule.horizon import Horizon, WorkDay
from routing.types import UNREACHABLE_SECONDS, Nights, RotationDay, TravelMatrix

HOME = 0


def evening_of(horizon: Horizon, night: Night) -> int:
    return (night.on - horizon.from_on).days


def days_between(horizon: Horizon, beds: Mapping[int, int]) -> tuple[RotationDay, ...]:
    """The days as the rotation takes them, begun and ended at the ``beds`` by evening. A night beside a day
    off joins nothing: the day worked begins or ends at home."""
    found = []
    for number, day in enumerate(horizon.days):
        begins, ends = (
            beds.get(evening, HOME) if _joins(horizon.days, evening) else HOME
            for evening in (number - 1, number)
        )
        shift = None if day.shift is None else replace(day.shift, start=begins, end=ends)
        found.append(RotationDay(shift))
    return tuple(found)


def nights_of(
    horizon: Horizon, travel: TravelMatrix, places: Mapping[int, int], beds: Mapping[int, int]
) -> tuple[Nights, ...]:
    """What may be slept away beside the ``beds`` that are settled. ``places``: the matrix index of each
    account; nothing where the rule allows no night, or no account lies far enough."""
    rule = horizon.nights.rule
    allowed = [at for at in places.values() if _is_far_enough(travel, at, rule.least_metres)]
    evenings = tuple(
        number
        for number, day in enumerate(horizon.days[:-1])
        if day.on.weekday() in rule.evenings
        and day.on not in horizon.nights.refused_on
        and number not in beds
        and _joins(horizon.days, number)
    )
    if not (allowed and evenings):
        return ()
    announced = tuple(
        (evening_of(horizon, night), places[night.account_id])
        for night in horizon.nights.announced
        if places.get(night.account_id) in allowed
    )
    spent = tuple(evening for evening in beds if _joins(horizon.days, evening))
    nights = Nights(evenings, tuple(allowed), rule.price_seconds, rule.most_in_a_row, spent, announced)
    return (nights,)


def is_connected(travel: TravelMatrix, at: int) -> bool:
    """Whether one drives there from home and back."""
    return max(travel.seconds[HOME, at], travel.seconds[at, HOME]) < UNREACHABLE_SECONDS


def saved_seconds(travel: TravelMatrix, before: Sequence[int], bed: int, after: Sequence[int]) -> int:
    """Driving that sleeping there saves against coming home, the visits staying in their order. ``before``:
    where the day is begun and its stops; ``after``: the stops of the next one and where it ends."""
    last, first = before[-1], after[0]
    home = travel.seconds[last, HOME] + travel.seconds[HOME, first]
    return int(home - travel.seconds[last, bed] - travel.seconds[bed, first])


def _is_far_enough(travel: TravelMatrix, at: int, least_metres: int) -> bool:
    return is_connected(travel, at) and int(travel.metres[HOME, at]) >= least_metres


def _joins(days: Sequence[WorkDay], evening: int) -> bool:
    """Whether the days on both sides are worked, as far as the horizon shows them."""
    beside = [days[number] for number in (evening, evening + 1) if 0 <= number < len(days)]
    return all(day.shift is not None for day in beside)
