"""What a phone must know of the rest of a day to tell the times of another order by itself, as values.

Seconds after local midnight, durations in seconds; a drive has one time, the mean over the hours left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.services.days.day_posing import RestOfDay
from planner.services.days.visit_facts import DayVisit
from routing.slots import over_the_day
from routing.types import Lunch

FROM, HOME = 0, 1
"""Places of ``KnownDrives.seconds`` where the rest begins and where the day ends; then the visits."""


@dataclass(frozen=True, slots=True)
class KnownDrives:
    """``visits`` are still to come, by their place in ``seconds``, which holds the drive from each place to
    each; ``UNREACHABLE_SECONDS`` where no road leads. ``number``: of the first of them along the day."""

    number: int
    begins: int
    ends: int
    lunch: Lunch | None
    visits: Mapping[int, DayVisit]
    seconds: tuple[tuple[int, ...], ...]


def of(rest: RestOfDay) -> KnownDrives:
    shift, stops = rest.problem.shift, rest.problem.stops
    places = [shift.start, shift.end, *(stop.at for stop in stops)]
    means = over_the_day(rest.problem.travel, [(shift.starts, shift.ends)]).seconds
    return KnownDrives(
        number=1 + len(rest.driven),
        begins=shift.starts,
        ends=shift.ends,
        lunch=shift.lunch,
        visits={place: rest.visit(stop.key) for place, stop in enumerate(stops, start=2)},
        seconds=tuple(tuple(int(means[a, b]) for b in places) for a in places),
    )
