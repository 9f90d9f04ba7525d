"""A day in the order its rep wants: every stop in its turn, however late; lateness is told, never hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from routing.day import drive_as_ordered
from routing.errors import Unreachable
from routing.types import Broken, DayProblem, DayRoute, TimeWindow


@dataclass(frozen=True, slots=True)
class AsWanted:
    """``late``: by stop key, how long after its last window has closed service begins.
    ``lunch_late_seconds``: how long after its hours lunch begins; ``overtime_seconds``: home after the
    shift's end."""

    route: DayRoute
    late: Mapping[int, int]
    lunch_late_seconds: int
    overtime_seconds: int

    @property
    def late_seconds(self) -> int:
        return sum(self.late.values())


def as_wanted(problem: DayProblem, order: Sequence[int]) -> AsWanted:
    """``order`` are indices into ``problem.stops``. Raises ``Unreachable`` where no road leads on."""
    found = drive_as_ordered(problem, [problem.stops[index].key for index in order])
    if any(rule.rule is Broken.UNREACHABLE for rule in found.broken):
        raise Unreachable(origin="one stop", destination="the next")
    late = {
        rule.key: rule.seconds
        for rule in found.broken
        if rule.rule is Broken.LATE and rule.key is not None and rule.seconds is not None
    }
    hungry = sum(rule.seconds or 0 for rule in found.broken if rule.rule is Broken.LUNCH_LATE)
    return AsWanted(found.route, late, hungry, max(0, found.route.home_at - problem.shift.ends))


def tolerant(problem: DayProblem, present: AsWanted) -> DayProblem:
    """The problem with just as much lateness allowed as the present order has."""
    begins = {stop.key: stop.begins for stop in present.route.stops}
    stops = tuple(
        replace(stop, windows=(*stop.windows, TimeWindow(begins[stop.key], begins[stop.key])))
        if stop.key in present.late
        else stop
        for stop in problem.stops
    )
    shift = replace(problem.shift, ends=max(problem.shift.ends, present.route.home_at))
    if shift.lunch is not None and present.lunch_late_seconds:
        latest = shift.lunch.latest + present.lunch_late_seconds
        shift = replace(shift, lunch=replace(shift.lunch, latest=latest))
    return replace(problem, stops=stops, shift=shift)
