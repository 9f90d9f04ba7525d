"""Values that pass through routing's doors.

Coordinates are WGS 84 degrees. Times of day are whole seconds after local midnight, durations
whole seconds, distances whole metres. A time window says when service may *begin*; both ends
count. All values are frozen; sequences are tuples.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

SecondsMatrix = npt.NDArray[np.int64]

UNREACHABLE_SECONDS = 2**31 - 1
"""Entry of a travel matrix where no road leads; never added to anything."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map. ``label`` is for messages only."""

    lon: float
    lat: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Snap:
    """Where a place meets the roads: on directed edge ``edge``, ``fraction`` of its length from the tail."""

    edge: int
    fraction: float
    metres_off_road: int
    street: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Service may begin from ``opens`` to ``closes``, both included."""

    opens: int
    closes: int


class MetresTable(Protocol):
    """Metres by ``[start, goal]``: an array, or a table that walks the way when asked."""

    def __getitem__(self, pair: tuple[int, int], /) -> int: ...


@dataclass(frozen=True, slots=True)
class RushTimes:
    """Times and metres of drives wholly within a slot of the day: from ``begins`` until before ``ends``.

    ``swing``: driving seconds that a second of the slot may cost more, or less, than a calm one, at most.
    """

    begins: int
    ends: int
    seconds: SecondsMatrix
    metres: MetresTable | npt.NDArray[np.int64]
    swing: float


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Times and metres between places, in the order the places were given.

    ``seconds[i, j]`` and ``metres[i, j]`` belong to the same fastest path; metres are never the
    result of a second search. Unreachable pairs hold ``UNREACHABLE_SECONDS`` in both.
    ``rush`` are slots of the day, one after the other, in which drives take other times.
    """

    seconds: SecondsMatrix
    metres: MetresTable | npt.NDArray[np.int64]
    network_version: str
    rush: tuple[RushTimes, ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """The drive from one place to the next along the streets. ``path`` is (lon, lat) points."""

    seconds: int
    metres: int
    path: tuple[tuple[float, float], ...]
    streets: tuple[str, ...] = ()


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

    @property
    def driving_seconds(self) -> int:
        return sum(stop.leg_seconds for stop in self.stops) + self.home_leg_seconds

    @property
    def driving_metres(self) -> int:
        return sum(stop.leg_metres for stop in self.stops) + self.home_leg_metres


@dataclass(frozen=True, slots=True)
class RotationDay:
    """A day of the horizon. ``shift`` is None when the rep does not work (weekend, holiday, absence);
    ``others`` are the shifts of further reps of one territory, rep 1 first, in the same order every day."""

    shift: Shift | None
    others: tuple[Shift | None, ...] = ()

    @property
    def shifts(self) -> tuple[Shift | None, ...]:
        """Of every rep, rep 0 first."""
        return (self.shift, *self.others)


@dataclass(frozen=True, slots=True)
class Season:
    """From day ``from_day`` on, the gap after a visit is wished and bounded so; until the next season."""

    from_day: int
    cadence: int
    earliest_gap: int
    latest_gap: int


@dataclass(frozen=True, slots=True)
class Quota:
    """On the days from ``first_day`` to ``last_day``, both included, at most ``most`` visits to accounts that
    are ``in_quota``; those that stand already count."""

    first_day: int
    last_day: int
    most: int


@dataclass(frozen=True, slots=True)
class RotationAccount:
    """An account in the rotation; days are indices into the horizon (calendar days from 0).

    ``windows[d]`` are the opening windows of day d; an empty tuple means closed that day.
    Rolling cadence: the first visit falls on a day in ``first_from..first_to`` (both included, may
    lie before day 0 for what is overdue: then day 0 is the earliest, and a window wholly in the past
    gets a cadence's time from day 0), each next one ``earliest_gap..latest_gap`` days after the one
    before, wished ``cadence``. The earliest gap is kept always. A latest gap that is passed is listed,
    and costs half of ``price`` at once and ``price`` for each cadence beyond it.
    ``cadence`` None is a single visit (a must-visit, a prospect): in its first window or not at all.
    ``seasons`` change cadence and gaps from a day on. Fixed cycle: ``fixed_days`` lists its days; gaps are
    ignored then. ``choices`` are whole sets of days, of which one is visited or none.
    ``pinned_days`` are visits that stand already and are never moved; the others keep gaps to them.
    ``price`` is what a missing visit costs, in seconds; ``lateness_price`` what 100 % of a cadence
    missed, early or late, costs, in seconds (of a single visit: 100 % of its window); ``edge_price`` the same
    for the first visit's date and for the wait after the last one, as ``lateness_price`` where it is None.
    ``day_prices`` are pairs of a day and what a visit on it costs besides, in seconds; days not named cost
    nothing. ``reps`` may visit it, all of them where it is empty. ``load`` counts against a shift's limit.
    ``in_quota``: a single visit that counts against the problem's quotas.
    """

    key: int
    at: int
    service_seconds: int
    windows: tuple[tuple[TimeWindow, ...], ...]
    cadence: int | None
    earliest_gap: int
    latest_gap: int
    first_from: int
    first_to: int
    first_wish: int
    price: int
    lateness_price: int
    fixed_days: tuple[int, ...] = ()
    pinned_days: tuple[int, ...] = ()
    published_days: tuple[int, ...] = ()
    choices: tuple[tuple[int, ...], ...] = ()
    seasons: tuple[Season, ...] = ()
    day_prices: tuple[tuple[int, int], ...] = ()
    edge_price: int | None = None
    reps: tuple[int, ...] = ()
    load: int = 0
    in_quota: bool = False


@dataclass(frozen=True, slots=True)
class RotationProblem:
    """The horizon of a rep, or of several who share a territory.

    ``overtime_price``: seconds an hour of overtime costs, where shifts allow any.
    ``stability_price``: seconds per visit moved off its published day. ``balance_price``: seconds times
    the square of the hours that driving and visits of a day take beyond ``even_percent`` of its shift without
    lunch.
    ``quotas`` do not overlap; on days outside them visits in quota are not limited.
    """

    days: tuple[RotationDay, ...]
    accounts: tuple[RotationAccount, ...]
    travel: TravelMatrix
    stability_price: int = 0
    balance_price: int = 0
    even_percent: int = 100
    overtime_price: int = 3600
    quotas: tuple[Quota, ...] = ()


class Unplaced(StrEnum):
    """Why an account got no visit, or one fewer than its cadence asks."""

    UNREACHABLE = "unreachable"
    NEVER_OPEN = "never_open"
    """No day in its due window has an opening hour within the shift."""
    TOO_LONG = "too_long"
    NO_WORKING_DAY = "no_working_day"
    """The due window holds no day the rep works, or closed ones only, its open days being days off."""
    GAPS_CLASH = "gaps_clash"
    """Open days exist, but no choice of them keeps every gap."""
    DAYS_FULL = "days_full"
    """Every feasible day is full; ``seconds`` = the least room missing, where known."""
    NOT_WORTH = "not_worth"
    """It would fit, and cost more than its price; ``seconds`` = what it would cost."""
    QUOTA_FULL = "quota_full"
    """It would fit, and the quota goes to others."""


@dataclass(frozen=True, slots=True)
class UnplacedAccount:
    key: int
    reason: Unplaced
    first_from: int
    first_to: int
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class RotationVisit:
    """One planned visit: day index, position in the day's order, when service begins."""

    key: int
    day: int
    position: int
    begins: int
    detour_seconds: int
    """Driving saved if this visit alone were taken out of its day."""
    rep: int = 0


@dataclass(frozen=True, slots=True)
class RotationPlan:
    visits: tuple[RotationVisit, ...]
    unplaced: tuple[UnplacedAccount, ...]
    driving_seconds: int
    driving_metres: int
    cost_seconds: int
    """The objective: driving + lateness + balance + stability + what is missing."""
    iterations: int
    days_driven: int = 0
    days_proven: int = 0
    """Days of which no order of their visits is cheaper."""


@dataclass(frozen=True, slots=True)
class SearchBudget:
    """When to stop. ``iterations`` makes a result repeatable; ``seconds`` caps it as a safety net. A rotation
    that is ``paced`` cools down as the seconds pass rather than the iterations.

    Cancelling and progress are callables given beside it, so that the budget stays a plain value.
    """

    iterations: int
    seconds: float | None = None
    seed: int = 1
    paced: bool = False
