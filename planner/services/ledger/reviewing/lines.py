"""A claim line by line: each day's driving and each expense, what is to look at and whose turn it is.

Works on what was read already; asks the database nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from planner.domain import findings, review_talk
from planner.domain.claims import ClaimState
from planner.domain.findings import Finding
from planner.domain.review import Flag
from planner.domain.review_talk import SILENCE, LineTalk, Talk
from planner.services.ledger.claim_check import CheckedClaim, CheckedDay, CheckedExpense, CheckedTrip
from planner.services.ledger.entries import noted_at

EXPENSE = "expense-"


@dataclass(frozen=True, slots=True)
class Line:
    """A day's driving or an expense. A day whose trips are missing has neither.

    ``flags`` are all there are; ``findings`` those to look at now, with their figures, ``asked`` those the
    rep is asked about first. ``is_with_rep``: it waits for the rep's answer alone. ``wants_answer``: the rep
    is asked about it and has not answered.
    """

    key: str
    on: date
    day: CheckedDay | None
    expense: CheckedExpense | None
    flags: tuple[Flag, ...]
    findings: tuple[Finding, ...]
    asked: tuple[Finding, ...]
    said: LineTalk
    is_with_rep: bool
    wants_answer: bool

    @property
    def known_as(self) -> tuple[str, ...]:
        return known_as(self.key, self.expense)

    @property
    def is_exception(self) -> bool:
        """Something to look at: a finding, or what the rep answered, or did not, when the reviewer asked."""
        return bool(self.findings) or (self.said.question is not None and not self.is_with_rep)

    @property
    def is_open(self) -> bool:
        return self.is_exception and not self.said.is_looked_at

    @property
    def amount_minor(self) -> int:
        if self.expense is not None:
            return self.expense.row.amount_minor
        return self.day.amount_minor if self.day is not None else 0


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A claim with its lines by date, a day before the expenses of the same date."""

    checked: CheckedClaim
    talk: Talk
    lines: tuple[Line, ...]

    @property
    def exceptions(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_exception)

    @property
    def open(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_open)

    @property
    def with_rep(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_with_rep)

    @property
    def asked_of_rep(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.wants_answer)

    @property
    def within_policy(self) -> int:
        """How many lines raise no question."""
        return sum(not line.is_exception and not line.is_with_rep for line in self.lines)

    @property
    def flags(self) -> dict[Flag, int]:
        """How often each flag is to be looked at now, in the order of ``Flag``."""
        found = [finding.flag for line in self.lines for finding in line.findings]
        return {flag: found.count(flag) for flag in Flag if flag in found}

    @property
    def seen_flags(self) -> dict[str, frozenset[Flag]]:
        """By line the flags a reviewer sees now."""
        return {line.key: frozenset(each.flag for each in line.findings) for line in self.lines}

    def line(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)


def day_key(on: date) -> str:
    return on.isoformat()


def expense_key(first_id: int) -> str:
    """By the first of its entries: what was asked about it stays when it is corrected."""
    return f"{EXPENSE}{first_id}"


def known_as(key: str, expense: CheckedExpense | None) -> tuple[str, ...]:
    """The keys that what is said of a line goes by. What was said before of an expense that corrects another
    named the entry it was said of."""
    if expense is None or expense.row.id == expense.first_id:
        return (key,)
    return key, expense_key(expense.row.id)


def reviewed(checked: CheckedClaim, talk: Talk | None, now: datetime) -> Reviewed:
    """The lines of a claim as they stand at ``now``."""
    said = talk or SILENCE
    found = [_line(checked, said, now, *parts) for parts in _parts(checked)]
    return Reviewed(checked, said, tuple(sorted(found, key=lambda line: (line.on, line.key))))


def _parts(
    checked: CheckedClaim,
) -> Iterator[tuple[str, date, CheckedDay | None, CheckedExpense | None, tuple[Flag, ...]]]:
    """Key, date, what it is, and its flags: those of a day's trips are the day's."""
    missing = set(checked.not_closed)
    for day in checked.days:
        own = (Flag.NOT_CLOSED,) if day.on in missing else ()
        flags = {*day.flags, *(flag for trip in day.trips for flag in trip.flags), *own}
        yield day_key(day.on), day.on, day, None, tuple(flag for flag in Flag if flag in flags)
    for on in sorted(missing - {day.on for day in checked.days}):
        yield day_key(on), on, None, None, (Flag.NOT_CLOSED,)
    for spent in checked.expenses:
        yield expense_key(spent.first_id), spent.row.on, None, spent, spent.flags


def _line(
    checked: CheckedClaim,
    talk: Talk,
    now: datetime,
    key: str,
    on: date,
    day: CheckedDay | None,
    expense: CheckedExpense | None,
    flags: tuple[Flag, ...],
) -> Line:
    said = next(
        (found for each in known_as(key, expense) if (found := talk.of(each)) != LineTalk()), LineTalk()
    )
    is_submitted = checked.row.state is ClaimState.SUBMITTED
    asked = review_talk.unexplained(flags, bool(day and day.reasons))
    with_rep = is_submitted and review_talk.is_with_rep(asked, said, talk.restarted_at, now)
    hidden = asked if with_rep else ()
    every = tuple(_of_day(day, flags) if day else _of_expense(expense, on, flags))
    return Line(
        key=key,
        on=on,
        day=day,
        expense=expense,
        flags=flags,
        findings=tuple(each for each in every if each.flag not in hidden),
        asked=tuple(each for each in every if each.flag in asked),
        said=said,
        is_with_rep=with_rep,
        wants_answer=review_talk.wants_answer(asked, said),
    )


def _of_day(day: CheckedDay, flags: tuple[Flag, ...]) -> Iterator[Finding]:
    for flag in flags:
        if flag is Flag.OFF_PLAN:
            yield findings.of_distance(flag, day.metres, day.planned_metres or 0)
        elif flag is Flag.DAY_LONGER and day.over_day is not None:
            yield findings.of_excess(flag, day.over_day)
        elif flag is Flag.CLAIM_LONGER and day.over_claim is not None:
            yield findings.of_excess(flag, day.over_claim)
        elif flag is Flag.TOO_FAST:
            yield from findings.of_pace(day.too_fast)
        elif flag is Flag.ODOMETER and day.odometer is not None:
            yield findings.of_odometer(day.odometer)
        elif flag is Flag.LATE:
            late = [noted_at(trip.row).date() for trip in day.trips if trip.row.is_late]
            yield findings.of_late(day.on, max(late))
        elif flag in {Flag.LONGER, Flag.SHORTER, Flag.COMMUTE}:
            yield from _of_drives(flag, day.trips)
        else:
            yield Finding(flag, {"on": day.on})


def _of_drives(flag: Flag, trips: tuple[CheckedTrip, ...]) -> Iterator[Finding]:
    for place, trip in enumerate(trips):
        if flag in trip.flags:
            driven = trip.row.metres + trip.row.commute_metres
            same_way = trip.same_way_metres or 0
            beside = same_way if flag is Flag.COMMUTE else trip.row.road_metres
            yield findings.of_distance(flag, driven, beside, place)


def _of_expense(spent: CheckedExpense | None, on: date, flags: tuple[Flag, ...]) -> Iterator[Finding]:
    """``spent`` None: a day whose trips are missing."""
    figures = {each.flag: each for each in spent.findings} if spent is not None else {}
    for flag in flags:
        if flag in figures:
            yield figures[flag]
        elif spent is not None and flag is Flag.LATE:
            yield findings.of_late(on, noted_at(spent.row).date())
        else:
            yield Finding(flag, {"on": on})
