"""What an account's dates cost, in seconds: deviation from its cadence, and promises that are broken.

The only place that knows these prices; the choice of days reads the tables, the plan's cost adds them
up. Days are calendar days of the horizon from 0, a gap is the number of days from one visit to the
next. A promise (the latest gap) that is broken costs half a missing visit at once and a whole one for
every cadence that passes then: late is better than never, and worse every day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from routing.types import RotationAccount

Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """``cost`` of deviation and broken promises together; ``is_broken`` where there is such a promise."""

    cost: Numbers
    is_broken: Truths


@dataclass(frozen=True, slots=True)
class DatePrices:
    """``first`` by the day of the first visit, ``gap`` by the days to the next one, ``last`` by the day
    of the last one, and what no visit at all costs."""

    first: Table
    gap: Table
    last: Table
    never_cost: int
    never_is_broken: bool

    def cost(self, days: Sequence[int]) -> int:
        """Seconds for visits on ``days`` (in order)."""
        if not days:
            return self.never_cost
        between = sum(int(self.gap.cost[b - a]) for a, b in pairwise(days))
        return int(self.first.cost[days[0]]) + between + int(self.last.cost[days[-1]])


def promised_to(account: RotationAccount, horizon: int) -> int:
    """The last day of the first visit. A window wholly in the past gets a cadence's time from day 0,
    a single visit all of the horizon."""
    if account.first_to >= 0:
        return account.first_to
    return horizon - 1 if account.cadence is None else account.cadence


def date_prices(account: RotationAccount, horizon: int) -> DatePrices:
    """The tables of one account over ``horizon`` days."""
    if account.fixed_days:
        return _free(horizon)
    return _single(account, horizon) if account.cadence is None else _rolling(account, horizon)


def _free(horizon: int) -> DatePrices:
    """A fixed cycle: what its dates cost is only which of them are missing."""
    table = Table(np.zeros(horizon + 1, dtype=np.int64), np.zeros(horizon + 1, dtype=np.bool_))
    return DatePrices(table, table, table, 0, False)


def _single(account: RotationAccount, horizon: int) -> DatePrices:
    days, until = np.arange(horizon, dtype=np.int64), promised_to(account, horizon)
    window = max(1, until - account.first_from)
    late = _share(account.lateness_price, np.abs(days - account.first_wish), window)
    none = _free(horizon).gap
    is_wanted = account.first_from < horizon
    return DatePrices(Table(late, none.is_broken), none, none, is_wanted * account.price, is_wanted)


def _rolling(account: RotationAccount, horizon: int) -> DatePrices:
    latest, wish, until = account.latest_gap, account.first_wish, promised_to(account, horizon)
    cadence = account.cadence or 1
    days = np.arange(horizon + 1, dtype=np.int64)
    left = horizon - days
    # No visit at all costs what a first one on the day after the horizon would, were it not too early.
    first = _table(account, np.abs(np.minimum(days, until) - wish), days - until)
    unmet = _table(account, np.maximum(0, np.minimum(days, until) - wish), days - until)
    return DatePrices(
        first=first,
        gap=_table(account, np.abs(np.minimum(days, latest) - cadence), days - latest),
        last=_table(account, np.maximum(0, np.minimum(left, latest) - cadence), left - latest),
        never_cost=int(unmet.cost[horizon]),
        never_is_broken=bool(unmet.is_broken[horizon]),
    )


def _table(account: RotationAccount, deviation: Numbers, beyond: Numbers) -> Table:
    """``deviation`` in days from the wish, ``beyond`` in days past the promise (kept up to 0)."""
    cadence, is_broken = account.cadence or 1, beyond > 0
    broken = account.price // 2 + _share(account.price, beyond, cadence)
    return Table(
        _share(account.lateness_price, deviation, cadence) + np.where(is_broken, broken, 0), is_broken
    )


def _share(price: int, part: Numbers, whole: int) -> Numbers:
    """``price * part / whole``, rounded half up."""
    return (2 * price * part + whole) // (2 * whole)
