"""The odometer along the trips of a log: where it was read, where it is only reckoned, and where it gaps.

A reading is of the evening of its day. Between readings the odometer is reckoned forward by the drives noted;
where the next reading is another one, the difference is a gap and stands as such. Nothing is made to fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from planner.domain.logged_trips import LoggedTrip
from planner.domain.odometer import Reading


@dataclass(frozen=True, slots=True)
class Mark:
    """The odometer before and after a trip; a side that is not read was reckoned from the reading before."""

    start_metres: int
    end_metres: int
    is_start_read: bool
    is_end_read: bool = False


@dataclass(frozen=True, slots=True)
class OdometerGap:
    """What the vehicle went between two readings and nobody noted; below zero more was noted than it went."""

    car: int
    since_on: date
    on: date
    metres: int


@dataclass(frozen=True, slots=True)
class VehicleSum:
    """A vehicle over a period, as Publication 463 asks: what was noted of it, and its odometer at the start
    and the end. ``first`` and ``last`` are the readings nearest before both, None where there is none."""

    car: int
    label: str
    work_metres: int
    commute_metres: int
    private_metres: int
    first: Reading | None
    last: Reading | None

    @property
    def odometer_metres(self) -> int | None:
        """What it went between both readings; None without two."""
        if self.first is None or self.last is None or self.first == self.last:
            return None
        return self.last.odometer_metres - self.first.odometer_metres


def along(
    readings: Iterable[Reading], trips: Iterable[tuple[int, LoggedTrip]]
) -> tuple[dict[int, Mark], list[OdometerGap]]:
    """Marks by the id of a trip's entry, and the gaps, oldest first.

    ``trips`` come in the order driven, each with the number of its car. A trip before its car's first reading
    has no mark.
    """
    marks: dict[int, Mark] = {}
    gaps: list[OdometerGap] = []
    by_car: dict[int, list[tuple[date, int, int, LoggedTrip | Reading]]] = {}
    for index, (car, trip) in enumerate(trips):
        by_car.setdefault(car, []).append((trip.on, 0, index, trip))
    for reading in readings:
        by_car.setdefault(reading.car, []).append((reading.on, 1, reading.odometer_metres, reading))
    for car, events in sorted(by_car.items()):
        _walk(car, [event[3] for event in sorted(events, key=itemgetter(0, 1, 2))], marks, gaps)
    return marks, sorted(gaps, key=lambda gap: (gap.on, gap.car))


def _walk(
    car: int, events: Sequence[LoggedTrip | Reading], marks: dict[int, Mark], gaps: list[OdometerGap]
) -> None:
    last: Reading | None = None
    now, is_read, newest = 0, False, 0
    for event in events:
        if isinstance(event, Reading):
            if last is not None and event.odometer_metres != now:
                gaps.append(OdometerGap(car, last.on, event.on, event.odometer_metres - now))
            elif newest in marks:
                marks[newest] = Mark(marks[newest].start_metres, now, marks[newest].is_start_read, True)
            last, now, is_read, newest = event, event.odometer_metres, True, 0
        elif last is not None and event.driven_metres:
            marks[event.entry_id] = Mark(now, now + event.driven_metres, is_read)
            now, is_read, newest = now + event.driven_metres, False, event.entry_id


def vehicle_sums(
    readings: Sequence[Reading],
    trips: Iterable[tuple[int, LoggedTrip]],
    labels: Mapping[int, str],
    from_on: date,
    until_on: date,
) -> list[VehicleSum]:
    """Each car that was driven or read in a period, in the order the cars were had."""
    sums: dict[int, tuple[int, int, int]] = {}
    for car, trip in trips:
        if from_on <= trip.on < until_on:
            work, commute, private = sums.get(car, (0, 0, 0))
            sums[car] = (
                work + trip.metres,
                commute + trip.commute_metres,
                private + trip.private_metres,
            )
    read = {reading.car for reading in readings if from_on <= reading.on < until_on}
    return [
        VehicleSum(
            car,
            labels.get(car, ""),
            *sums.get(car, (0, 0, 0)),
            _newest(readings, car, from_on) or _oldest(readings, car, from_on, until_on),
            _newest(readings, car, until_on),
        )
        for car in sorted(sums.keys() | read)
    ]


def _newest(readings: Sequence[Reading], car: int, before: date) -> Reading | None:
    found = [each for each in readings if each.car == car and each.on < before]
    return max(found, key=lambda each: (each.on, each.odometer_metres), default=None)


def _oldest(readings: Sequence[Reading], car: int, from_on: date, until_on: date) -> Reading | None:
    found = [each for each in readings if each.car == car and from_on <= each.on < until_on]
    return min(found, key=lambda each: (each.on, each.odometer_metres), default=None)
