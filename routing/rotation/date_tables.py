"""What dates cost and which are allowed, as the arrays the compiled search works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from routing.rotation.prices import DatePrices
from routing.rotation.setting import Setting, Wanted
from routing.rotation.tables import Numbers, SmallNumbers


def by_slot(wanted: Sequence[Wanted], days: Sequence[int], table: Callable[[DatePrices], Numbers]) -> Numbers:
    rows = [table(one.prices)[list(days)] for one in wanted]
    return np.array(rows, dtype=np.int64).reshape(len(wanted), len(days))


def gap_rows(wanted: tuple[Wanted, ...], days: tuple[int, ...]) -> tuple[SmallNumbers, Numbers, Numbers]:
    """Which row of gap prices holds for a visit on each slot, the rows, and the least gap of each."""
    row_of = np.zeros((len(wanted), len(days)), dtype=np.int32)
    known: dict[bytes, int] = {}
    rows: list[Numbers] = []
    least: list[int] = []
    for number, one in enumerate(wanted):
        prices: DatePrices = one.prices
        of_season = []
        for season, table in zip(prices.seasons, prices.gaps, strict=True):
            key = table.cost.tobytes() + season.earliest_gap.to_bytes(4, "big")
            if key not in known:
                known[key] = len(rows)
                rows.append(table.cost)
                least.append(season.earliest_gap)
            of_season.append(known[key])
        row_of[number] = [of_season[prices.season(day)] for day in days]
    width = max((len(row) for row in rows), default=1)
    return row_of, np.array(rows, dtype=np.int64).reshape(-1, width), np.array(least, dtype=np.int64)


def price_by_date(setting: Setting) -> Numbers:
    """What a visit costs by its date alone: below 0 where it saves the price of moving or missing it."""
    prices = np.zeros((len(setting.wanted), len(setting.runs)), dtype=np.int64)
    for number, one in enumerate(setting.wanted):
        account, named = one.account, dict(one.account.day_prices)
        published, fixed = set(account.published_days), set(account.fixed_days)
        if not (named or published or fixed):
            continue
        for route, run in enumerate(setting.runs):
            price = named.get(run.day, 0)
            price -= setting.problem.stability_price * (run.day in published)
            prices[number, route] = price - account.price * (run.day in fixed)
    return prices


def published_slots(setting: Setting) -> npt.NDArray[np.int8]:
    rows = [np.isin(setting.days, one.account.published_days) for one in setting.wanted]
    return np.array(rows, dtype=np.int8).reshape(len(setting.wanted), len(setting.days))


def choice_tables(setting: Setting) -> tuple[Numbers, Numbers, Numbers]:
    slot_of = {day: slot for slot, day in enumerate(setting.days)}
    choices_of, firsts, slots = [0], [0], []
    for one in setting.wanted:
        for choice in one.account.choices:
            if choice and all(day in slot_of for day in choice):
                slots += sorted(slot_of[day] for day in choice)
                firsts.append(len(slots))
        choices_of.append(len(firsts) - 1)
    first, second, third = (np.array(values, dtype=np.int64) for values in (choices_of, firsts, slots))
    return first, second, third
