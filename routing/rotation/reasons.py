"""What is missing in a plan, and why: each reason is checked against the days as they stand.

A piece is a span of days in which the cadence promised a visit that is not there. Its reason is the
first that holds: no way, no working day, closed on all of them, too long, every day full, no day
that keeps the gaps; what is left was possible and cost more than its price.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from routing.rotation.missing import missing_spans
from routing.rotation.prices import season_of
from routing.rotation.room import Room
from routing.rotation.search import Search
from routing.rotation.setting import Run, Setting, Wanted
from routing.rotation.tables import TOO_DEAR
from routing.types import UNREACHABLE_SECONDS, Unplaced, UnplacedAccount


class Piece(NamedTuple):
    """A visit should lie from ``first`` to ``last`` (days, both included); with room for its gaps
    from ``gap_first`` to ``gap_last``."""

    first: int
    last: int
    gap_first: int
    gap_last: int


def unplaced(search: Search) -> tuple[UnplacedAccount, ...]:
    """One entry for every visit, or run of visits, that is missing."""
    found = []
    orders, room = [set(order) for order in search.orders()], Room(search)
    for number, routes in enumerate(search.dates()):
        driven = [route for route in routes if number in orders[route]]
        for piece in _pieces(search.setting, number, routes, driven):
            reason, seconds = _why(room, number, piece)
            account = search.setting.wanted[number].account
            found.append(UnplacedAccount(account.key, reason, piece.first, piece.last, seconds))
    return tuple(found)


def _pieces(setting: Setting, number: int, routes: Sequence[int], driven: Sequence[int]) -> Iterator[Piece]:
    account, horizon = setting.wanted[number].account, len(setting.problem.days)
    days = [setting.runs[route].day for route in routes]
    there = {setting.runs[route].day for route in driven}
    for day in sorted({*account.fixed_days, *account.pinned_days} - there):
        yield Piece(day, day, day, day)
    if account.fixed_days:
        return
    for span in missing_spans(account, days, horizon):
        gap_last = span.last
        if span.before is not None:
            gap_last = min(gap_last, span.before - season_of(account, span.first).earliest_gap)
        yield Piece(span.first, span.last, span.first, gap_last)


def _why(room: Room, number: int, piece: Piece) -> tuple[Unplaced, int | None]:
    setting = room.search.setting
    wanted = setting.wanted[number]
    if not _is_reachable(setting, wanted):
        return Unplaced.UNREACHABLE, None
    runs = [run for run in setting.runs if piece.first <= run.day <= piece.last]
    if not runs:
        return Unplaced.NO_WORKING_DAY, None
    opened = [run for run in runs if setting.may_go(number, run)]
    if not opened:
        return (
            Unplaced.NO_WORKING_DAY if _leave_is_to_blame(setting, number, piece) else Unplaced.NEVER_OPEN
        ), None
    possible = [run for run in opened if room.fits_alone(number, run.slot)]
    if not possible:
        return Unplaced.TOO_LONG, None
    if all(room.quota_is_full(number, run.slot) for run in possible):
        return Unplaced.QUOTA_FULL, None
    costs = {run.slot: room.insertion(number, run.slot) for run in possible}
    free = [run for run in possible if costs[run.slot] < TOO_DEAR]
    if not free:
        return Unplaced.DAYS_FULL, _least_room_missing(room, number, possible)
    keeping = [run for run in free if piece.gap_first <= run.day <= piece.gap_last]
    if not keeping:
        return Unplaced.GAPS_CLASH, None
    return Unplaced.NOT_WORTH, min(costs[run.slot] for run in keeping)


def _is_reachable(setting: Setting, wanted: Wanted) -> bool:
    seconds, at = setting.problem.travel.seconds, wanted.account.at
    ends = {(run.shift.start, run.shift.end) for run in setting.runs}
    return not ends or any(
        UNREACHABLE_SECONDS not in (seconds[start, at], seconds[at, end]) for start, end in ends
    )


def _leave_is_to_blame(setting: Setting, number: int, piece: Piece) -> bool:
    """Whether the account, closed on the few days worked in its piece, opens on others that are not, and
    is no account that only ever opens when nobody works."""
    days, wanted = setting.problem.days, setting.wanted[number]
    off = [day for day in range(piece.first, piece.last + 1) if not any(days[day].shifts)]
    return any(wanted.account.windows[day] for day in off) and any(
        setting.may_go(number, run) for run in setting.runs
    )


def _least_room_missing(room: Room, number: int, runs: Sequence[Run]) -> int | None:
    """Seconds by which the roomiest day is too short for detour and service; None where it is opening
    hours or lunch, not length, that keep the visit out."""
    missing = [room.overflow(number, run) for run in runs]
    known = [seconds for seconds in missing if seconds > 0]
    return min(known) if len(known) == len(missing) else None
