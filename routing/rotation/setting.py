"""A rotation problem made ready for the search: working days only, windows in order, prices as tables.

A *route* is one rep's working day, a *slot* a day on which somebody works (``tables``); accounts are known by
their index in the problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from routing.day.moments import first_begin
from routing.rotation.checks import check
from routing.rotation.prices import DatePrices, date_prices, promised_to
from routing.types import UNREACHABLE_SECONDS, Nights, RotationAccount, RotationProblem, Shift, TimeWindow


@dataclass(frozen=True, slots=True)
class Run:
    """One rep's working day; ``slot`` counts the days on which somebody works. Where a night away may come
    before or after, it may begin or end elsewhere than its shift says."""

    day: int
    slot: int
    rep: int
    shift: Shift
    may_begin_away: bool = False
    may_end_away: bool = False

    @property
    def with_overtime(self) -> Shift:
        """The shift until the last moment overtime allows."""
        return replace(self.shift, ends=self.shift.ends + self.shift.overtime_seconds, overtime_seconds=0)

    def between(self, begins_at: int, ends_at: int) -> Run:
        """The same day from one place of the travel matrix to another."""
        return replace(self, shift=replace(self.shift, start=begins_at, end=ends_at))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account as the search sees it. ``windows`` are those of each slot, in order; ``slots`` those its
    dates allow; ``pinned`` those on which a visit stands already."""

    account: RotationAccount
    prices: DatePrices
    windows: tuple[tuple[TimeWindow, ...], ...]
    slots: tuple[int, ...]
    pinned: frozenset[int]


@dataclass(frozen=True, slots=True)
class Setting:
    """``days`` are the calendar days of the slots; ``runs`` are in order of slot, then rep."""

    problem: RotationProblem
    days: tuple[int, ...]
    runs: tuple[Run, ...]
    wanted: tuple[Wanted, ...]

    def may_go(self, number: int, run: Run) -> bool:
        """Whether the rep may visit the account, and it opens while the shift lasts."""
        wanted = self.wanted[number]
        reps = wanted.account.reps
        if reps and run.rep not in reps:
            return False
        way, back = self._ways(wanted.account.at, run)
        return could_begin(way, back, run.shift, wanted.windows[run.slot])

    def _ways(self, at: int, run: Run) -> tuple[int, int]:
        """Driving seconds from where the day begins to the place and from there to where it ends, from or to
        the nearest bed where that is nearer."""
        seconds, shift = self.problem.travel.seconds, run.shift
        way, back = int(seconds[shift.start, at]), int(seconds[at, shift.end])
        if run.may_begin_away or run.may_end_away:
            beds = list(next(nights.places for nights in self.problem.nights if nights.rep == run.rep))
            way = min(way, int(seconds[beds, at].min())) if run.may_begin_away else way
            back = min(back, int(seconds[at, beds].min())) if run.may_end_away else back
        return way, back


def setting_of(problem: RotationProblem) -> Setting:
    """Raises ``BadProblem`` for a problem that contradicts itself."""
    check(problem)
    days = tuple(number for number, day in enumerate(problem.days) if any(day.shifts))
    evenings = {(nights.rep, day) for nights in problem.nights for day in _open_evenings(problem, nights)}
    runs = tuple(
        Run(day, slot, rep, shift, (rep, day - 1) in evenings, (rep, day) in evenings)
        for slot, day in enumerate(days)
        for rep, shift in enumerate(problem.days[day].shifts)
        if shift is not None
    )
    return Setting(
        problem=problem,
        days=days,
        runs=runs,
        wanted=tuple(_wanted(problem, account, days) for account in problem.accounts),
    )


def _open_evenings(problem: RotationProblem, nights: Nights) -> Iterator[int]:
    """Days after which the rep may sleep away: the next one is worked too, and there is a place."""
    for day in set(nights.after_days) - set(nights.spent_after_days):
        is_worked = day + 1 < len(problem.days) and all(
            problem.days[on].shifts[nights.rep] is not None for on in (day, day + 1)
        )
        if is_worked and nights.places and nights.most_in_a_row > 0:
            yield day


def expected_visits(account: RotationAccount, horizon: int) -> int:
    """Visits the account's wish amounts to over the horizon."""
    if account.fixed_days:
        return len(set(account.fixed_days) | set(account.pinned_days))
    if account.choices:
        return max(len(choice) for choice in account.choices)
    wish = max(0, account.first_wish)
    if wish >= horizon or account.cadence is None:
        return max(int(wish < horizon), len(account.pinned_days))
    return max(1 + (horizon - 1 - wish) // account.cadence, len(account.pinned_days))


def _wanted(problem: RotationProblem, account: RotationAccount, days: tuple[int, ...]) -> Wanted:
    slot_of = {day: slot for slot, day in enumerate(days)}
    allowed = _allowed_days(account, len(problem.days))
    # Windows that are equal are one object from here on, and told by it.
    opened = {spans: _open_windows(spans) for spans in set(account.windows)}
    windows = tuple(opened[account.windows[day]] for day in days)
    return Wanted(
        account=account,
        prices=date_prices(account, len(problem.days)),
        windows=windows,
        slots=tuple(slot for slot, day in enumerate(days) if day in allowed and windows[slot]),
        pinned=frozenset(slot_of[day] for day in account.pinned_days if day in slot_of),
    )


def could_begin(way: int, back: int, shift: Shift, windows: tuple[TimeWindow, ...]) -> bool:
    """Whether service could begin within the shift, ``way`` seconds from its start."""
    if UNREACHABLE_SECONDS in (way, back) or not windows:
        return False
    begins = first_begin(windows, shift.starts + way)
    return begins is not None and begins <= shift.ends


def _allowed_days(account: RotationAccount, horizon: int) -> set[int]:
    """Days a visit that is not pinned may fall on, as far as the account's own dates say so."""
    if account.fixed_days:
        return set(account.fixed_days)
    if account.choices:
        return {day for choice in account.choices for day in choice}
    until = promised_to(account, horizon) if account.cadence is None else horizon - 1
    return set(range(max(0, account.first_from), until + 1))


def _open_windows(windows: tuple[TimeWindow, ...]) -> tuple[TimeWindow, ...]:
    """In order; those that close before they open never open."""
    return tuple(sorted((w for w in windows if w.opens <= w.closes), key=lambda w: w.opens))
