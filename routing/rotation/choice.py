"""Which days an account is visited on: the cheapest set, exactly, by a dynamic programme over days.

Given what an insertion costs on every day, it finds the least sum of insertions, deviation from the
cadence and broken promises. The number of visits and their dates come out together. The horizon's
end counts as the next visit would: a last visit too long before it is a broken promise too.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from routing.rotation.prepared import NEVER, Costs
from routing.types import RotationAccount


class Choice(NamedTuple):
    """``price`` is what the set costs besides driving: deviation, broken promises, what is missing."""

    days: tuple[int, ...]
    cost: int
    price: int


def choose_days(account: RotationAccount, day_costs: Costs, gap_prices: Costs) -> Choice:
    """The cheapest set of days. ``day_costs[d]`` is ``NEVER`` where no visit is possible.

    Pinned days are always in the set; their insertion cost must be 0.
    """
    if account.fixed_days:
        return _fixed(account, day_costs)
    if account.cadence is None:
        return _single(account, day_costs)
    return _rolling(account, day_costs, gap_prices)


def price_of(account: RotationAccount, days: tuple[int, ...], gap_prices: Costs) -> int:
    """What a set of days costs besides driving."""
    horizon = len(gap_prices) - 1
    if account.fixed_days:
        return account.price * len(set(account.fixed_days) - set(days))
    if account.cadence is None:
        return 0 if days else account.price
    if not days:
        return missing_price(account, horizon)
    pinned = set(account.pinned_days)
    price = first_price(account, days[0], days[0] in pinned)
    for before, after in itertools.pairwise(days):
        price += _gap_price(gap_prices, after - before, bool({before, after} & pinned))
    return price + end_price(account, horizon - days[-1])


def missing_price(account: RotationAccount, horizon: int) -> int:
    """No visit at all: the price once for every cadence the horizon holds after the first due date."""
    assert account.cadence is not None
    return account.price * max(1, -(-(horizon - account.first_to) // account.cadence))


def first_price(account: RotationAccount, day: int, is_pinned: bool = False) -> int:
    """Deviation of the first visit from its wish; beyond ``first_to`` the promise is broken."""
    if day < account.first_from and not is_pinned:
        return NEVER
    span = account.cadence or max(1, account.first_to - account.first_from)
    price = account.lateness_price * abs(day - account.first_wish) // span
    if day > account.first_to:
        price += account.price // 2 + account.price * (day - account.first_to) // span
    return price


def end_price(account: RotationAccount, days_left: int) -> int:
    """Days from the last visit to the horizon's end beyond the latest gap: a visit is missing there."""
    assert account.cadence is not None
    beyond = days_left - account.latest_gap
    return account.price // 2 + account.price * beyond // account.cadence if beyond > 0 else 0


def _gap_price(gap_prices: Costs, gap: int, touches_pinned: bool) -> int:
    """Pinned visits stand where they stand: too near to one is no reason to move it."""
    price = int(gap_prices[gap])
    return 0 if price >= NEVER and touches_pinned else price


def _fixed(account: RotationAccount, day_costs: Costs) -> Choice:
    wanted = sorted({*account.fixed_days, *account.pinned_days})
    days = tuple(day for day in wanted if 0 <= day < len(day_costs) and day_costs[day] < account.price)
    price = account.price * len(set(account.fixed_days) - set(days))
    return Choice(days, int(day_costs[list(days)].sum()) + price, price)


def _single(account: RotationAccount, day_costs: Costs) -> Choice:
    if account.pinned_days:
        return Choice(tuple(sorted(account.pinned_days)), 0, 0)
    first, last = max(0, account.first_from), min(len(day_costs) - 1, account.first_to)
    if first <= last:
        day = first + int(day_costs[first : last + 1].argmin())
        if day_costs[day] < account.price:
            return Choice((day,), int(day_costs[day]), 0)
    return Choice((), account.price, account.price)


def _rolling(account: RotationAccount, day_costs: Costs, gap_prices: Costs) -> Choice:
    horizon = len(day_costs)
    pinned = sorted(account.pinned_days)
    reach, before = _forward(account, day_costs, gap_prices, pinned)
    ends = np.array([end_price(account, horizon - day) for day in range(horizon)], dtype=np.int64)
    totals = reach + ends
    if pinned:
        totals[: pinned[-1]] = NEVER
    last = int(totals.argmin())
    none = missing_price(account, horizon)
    if not pinned and (totals[last] >= NEVER or totals[last] >= none):
        return Choice((), none, none)
    days = [last]
    while before[days[-1]] >= 0:
        days.append(int(before[days[-1]]))
    chosen = tuple(reversed(days))
    return Choice(chosen, int(totals[last]), price_of(account, chosen, gap_prices))


def _forward(
    account: RotationAccount, day_costs: Costs, gap_prices: Costs, pinned: list[int]
) -> tuple[Costs, Costs]:
    """Least cost of a set that ends on each day, and the day before it in that set (-1: none)."""
    horizon = len(day_costs)
    reach = np.full(horizon, NEVER, dtype=np.int64)
    before = np.full(horizon, -1, dtype=np.int64)
    fixed = set(pinned)
    last_pin = -1
    for day in range(horizon):
        if day_costs[day] < NEVER:
            first = first_price(account, day, day in fixed)
            if last_pin < 0 and first < NEVER:
                reach[day] = day_costs[day] + first
            earliest = max(last_pin, 0)
            prices = gap_prices[1 : day - earliest + 1][::-1]
            if fixed and (day in fixed or last_pin >= 0):
                prices = _leniently(prices, day in fixed, last_pin - earliest)
            if len(prices):
                sums = reach[earliest:day] + prices
                best = int(sums.argmin())
                if sums[best] < NEVER and sums[best] + day_costs[day] < reach[day]:
                    reach[day], before[day] = sums[best] + day_costs[day], earliest + best
        if day in fixed:
            last_pin = day
    return reach, before


def _leniently(prices: Costs, day_is_pinned: bool, pin_offset: int) -> Costs:
    """Gap prices to a pinned day, or from one (at ``pin_offset``), where too near costs nothing."""
    lenient = np.where(prices >= NEVER, 0, prices)
    if day_is_pinned:
        return lenient
    prices = prices.copy()
    prices[pin_offset] = lenient[pin_offset]
    return prices
