"""Odometer readings against the drives noted: how far the car went, and what of it nobody noted.

A reading is taken in the evening of its day, once the day's driving is done. Readings of different cars say
nothing about each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise


class Occasion(StrEnum):
    """Why an odometer was read."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    CAR_LEFT = "car_left"
    CAR_TAKEN = "car_taken"


@dataclass(frozen=True, slots=True)
class Reading:
    """``car`` numbers the rep's cars in the order they had them. ``reason`` is what was said of one that was
    noted late."""

    car: int
    on: date
    odometer_metres: int
    occasion: Occasion
    is_late: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DayDriven:
    """What was noted of a day. ``commute_metres`` were driven and are not counted."""

    work_metres: int = 0
    commute_metres: int = 0
    private_metres: int = 0

    @property
    def metres(self) -> int:
        return self.work_metres + self.commute_metres + self.private_metres


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies between two readings of one car. ``driven_on``: the last day of it that something was driven
    for work; None: nothing was."""

    begins: Reading
    ends: Reading
    noted: DayDriven
    driven_on: date | None = None

    @property
    def asked_on(self) -> date:
        """The day beside which it is asked about."""
        return self.driven_on or self.ends.on

    @property
    def odometer_metres(self) -> int:
        return self.ends.odometer_metres - self.begins.odometer_metres

    @property
    def gap_metres(self) -> int:
        """What the car went and nobody noted; below zero: more was noted than the car went."""
        return self.odometer_metres - self.noted.metres


def stretches(readings: Iterable[Reading], driven: Mapping[date, DayDriven]) -> Iterator[Stretch]:
    """From each reading of a car to its next, oldest first. ``driven`` is by day."""
    ordered = sorted(readings, key=lambda reading: (reading.car, reading.on, reading.odometer_metres))
    for _, same_car in groupby(ordered, key=lambda reading: reading.car):
        for begins, ends in pairwise(same_car):
            days = {on: day for on, day in driven.items() if begins.on < on <= ends.on}
            at_work = [on for on, day in days.items() if day.work_metres > 0]
            yield Stretch(begins, ends, _sum(days.values()), max(at_work, default=None))


def _sum(days: Iterable[DayDriven]) -> DayDriven:
    found = list(days)
    return DayDriven(
        sum(day.work_metres for day in found),
        sum(day.commute_metres for day in found),
        sum(day.private_metres for day in found),
    )
