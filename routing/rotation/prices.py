"""What an account's dates cost, in seconds: lateness against its cadence, and visits that are missing.

The only place that knows these prices; the choice of days reads the tables, the plan's cost adds them
up. Days are calendar days of the horizon from 0, a gap is the number of days from one visit to the
next. A visit is missing for every time the latest gap passes without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from routing.types import RotationAccount

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """Lateness and missing visits together in ``cost``, the number of missing ones in ``missing``."""

    cost: Numbers
    missing: Numbers


@dataclass(frozen=True, slots=True)
class DatePrices:
    """``first`` by the day of the first visit, ``gap`` by the days to the next one, ``last`` by the day
    of the last one, and what no visit at all costs."""

    first: Table
    gap: Table
    last: Table
    never_cost: int
    never_missing: int

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
    table = Table(np.zeros(horizon + 1, dtype=np.int64), np.zeros(horizon + 1, dtype=np.int64))
    return DatePrices(table, table, table, 0, 0)


def _single(account: RotationAccount, horizon: int) -> DatePrices:
    days, until = np.arange(horizon, dtype=np.int64), promised_to(account, horizon)
    late = _share(
        account.lateness_price, np.abs(days - account.first_wish), max(1, until - account.first_from)
    )
    none = _free(horizon).gap
    wanted = int(account.first_from < horizon)
    return DatePrices(Table(late, none.missing), none, none, wanted * account.price, wanted)


def _rolling(account: RotationAccount, horizon: int) -> DatePrices:
    cadence, latest, wish = account.cadence or 1, account.latest_gap, account.first_wish
    days, until = np.arange(horizon, dtype=np.int64), promised_to(account, horizon)
    gaps = np.arange(horizon + 1, dtype=np.int64)
    left = horizon - days

    def table(distance: Numbers, missing: Numbers) -> Table:
        return Table(_share(account.lateness_price, distance, cadence) + missing * account.price, missing)

    missing_never = 1 + (horizon - 1 - until) // latest if until < horizon else 0
    unmet = np.array([max(0, min(horizon, until) - wish)], dtype=np.int64)
    return DatePrices(
        first=table(np.abs(np.minimum(days, until) - wish), np.maximum(0, -((until - days) // latest))),
        gap=table(np.abs(np.minimum(gaps, latest) - cadence), np.maximum(0, (gaps - 1) // latest)),
        last=table(np.maximum(0, np.minimum(left, latest) - cadence), (left - 1) // latest),
        never_cost=missing_never * account.price + int(_share(account.lateness_price, unmet, cadence)[0]),
        never_missing=missing_never,
    )


def _share(price: int, part: Numbers, whole: int) -> Numbers:
    """``price * part / whole``, rounded half up."""
    return (2 * price * part + whole) // (2 * whole)
