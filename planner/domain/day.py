"""How a day is going: what is done, when the rest is to be expected, how late that is.

Times of day are seconds after local midnight, ``*_seconds`` of legs, service and lunch are durations.
Nobody is expected before an opening window lets them begin; the order of the plan is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.domain.visits import UNDECIDED, VisitState

LATE_SECONDS = 15 * 60
"""From here on lateness is worth a word of warning."""

DAY_SECONDS = 24 * 3600

LONGEST_OVERTIME_SECONDS = 3 * 3600
"""Who is not home this long after the planned return is not late: the day is over and not yet written up."""

WINDOWS = tuple[tuple[int, int], ...]
"""When service may begin: (opens, closes), both counted, in order. Empty: any time."""


@dataclass(frozen=True, slots=True)
class DayStop:
    """A stop as planned, and as it went: ``arrived`` and ``left`` are None until it did."""

    state: VisitState
    arrives: int
    begins: int
    leaves: int
    leg_seconds: int
    service_seconds: int
    windows: WINDOWS = ()
    arrived: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day route. ``lunch_begins`` None: no lunch. ``put_in_order``: when on the day itself its rest was,
    0 when it was before; no drive of the rest begins earlier."""

    stops: tuple[DayStop, ...]
    leaves: int
    home: int
    home_leg_seconds: int
    lunch_begins: int | None = None
    lunch_seconds: int = 0
    put_in_order: int = 0


@dataclass(frozen=True, slots=True)
class Expected:
    """When a stop still to come is to be expected. ``missed_by``: how long after its last window has closed,
    0 while one is left to begin in. ``lunch_begins`` when lunch comes first, before the drive or at the door.
    """

    arrives: int
    begins: int
    leaves: int
    missed_by: int = 0
    lunch_begins: int | None = None

    @property
    def is_too_late(self) -> bool:
        return self.missed_by > 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """``stops`` stands beside the planned stops; None where a visit is over. ``late_seconds`` is how much
    later than planned the next visit begins, or the rep is home when none is left; early is negative.
    ``lunch_begins`` when lunch comes after the last visit. ``is_day_over``: nobody is on the road any
    more, whatever has been entered; what is open was not written up."""

    stops: tuple[Expected | None, ...]
    home: int
    late_seconds: int
    lunch_begins: int | None = None
    is_day_over: bool = False

    @property
    def is_late(self) -> bool:
        return not self.is_day_over and (
            self.late_seconds >= LATE_SECONDS
            or any(stop is not None and stop.is_too_late for stop in self.stops)
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """Visits of a day: ``done`` were held, ``not_held`` missed or skipped, the rest is to come."""

    done: int
    not_held: int
    total: int

    @property
    def is_over(self) -> bool:
        return self.done + self.not_held == self.total


def progress(states: Iterable[VisitState]) -> Progress:
    """Counts over the visits of a day; cancelled ones do not count."""
    counted = [state for state in states if state is not VisitState.CANCELLED]
    done = sum(state is VisitState.DONE for state in counted)
    left = sum(state in UNDECIDED for state in counted)
    return Progress(done, len(counted) - done - left, len(counted))


def forecast(day: PlannedDay, now: int | None) -> Forecast:
    """The rest of the day from what has happened so far. ``now`` None: another day, taken as planned.

    Few tap when they drive off: who did not say and is not there yet is taken to have left in time, and to
    be late only once the clock says so. A day that is over by now is taken as planned.
    """
    is_day_over = now is not None and now > day.home + LONGEST_OVERTIME_SECONDS
    now = None if is_day_over else now
    cursor = _free_from(day, now)
    lunch = _lunch_ahead(day)
    expected: list[Expected | None] = []
    for stop in day.stops:
        if stop.state is not VisitState.PLANNED:
            expected.append(_under_way(stop, now) if stop.state is VisitState.ARRIVED else None)
            continue
        meal = (lunch, day.lunch_seconds) if lunch is not None and lunch < stop.begins else None
        coming = _expect(stop, cursor, now or 0, meal)
        expected.append(coming)
        cursor, lunch = coming.leaves, None if meal else lunch
    home = max(cursor + day.home_leg_seconds + (day.lunch_seconds if lunch is not None else 0), now or 0)
    late = _late(day, expected, home)
    return Forecast(tuple(expected), home, late, None if lunch is None else cursor, is_day_over)


def _free_from(day: PlannedDay, now: int | None) -> int:
    """When the rep can drive on: after the stop under way, or the last one left, or from home."""
    under_way = [_under_way(stop, now).leaves for stop in day.stops if stop.state is VisitState.ARRIVED]
    left = [stop.left for stop in day.stops if stop.left is not None]
    return max(max([*under_way, *left], default=day.leaves), _rest_begins(day))


def _rest_begins(day: PlannedDay) -> int:
    """When the rest was planned to set out, if that was decided on the day itself: who finished early and
    then put the rest in order has not been driving since."""
    coming = next((stop for stop in day.stops if stop.state is VisitState.PLANNED), None)
    return min(day.put_in_order, coming.arrives - coming.leg_seconds) if coming else 0


def _under_way(stop: DayStop, now: int | None) -> Expected:
    arrived = stop.arrives if stop.arrived is None else stop.arrived
    return Expected(arrived, arrived, max(arrived + stop.service_seconds, now or 0))


def _lunch_ahead(day: PlannedDay) -> int | None:
    """When lunch was planned, unless a visit planned after it has been reached already."""
    reached = [(stop.begins, stop.begins) for stop in day.stops if stop.state is not VisitState.PLANNED]
    is_over = lunch_behind(day.lunch_begins, 0, day.lunch_seconds, reached) is not None
    return None if is_over else day.lunch_begins


def lunch_behind(
    planned: int | None, earliest: int, length: int, reached: Iterable[tuple[int, int]]
) -> int | None:
    """When the lunch began that is over; None while it is to come.

    It was ``planned`` to begin before a visit that has been reached since, and not so early that nobody eats
    yet. ``reached``: when each visit that is over or under way was planned to begin, and when it was reached.
    All of it in seconds after midnight.
    """
    if planned is None:
        return None
    after = [at for begins, at in reached if begins > planned and at >= earliest]
    return min(planned, min(after) - length) if after else None


def _expect(stop: DayStop, free: int, now: int, lunch: tuple[int, int] | None) -> Expected:
    """``free``: when the drive could begin. ``lunch``: when it was planned and how long it lasts; it is
    taken before the drive, or at the door when it was planned after the arrival there."""
    planned, length = lunch or (0, 0)
    at_door = lunch is not None and planned >= stop.arrives
    arrives = max(free + (0 if at_door else length) + stop.leg_seconds, now)
    earliest = arrives + length if at_door else arrives
    begins = first_opening(stop.windows, earliest)
    at = earliest if begins is None else begins
    eats_at = None if lunch is None else arrives if at_door else free
    return Expected(arrives, at, at + stop.service_seconds, missed_by(stop.windows, at), eats_at)


def first_opening(windows: WINDOWS, earliest: int) -> int | None:
    """When service may begin at ``earliest`` or later that day; None when no window is left."""
    if not windows:
        return earliest
    return next((max(opens, earliest) for opens, closes in windows if closes >= earliest), None)


def missed_by(windows: WINDOWS, begins: int) -> int:
    """How long after the last window has closed service begins; 0 while it has not."""
    return max(0, begins - max(closes for _, closes in windows)) if windows else 0


def narrowed(windows: WINDOWS, from_seconds: int | None, until_seconds: int | None) -> WINDOWS | None:
    """What is left of the windows on a day on which service is wanted from and until a time; None when
    nothing is."""
    if from_seconds is None and until_seconds is None:
        return windows
    earliest = 0 if from_seconds is None else from_seconds
    latest = DAY_SECONDS if until_seconds is None else until_seconds
    cut = ((max(opens, earliest), min(closes, latest)) for opens, closes in windows or ((0, DAY_SECONDS),))
    return tuple((opens, closes) for opens, closes in cut if opens <= closes) or None


def _late(day: PlannedDay, expected: Sequence[Expected | None], home: int) -> int:
    for stop, coming in zip(day.stops, expected, strict=True):
        if stop.state is VisitState.PLANNED and coming is not None:
            return coming.begins - stop.begins
    return home - day.home
