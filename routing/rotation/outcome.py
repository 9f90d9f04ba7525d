"""A finished search as a plan: visits in order, and for every promise not kept the reason, checked anew."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from routing.rotation.day import Day
from routing.rotation.prepared import NEVER, Prepared, day_ends, uncut
from routing.rotation.search import Search, State
from routing.types import (
    UNREACHABLE_SECONDS,
    RotationAccount,
    RotationPlan,
    RotationVisit,
    Unplaced,
    UnplacedAccount,
)


def plan_of(search: Search) -> RotationPlan:
    state, prepared = search.state, search.prepared
    days = [day for day in state.days if day is not None]
    return RotationPlan(
        visits=tuple(visit for day in days for visit in _visits(prepared, day)),
        unplaced=tuple(_unplaced(prepared, state)),
        driving_seconds=sum(day.driving for day in days),
        driving_metres=sum(_metres(prepared, day) for day in days),
        cost_seconds=state.cost,
        iterations=search.iterations,
    )


def _visits(prepared: Prepared, day: Day) -> Iterator[RotationVisit]:
    accounts = prepared.problem.accounts
    for position, index in enumerate(day.stops):
        yield RotationVisit(
            key=accounts[index].key,
            day=day.number,
            position=position,
            begins=uncut(day.shift.lunch, day.begins[position]),
            detour_seconds=_detour(prepared, day, position),
        )


def _way(prepared: Prepared, day: Day) -> list[int]:
    if not day.stops:
        return []
    return [day.shift.start, *(prepared.problem.accounts[i].at for i in day.stops), day.shift.end]


def _detour(prepared: Prepared, day: Day, position: int) -> int:
    seconds, way = prepared.seconds, _way(prepared, day)
    before, at, after = way[position : position + 3]
    direct = 0 if len(day.stops) == 1 else seconds[before][after]
    return seconds[before][at] + seconds[at][after] - direct


def _metres(prepared: Prepared, day: Day) -> int:
    way = _way(prepared, day)
    metres = prepared.problem.travel.metres
    return sum(int(metres[way[i], way[i + 1]]) for i in range(len(way) - 1))


def _unplaced(prepared: Prepared, state: State) -> Iterator[UnplacedAccount]:
    for index, account in enumerate(prepared.problem.accounts):
        for first, last in _missed_windows(account, state.chosen[index], prepared.horizon):
            reason, seconds = _why(prepared, state, index, first, last)
            yield UnplacedAccount(account.key, reason, first, last, seconds)


def _missed_windows(
    account: RotationAccount, days: tuple[int, ...], horizon: int
) -> Iterator[tuple[int, int]]:
    """The due windows (days, both included) in which a visit was promised and is not planned."""
    for day in sorted({*account.fixed_days, *account.pinned_days} - set(days)):
        yield day, day
    if account.fixed_days:
        return
    if not days:
        yield account.first_from, account.first_to
        return
    if account.cadence is None:
        return
    if days[0] > account.first_to:
        yield account.first_from, account.first_to
    for before, after in itertools.pairwise(days):
        if after - before > account.latest_gap:
            yield before + account.earliest_gap, before + account.latest_gap
    if horizon - days[-1] > account.latest_gap:
        yield days[-1] + account.earliest_gap, days[-1] + account.latest_gap


def _why(prepared: Prepared, state: State, index: int, first: int, last: int) -> tuple[Unplaced, int | None]:
    """The first rule that rules every day of the window out, from the most to the least certain."""
    problem, account = prepared.problem, prepared.problem.accounts[index]
    if prepared.from_home[account.at] >= UNREACHABLE_SECONDS:
        return Unplaced.UNREACHABLE, None
    span = range(max(0, first), min(prepared.horizon - 1, last) + 1)
    working = [day for day in span if problem.days[day].shift is not None]
    if not working:
        return Unplaced.NO_WORKING_DAY, None
    if not any(_is_open(prepared, account, day) for day in working):
        return Unplaced.NEVER_OPEN, None
    possible = [day for day in working if prepared.windows[index][day] is not None]
    if not possible:
        return Unplaced.TOO_LONG, None
    rooms = [day for day in possible if _room(state, index, day)]
    if rooms:
        return Unplaced.GAPS_CLASH, None
    return Unplaced.DAYS_FULL, min(_missing_seconds(prepared, state, index, day) for day in possible)


def _is_open(prepared: Prepared, account: RotationAccount, number: int) -> bool:
    """Whether a window of that day lets service begin while the rep could be there at all."""
    shift = prepared.problem.days[number].shift
    assert shift is not None
    earliest = shift.starts + prepared.seconds[shift.start][account.at]
    return any(
        max(window.opens, earliest) <= min(window.closes, shift.ends) for window in account.windows[number]
    )


def _room(state: State, index: int, number: int) -> bool:
    day = state.days[number]
    return day is not None and day.cheapest(index).seconds < NEVER


def _missing_seconds(prepared: Prepared, state: State, index: int, number: int) -> int:
    """How much longer the day would have to be, at least, for the visit and its cheapest detour."""
    day = state.days[number]
    assert day is not None
    accounts, seconds = prepared.problem.accounts, prepared.seconds
    at, way = accounts[index].at, _way(prepared, day) or [day.shift.start, day.shift.end]
    detour = min(seconds[a][at] + seconds[at][b] - seconds[a][b] for a, b in itertools.pairwise(way))
    used = day.driving + sum(accounts[i].service_seconds for i in day.stops)
    free = day_ends(day.shift) - day.shift.starts - used
    return max(1, accounts[index].service_seconds + detour - free)
