"""Many weeks of visits as a problem and as a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from routing.types.days import Shift, TimeWindow
from routing.types.roads import TravelMatrix


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
class Nights:
    """Nights a rep may spend away from home. ``after_days`` are the days whose evening may end elsewhere; the
    calendar day that follows is worked too and begins there.

    ``places`` are indices into the travel matrix one may sleep at, ``price`` what a night costs in seconds.
    At most ``most_in_a_row`` nights follow each other, those of ``spent_after_days`` counted: they are
    settled (their days end and begin there already) and may lie before day 0. ``published`` are pairs of a
    day and a place announced for the night after it.
    """

    after_days: tuple[int, ...]
    places: tuple[int, ...]
    price: int
    most_in_a_row: int = 1
    spent_after_days: tuple[int, ...] = ()
    published: tuple[tuple[int, int], ...] = ()
    rep: int = 0


@dataclass(frozen=True, slots=True)
class NightAway:
    """The night after ``day``, spent at the place ``at`` of the travel matrix."""

    day: int
    at: int
    rep: int = 0


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
    ``stability_price``: seconds per visit moved off its published day, and per published night that is not
    spent where it was announced. ``balance_price``: seconds times
    the square of the hours that driving and visits of a day take beyond ``even_percent`` of its shift without
    lunch.
    ``quotas`` do not overlap; on days outside them visits in quota are not limited. ``nights``: one entry for
    each rep who may sleep away.
    """

    days: tuple[RotationDay, ...]
    accounts: tuple[RotationAccount, ...]
    travel: TravelMatrix
    stability_price: int = 0
    balance_price: int = 0
    even_percent: int = 100
    overtime_price: int = 3600
    quotas: tuple[Quota, ...] = ()
    nights: tuple[Nights, ...] = ()


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
    nights: tuple[NightAway, ...] = ()
