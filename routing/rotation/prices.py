"""What an account's dates cost, in seconds: lateness against its cadence, and visits that are missing.

One set of tables per account is the only place that knows these prices; the choice of days reads them.
Days are calendar days of the horizon from 0. A gap is the number of days from one visit to the next.
A visit is missing for every time the latest gap passes without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.types import RotationAccount

Numbers = npt.NDArray[np.int64]

FORBIDDEN = 2**50
"""Cost of what may not be; far above any plan's cost, and sums of it stay in 64 bits."""


@dataclass(frozen=True, slots=True)
class DatePrices:
    """Tables of one account over a horizon of ``len(first)`` days.

    ``first[d]``: the first visit on day d; ``gap[g]``: g days to the next; ``last[d]``: none after day d;
    ``never``: no visit at all. ``missing_*`` count the missing visits in the same places.
    """

    first: Numbers
    gap: Numbers
    last: Numbers
    never: int
    missing_first: Numbers
    missing_gap: Numbers
    missing_last: Numbers
    missing_never: int


def promised_to(account: RotationAccount, horizon: int) -> int:
    """The last day of the first visit. A window wholly in the past gets a cadence's time from day 0;
    a single visit all of the horizon."""
    if account.first_to >= 0:
        return account.first_to
    return horizon - 1 if account.cadence is None else account.cadence


def date_prices(account: RotationAccount, horizon: int) -> DatePrices:
    """The tables of a rolling cadence or a single visit; fixed cycles need none but ``price``."""
    return _single(account, horizon) if account.cadence is None else _rolling(account, horizon)


def _single(account: RotationAccount, horizon: int) -> DatePrices:
    days, until = np.arange(horizon, dtype=np.int64), promised_to(account, horizon)
    length = max(1, until - account.first_from)
    first = _share(account.lateness_price, np.abs(days - account.first_wish), length)
    first[(days < account.first_from) | (days > until)] = FORBIDDEN
    none = np.zeros(horizon, dtype=np.int64)
    forbidden = np.full(horizon + 1, FORBIDDEN, dtype=np.int64)
    wanted = int(account.first_from < horizon)
    return DatePrices(
        first, forbidden, none, wanted * account.price, none, np.zeros_like(forbidden), none, wanted
    )


def _rolling(account: RotationAccount, horizon: int) -> DatePrices:
    cadence, latest = account.cadence or 1, account.latest_gap
    days, until = np.arange(horizon, dtype=np.int64), promised_to(account, horizon)
    gaps = np.arange(horizon + 1, dtype=np.int64)

    def late(distance: Numbers) -> Numbers:
        return _share(account.lateness_price, distance, cadence)

    missing_first = np.maximum(0, -((until - days) // latest))
    first = late(np.abs(np.minimum(days, until) - account.first_wish)) + missing_first * account.price
    first[days < account.first_from] = FORBIDDEN

    missing_gap = np.maximum(0, (gaps - 1) // latest)
    gap = late(np.abs(np.minimum(gaps, latest) - cadence)) + missing_gap * account.price
    gap[gaps < account.earliest_gap] = FORBIDDEN

    left = horizon - days
    missing_last = (left - 1) // latest
    last = late(np.maximum(0, np.minimum(left, latest) - cadence)) + missing_last * account.price

    missing_never = 1 + (horizon - 1 - until) // latest if until < horizon else 0
    unmet = max(0, min(horizon, until) - account.first_wish)
    never = missing_never * account.price + int(late(np.array([unmet], dtype=np.int64))[0])
    return DatePrices(first, gap, last, never, missing_first, missing_gap, missing_last, missing_never)


def _share(price: int, part: Numbers, whole: int) -> Numbers:
    """``price * part / whole``, rounded half up."""
    return (2 * price * part + whole) // (2 * whole)


def dates_cost(account: RotationAccount, prices: DatePrices, days: Sequence[int]) -> int:
    """Lateness, missing visits and moved ones of an account visited on ``days`` (in order)."""
    moved = len(set(account.published_days) - set(days))
    return moved_free(account, prices, days) + moved * stability_of(account)
