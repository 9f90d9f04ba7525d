"""What an account's dates cost, in seconds: deviation from its cadence, and promises that are broken.

The only place that knows these prices; the choice of days reads the tables, the plan's cost adds them
up. Days are calendar days of the horizon from 0, a gap is the number of days from one visit to the
next. A promise (the latest gap) that is broken costs half a missing visit at once and a whole one for
every cadence that passes then: late is better than never, and worse every day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from routing.types import RotationAccount, Season

Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """``cost`` of deviation and broken promises together; ``is_broken`` where there is such a promise."""

    cost: Numbers
    is_broken: Truths


@dataclass(frozen=True, slots=True)
class DatePrices:
    """``first`` by the day of the first visit, ``gaps`` of each season by the days to the next one, ``last``
    by the day of the last one, and what no visit at all costs. ``seasons`` are in order of their day."""

    first: Table
    gaps: tuple[Table, ...]
    last: Table
    never_cost: int
    never_is_broken: bool
    seasons: tuple[Season, ...]

    def season(self, day: int) -> int:
        """Which season a visit on this day belongs to; its cadence holds for the gap that follows."""
        return max(0, bisect_right([season.from_day for season in self.seasons], day) - 1)

    def cost(self, days: Sequence[int]) -> int:
        """Seconds for visits on ``days`` (in order)."""
        if not days:
            return self.never_cost
        between = sum(int(self.gaps[self.season(a)].cost[b - a]) for a, b in pairwise(days))
        return int(self.first.cost[days[0]]) + between + int(self.last.cost[days[-1]])


def seasons_of(account: RotationAccount) -> tuple[Season, ...]:
    """The account's own cadence first, then its seasons by day."""
    own = Season(-1, account.cadence or 1, account.earliest_gap, account.latest_gap)
    return (own, *sorted(account.seasons, key=lambda season: season.from_day))


def season_of(account: RotationAccount, day: int) -> Season:
    """Whose cadence and gaps hold for what follows a visit on this day."""
    return [season for season in seasons_of(account) if season.from_day <= day][-1]


def promised_to(account: RotationAccount, horizon: int) -> int:
    """The last day of the first visit. A window wholly in the past gets a cadence's time from day 0,
    a single visit all of the horizon."""
    if account.first_to >= 0:
        return account.first_to
    return horizon - 1 if account.cadence is None else account.cadence


def date_prices(account: RotationAccount, horizon: int) -> DatePrices:
    """The tables of one account over ``horizon`` days."""
    if account.fixed_days or account.choices:
        return _free(account, horizon)
    return _single(account, horizon) if account.cadence is None else _rolling(account, horizon)


def _free(account: RotationAccount, horizon: int) -> DatePrices:
    """A fixed cycle: what its dates cost is only which of them are missing."""
    table = Table(np.zeros(horizon + 1, dtype=np.int64), np.zeros(horizon + 1, dtype=np.bool_))
    is_asked = bool(account.choices)
    return DatePrices(table, (table,), table, is_asked * account.price, is_asked, seasons_of(account)[:1])


def _single(account: RotationAccount, horizon: int) -> DatePrices:
    days, until = np.arange(horizon + 1, dtype=np.int64), promised_to(account, horizon)
    window = max(1, until - account.first_from)
    late = _share(edge_price(account), np.abs(days - account.first_wish), window)
    none = _free(account, horizon)
    first = Table(late, none.first.is_broken)
    is_wanted = account.first_from < horizon
    return DatePrices(first, none.gaps, none.last, is_wanted * account.price, is_wanted, none.seasons)


def _rolling(account: RotationAccount, horizon: int) -> DatePrices:
    wish, until = account.first_wish, promised_to(account, horizon)
    own, edge = account.cadence or 1, edge_price(account)
    days = np.arange(horizon + 1, dtype=np.int64)
    seasons = seasons_of(account)
    # No visit at all costs what a first one on the day after the horizon would, were it not too early.
    first = _table(account, own, edge, np.abs(np.minimum(days, until) - wish), days - until)
    unmet = _table(account, own, edge, np.maximum(0, np.minimum(days, until) - wish), days - until)
    return DatePrices(
        first=first,
        gaps=tuple(_gaps(account, season, days) for season in seasons),
        last=_last(account, seasons, days),
        never_cost=int(unmet.cost[horizon]),
        never_is_broken=bool(unmet.is_broken[horizon]),
        seasons=seasons,
    )


def _gaps(account: RotationAccount, season: Season, days: Numbers) -> Table:
    cadence, latest = season.cadence, season.latest_gap
    deviation = np.abs(np.minimum(days, latest) - cadence)
    return _table(account, cadence, account.lateness_price, deviation, days - latest)


def _last(account: RotationAccount, seasons: Sequence[Season], days: Numbers) -> Table:
    """The wait that has begun with the last visit, up to the horizon's end."""
    starts = np.array([season.from_day for season in seasons])
    which = np.maximum(0, np.searchsorted(starts, days, side="right") - 1)
    cadence = np.array([season.cadence for season in seasons], dtype=np.int64)[which]
    latest = np.array([season.latest_gap for season in seasons], dtype=np.int64)[which]
    left = len(days) - 1 - days
    waited = np.maximum(0, np.minimum(left, latest) - cadence)
    return _table(account, cadence, edge_price(account), waited, left - latest)


def edge_price(account: RotationAccount) -> int:
    return account.lateness_price if account.edge_price is None else account.edge_price


def _table(
    account: RotationAccount, cadence: int | Numbers, price: int, deviation: Numbers, beyond: Numbers
) -> Table:
    """``deviation`` in days from the wish, ``beyond`` in days past the promise (kept up to 0)."""
    is_broken = beyond > 0
    broken = account.price // 2 + _share(account.price, beyond, cadence)
    return Table(_share(price, deviation, cadence) + np.where(is_broken, broken, 0), is_broken)


def _share(price: int, part: Numbers, whole: int | Numbers) -> Numbers:
    """``price * part / whole``, rounded half up."""
    return (2 * price * part + whole) // (2 * whole)
