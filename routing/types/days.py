"""A shift as a problem and as a route, of one rep or of several."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from routing.types.roads import TravelMatrix


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Service may begin from ``opens`` to ``closes``, both included."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Lunch:
    """A break of ``seconds`` that may begin between ``earliest`` and ``latest``."""

    earliest: int
    latest: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One working day: leave not before ``starts``, be back by ``ends``.

    ``start`` and ``end`` are indices into the travel matrix (usually both the home).
    ``overtime_seconds`` may follow where a rotation's price of overtime is paid; ``load_limit`` is the most
    that is carried, 0 for no limit. Both are for rotations; a day alone ends at ``ends``.
    """

    starts: int
    ends: int
    start: int = 0
    end: int = 0
    lunch: Lunch | None = None
    overtime_seconds: int = 0
    load_limit: int = 0

    @property
    def working_seconds(self) -> int:
        """The shift without lunch."""
        return self.ends - self.starts - (self.lunch.seconds if self.lunch else 0)


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit to be placed in a day. ``at`` is its index in the travel matrix.

    ``price`` is what leaving it out costs, in seconds of driving; ``None`` means it must happen.
    No windows means any time of the shift. ``key`` is the caller's own, returned unread.
    """

    key: int
    at: int
    service_seconds: int
    windows: tuple[TimeWindow, ...] = ()
    price: int | None = None


class Objective(StrEnum):
    """What makes one day better than another. Prices of the stops left out count in each."""

    LEAST_DRIVING = "least_driving"
    """Seconds of driving, and the prices."""
    EARLIEST_HOME = "earliest_home"
    """Seconds of the shift until one is home that are not spent serving, and the prices."""
    MOST_VALUE = "most_value"
    """The prices first, whatever driving they take; then driving."""


class LeftOut(StrEnum):
    """Why a stop is not in the route. "Cannot" and "did not find" are different words."""

    UNREACHABLE = "unreachable"
    CLOSED = "closed"
    """No window lets service begin within the shift, even as the only stop."""
    TOO_LONG = "too_long"
    """Drive there, serve and drive back does not fit the shift, even as the only stop."""
    DAY_FULL = "day_full"
    """Fits alone, but not together with the stops that were kept; ``seconds`` = what its detour would be."""
    NOT_WORTH = "not_worth"
    """It fits, but its detour costs more than its price."""
    NOT_FOUND = "not_found"
    """The search ended without finding room; there may be some."""


@dataclass(frozen=True, slots=True)
class LeftOutStop:
    key: int
    reason: LeftOut
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """A stop in its route: arrive after ``leg_seconds`` of driving, wait, serve, leave."""

    key: int
    arrives: int
    begins: int
    leaves: int
    leg_seconds: int
    leg_metres: int


class Broken(StrEnum):
    """A rule that an order someone wishes breaks."""

    LATE = "late"
    """Service begins ``seconds`` after the last window of the stop has closed."""
    CLOSED = "closed"
    """The stop has no window that ever opens."""
    LUNCH_LATE = "lunch_late"
    HOME_LATE = "home_late"
    UNREACHABLE = "unreachable"
    """No road leads there, or on from there: the stop is not in the times."""


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """``key`` is the stop's, None for lunch and the way home."""

    rule: Broken
    key: int | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class DayProblem:
    """One shift, its stops and the travel matrix they index."""

    shift: Shift
    stops: tuple[Stop, ...]
    travel: TravelMatrix


@dataclass(frozen=True, slots=True)
class DayRoute:
    """An answer to a ``DayProblem``. ``lunch_begins`` is None when the shift has no lunch."""

    stops: tuple[PlannedStop, ...]
    left_out: tuple[LeftOutStop, ...]
    leaves_at: int
    home_at: int
    home_leg_seconds: int
    home_leg_metres: int
    lunch_begins: int | None
    proven: bool
    cost_seconds: int = 0
    """By the objective: driving or time, and the prices of the stops left out that would fit alone."""
    bound_seconds: int = 0
    """No day costs less; the cost itself when the day is proven."""

    @property
    def within_percent(self) -> float | None:
        """How far above the best day it may be at most; None where that is not known within its double."""
        if self.proven:
            return 0.0
        if 2 * self.bound_seconds < self.cost_seconds or self.bound_seconds <= 0:
            return None
        return 100 * (self.cost_seconds / self.bound_seconds - 1)

    @property
    def driving_seconds(self) -> int:
        return sum(stop.leg_seconds for stop in self.stops) + self.home_leg_seconds

    @property
    def driving_metres(self) -> int:
        return sum(stop.leg_metres for stop in self.stops) + self.home_leg_metres


@dataclass(frozen=True, slots=True)
class OrderedDay:
    """A day in an order someone wishes, its times, and every rule they break."""

    route: DayRoute
    broken: tuple[BrokenRule, ...]


@dataclass(frozen=True, slots=True)
class TeamProblem:
    """One day of several reps who share stops. ``reps[i]`` are the shifts that may serve stop ``i``, all of
    them where it is empty; an empty tuple lets every shift serve every stop."""

    shifts: tuple[Shift, ...]
    stops: tuple[Stop, ...]
    travel: TravelMatrix
    reps: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class TeamRoutes:
    """A route for each shift; what nobody serves stands in ``left_out`` and in no route."""

    routes: tuple[DayRoute, ...]
    left_out: tuple[LeftOutStop, ...]
