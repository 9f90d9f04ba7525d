"""What is missing in a plan, and why: each reason is checked against the days as they stand.

A piece is a span of days in which the cadence promised a visit that is not there. Its reason is the
first that holds: no way, no working day, closed on all of them, too long, every day full, no day
that keeps the gaps; what is left was possible and cost more than its price.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from routing.rotation.prices import promised_to
from routing.rotation.routes import Routes
from routing.rotation.setting import TOO_DEAR, Wanted, could_begin
from routing.types import UNREACHABLE_SECONDS, RotationAccount, Unplaced, UnplacedAccount


class Piece(NamedTuple):
    """A visit should lie from ``first`` to ``last`` (days, both included); with room for its gaps
    from ``gap_first`` to ``gap_last``."""

    first: int
    last: int
    gap_first: int
    gap_last: int


def unplaced(routes: Routes, dates: Sequence[Sequence[int]]) -> tuple[UnplacedAccount, ...]:
    """One entry for every visit, or run of visits, that is missing; dates are turns by account."""
    found = []
    for number, turns in enumerate(dates):
        driven = [turn for turn in turns if number in routes.orders[turn]]
        for piece in _pieces(routes, number, turns, driven):
            reason, seconds = _why(routes, number, piece)
            account = routes.setting.wanted[number].account
            found.append(UnplacedAccount(account.key, reason, piece.first, piece.last, seconds))
    return tuple(found)


def _pieces(routes: Routes, number: int, turns: Sequence[int], driven: Sequence[int]) -> Iterator[Piece]:
    wanted, days_of = routes.setting.wanted[number], routes.setting.days
    account, horizon = wanted.account, len(routes.setting.problem.days)
    days = [days_of[turn] for turn in turns]
    there = {days_of[turn] for turn in driven}
    for day in sorted({*account.fixed_days, *account.pinned_days} - there):
        yield Piece(day, day, day, day)
    if account.fixed_days:
        return
    if not days:
        if wanted.prices.never_is_broken:
            yield _first_piece(account, horizon, horizon - 1)
        return
    yield from _pieces_around(wanted, days, horizon)


def _pieces_around(wanted: Wanted, days: Sequence[int], horizon: int) -> Iterator[Piece]:
    """Before, between and after the visits of a rolling cadence."""
    account, prices = wanted.account, wanted.prices
    if prices.first.is_broken[days[0]]:
        yield _first_piece(account, horizon, days[0] - account.earliest_gap)
    for a, b in pairwise(days):
        if prices.gap.is_broken[b - a]:
            yield _next_piece(account, a, horizon, b - account.earliest_gap)
    if prices.last.is_broken[days[-1]]:
        yield _next_piece(account, days[-1], horizon, horizon - 1)


def _first_piece(account: RotationAccount, horizon: int, gap_last: int) -> Piece:
    first, last = max(0, account.first_from), min(promised_to(account, horizon), horizon - 1)
    return Piece(first, last, first, min(last, gap_last))


def _next_piece(account: RotationAccount, after: int, horizon: int, gap_last: int) -> Piece:
    first, last = after + account.earliest_gap, min(after + account.latest_gap, horizon - 1)
    return Piece(first, last, first, min(last, gap_last))


def _why(routes: Routes, number: int, piece: Piece) -> tuple[Unplaced, int | None]:
    setting, wanted = routes.setting, routes.setting.wanted[number]
    if not _is_reachable(routes, wanted):
        return Unplaced.UNREACHABLE, None
    turns = [turn for turn, day in enumerate(setting.days) if piece.first <= day <= piece.last]
    if not turns:
        return Unplaced.NO_WORKING_DAY, None
    opened = [turn for turn in turns if _is_open(routes, wanted, turn)]
    if not opened:
        return (
            Unplaced.NO_WORKING_DAY if _leave_is_to_blame(routes, wanted, piece) else Unplaced.NEVER_OPEN
        ), None
    alone, _ = Routes(setting).insertions(number)
    possible = [turn for turn in opened if alone[turn] < TOO_DEAR]
    if not possible:
        return Unplaced.TOO_LONG, None
    costs, _ = routes.insertions(number)
    free = [turn for turn in possible if costs[turn] < TOO_DEAR]
    if not free:
        return Unplaced.DAYS_FULL, _least_room_missing(routes, number, possible)
    keeping = [t for t in free if piece.gap_first <= setting.days[t] <= piece.gap_last]
    if not keeping:
        return Unplaced.GAPS_CLASH, None
    return Unplaced.NOT_WORTH, min(int(costs[turn]) for turn in keeping)


def _is_reachable(routes: Routes, wanted: Wanted) -> bool:
    seconds, at = routes.setting.seconds, wanted.account.at
    ends = {(shift.start, shift.end) for shift in routes.setting.shifts}
    return not ends or any(
        UNREACHABLE_SECONDS not in (seconds[start][at], seconds[at][end]) for start, end in ends
    )


def _is_open(routes: Routes, wanted: Wanted, turn: int) -> bool:
    setting = routes.setting
    return could_begin(setting.problem, wanted.account, setting.shifts[turn], wanted.windows[turn])


def _leave_is_to_blame(routes: Routes, wanted: Wanted, piece: Piece) -> bool:
    """Whether the account, closed on the few days worked in its piece, opens on others that are not, and
    is no account that only ever opens when nobody works."""
    days = routes.setting.problem.days
    off = [day for day in range(piece.first, piece.last + 1) if days[day].shift is None]
    return any(wanted.account.windows[day] for day in off) and any(
        _is_open(routes, wanted, turn) for turn in range(len(routes.setting.shifts))
    )


def _least_room_missing(routes: Routes, number: int, turns: Sequence[int]) -> int | None:
    """Seconds by which the roomiest day is too short for detour and service; None where it is opening
    hours or lunch, not length, that keep the visit out."""
    missing = [routes.overflow(number, turn) for turn in turns]
    known = [seconds for seconds in missing if seconds > 0]
    return min(known) if len(known) == len(missing) else None
