"""A rotation problem made ready for the search: working days only, windows as arrays, prices as tables.

A *turn* is the index of a working day, counted over working days only; ``Setting.days`` gives its
calendar day. Accounts are known by their index in the problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from routing.day.moments import first_begin
from routing.errors import BadProblem, Unreachable
from routing.rotation.prices import DatePrices, Numbers, date_prices, promised_to
from routing.types import UNREACHABLE_SECONDS, RotationAccount, RotationProblem, Shift, TimeWindow

NEVER = 2**40
"""A time of day that does not come."""

TOO_DEAR = 2**50
"""Cost of what is not possible; far above any plan, and sums of it stay in 64 bits."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account as the search sees it.

    ``windows[turn]`` are its sorted windows, ``spans`` the same as plain pairs, ``opens`` and ``closes``
    as arrays of shape (windows, turns, 1) with missing ones as NEVER to -NEVER. ``turns`` are those its
    dates and hours allow; ``pinned`` those on which a visit stands already.
    """

    account: RotationAccount
    prices: DatePrices
    windows: tuple[tuple[TimeWindow, ...], ...]
    spans: tuple[tuple[tuple[int, int], ...], ...]
    opens: Numbers
    closes: Numbers
    turns: tuple[int, ...]
    pinned: frozenset[int]


@dataclass(frozen=True, slots=True)
class Setting:
    """``seconds`` is the travel matrix as nested lists: single entries are read far faster from them."""

    problem: RotationProblem
    days: tuple[int, ...]
    shifts: tuple[Shift, ...]
    wanted: tuple[Wanted, ...]
    seconds: list[list[int]]
    even_share: int


def setting_of(problem: RotationProblem) -> Setting:
    """Raises ``BadProblem`` for a problem that contradicts itself."""
    _check(problem)
    days = tuple(number for number, day in enumerate(problem.days) if day.shift is not None)
    shifts = tuple(day.shift for day in problem.days if day.shift is not None)
    wanted = tuple(_wanted(problem, account, days, shifts) for account in problem.accounts)
    visits = sum(expected_visits(account, len(problem.days)) for account in problem.accounts)
    return Setting(
        problem=problem,
        days=days,
        shifts=shifts,
        wanted=wanted,
        seconds=problem.travel.seconds.tolist(),
        even_share=-(-visits // max(1, len(days))),
    )


def expected_visits(account: RotationAccount, horizon: int) -> int:
    """Visits the account's wish amounts to over the horizon."""
    if account.fixed_days:
        return len(set(account.fixed_days) | set(account.pinned_days))
    wish = max(0, account.first_wish)
    if wish >= horizon or account.cadence is None:
        return max(int(wish < horizon), len(account.pinned_days))
    return max(1 + (horizon - 1 - wish) // account.cadence, len(account.pinned_days))


def _wanted(
    problem: RotationProblem, account: RotationAccount, days: tuple[int, ...], shifts: tuple[Shift, ...]
) -> Wanted:
    turn_of = {day: turn for turn, day in enumerate(days)}
    windows = tuple(_open_windows(account.windows[day]) for day in days)
    width = max((len(w) for w in windows), default=0) or 1
    opens = np.full((width, len(days), 1), NEVER, dtype=np.int64)
    closes = np.full((width, len(days), 1), -NEVER, dtype=np.int64)
    for turn, of_day in enumerate(windows):
        for number, window in enumerate(of_day):
            opens[number, turn, 0], closes[number, turn, 0] = window.opens, window.closes
    allowed = _allowed_days(account, len(problem.days))
    turns = tuple(
        turn
        for turn, day in enumerate(days)
        if day in allowed and windows[turn] and could_begin(problem, account, shifts[turn], windows[turn])
    )
    return Wanted(
        account=account,
        prices=date_prices(account, len(problem.days)),
        windows=windows,
        spans=tuple(tuple((w.opens, w.closes) for w in of_day) for of_day in windows),
        opens=opens,
        closes=closes,
        turns=turns,
        pinned=frozenset(turn_of[day] for day in account.pinned_days if day in turn_of),
    )


def could_begin(
    problem: RotationProblem, account: RotationAccount, shift: Shift, windows: tuple[TimeWindow, ...]
) -> bool:
    """Whether service could begin within the shift on the way straight from its start."""
    seconds = problem.travel.seconds
    way, back = int(seconds[shift.start, account.at]), int(seconds[account.at, shift.end])
    if UNREACHABLE_SECONDS in (way, back) or not windows:
        return False
    begins = first_begin(windows, shift.starts + way)
    return begins is not None and begins <= shift.ends


def _allowed_days(account: RotationAccount, horizon: int) -> set[int]:
    """Days a visit that is not pinned may fall on, as far as the account's own dates say so."""
    if account.fixed_days:
        return set(account.fixed_days)
    until = promised_to(account, horizon) if account.cadence is None else horizon - 1
    return set(range(max(0, account.first_from), until + 1))


def _open_windows(windows: tuple[TimeWindow, ...]) -> tuple[TimeWindow, ...]:
    """In order; those that close before they open never open."""
    return tuple(sorted((w for w in windows if w.opens <= w.closes), key=lambda w: w.opens))


def _check(problem: RotationProblem) -> None:
    horizon, size = len(problem.days), len(problem.travel.seconds)
    if problem.travel.seconds.shape != (size, size):
        raise BadProblem(why="the travel times do not cover all places")
    if any(d.shift is not None and d.shift.starts > d.shift.ends for d in problem.days):
        raise BadProblem(why="a shift ends before it starts")
    if min(problem.stability_price, problem.balance_price) < 0:
        raise BadProblem(why="a negative price")
    ends = {(day.shift.start, day.shift.end) for day in problem.days if day.shift is not None}
    if not all(0 <= at < size for pair in ends for at in pair):
        raise BadProblem(why="the travel times do not cover all places")
    if any(problem.travel.seconds[pair] >= UNREACHABLE_SECONDS for pair in ends):
        raise Unreachable(origin="the start of the day", destination="its end")
    if len({account.key for account in problem.accounts}) < len(problem.accounts):
        raise BadProblem(why="an account is listed twice")
    for account in problem.accounts:
        _check_account(account, horizon, size)


def _check_account(account: RotationAccount, horizon: int, size: int) -> None:
    if not 0 <= account.at < size:
        raise BadProblem(why="the travel times do not cover all places")
    if account.service_seconds < 0 or account.price < 0 or account.lateness_price < 0:
        raise BadProblem(why="a negative visit length or price")
    if len(account.windows) != horizon:
        raise BadProblem(why="opening hours do not cover every day")
    if account.cadence is not None and not 1 <= account.earliest_gap <= account.latest_gap:
        raise BadProblem(why="an earliest gap beyond the latest one, or below a day")
    if account.cadence is not None and account.cadence < 1:
        raise BadProblem(why="a cadence below a day")
    standing = (*account.fixed_days, *account.pinned_days, *account.published_days)
    if any(not 0 <= day < horizon for day in standing):
        raise BadProblem(why="a visit outside the horizon")
