"""Per diem: what a day away from the base is worth by its times, out of a dated table.

After a night away minutes are counted from midnight on, before one until midnight. Without one all of them
count together, past midnight too, and belong to the calendar day that has more of them: section 9 (4a)
sentence 3 no. 3 EStG, Germany ("beginnt die auswärtige berufliche Tätigkeit an einem Kalendertag und endet am
nachfolgenden Kalendertag ohne Übernachtung"). Elsewhere the hours of one journey are counted through as well
(section 26 no. 4 EStG, Austria; EIM05231, UK; 41 CFR 301-11.101, USA), and no other day is said. A day with a
night at one end that was spent away from midnight to midnight is a whole one (no. 1 of the same sentence).

A tier holds from ``from_minutes`` on, so "more than 8 hours" begins at 481. Meals that somebody else pays for
are not taken off: the person who claims it knows of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

DAY_MINUTES = 24 * 60


class PerDiemKind(StrEnum):
    HOURS = "hours"
    """A day that begins and ends at the base, by its hours away."""
    TRAVEL_DAY = "travel_day"
    """The day one leaves before a night away, or comes back after one."""
    FULL_DAY = "full_day"
    """A whole day away, as between two nights."""
    NIGHT = "night"
    """A night away for which no lodging is claimed."""


@dataclass(frozen=True, slots=True)
class Tier:
    """``rate_id`` names the row of the table."""

    rate_id: int
    kind: PerDiemKind
    from_minutes: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class DayAway:
    """``left_at`` and ``back_at`` are when the base, or the bed of a night away, was left and reached, by the
    clock there; ``on`` is the day whose work it was, None that of leaving."""

    left_at: datetime
    back_at: datetime
    night_before: bool = False
    night_after: bool = False
    has_lodging: bool = False
    on: date | None = None

    @property
    def work_on(self) -> date:
        return self.on or self.left_at.date()

    @property
    def is_past_midnight(self) -> bool:
        return self.left_at.date() < self.back_at.date()

    @property
    def is_whole_day(self) -> bool:
        """Away from midnight to midnight, a night at one end of it at least."""
        from_midnight = self.night_before or self.left_at.date() < self.work_on
        until_midnight = self.night_after or self.back_at.date() > self.work_on
        return from_midnight and until_midnight and (self.night_before or self.night_after)

    @property
    def minutes(self) -> int:
        if self.is_whole_day:
            return DAY_MINUTES
        if self.night_before:
            return _since_midnight(self.back_at)
        if self.night_after:
            return DAY_MINUTES - _since_midnight(self.left_at)
        return _between(self.left_at, self.back_at)

    @property
    def counts_on(self) -> date:
        """The calendar day it belongs to: the one with more of its hours, of two with as many the first."""
        if self.night_before or self.night_after or not self.is_past_midnight:
            return self.work_on
        count = (self.back_at.date() - self.left_at.date()).days + 1
        days = [self.left_at.date() + timedelta(days=number) for number in range(count)]
        return max(days, key=self._minutes_of)

    def _minutes_of(self, on: date) -> int:
        begins = datetime.combine(on, time(), self.left_at.tzinfo)
        return _between(max(begins, self.left_at), min(begins + timedelta(days=1), self.back_at))


def proposed(day: DayAway, tiers: Iterable[Tier]) -> tuple[Tier, ...]:
    """The tier of the day, the dearest that holds, then that of its night; none where nothing is due.

    A table without tiers for days with a night away knows hours alone.
    """
    known = tuple(tiers)
    kind = _kind(day) if any(tier.kind is _kind(day) for tier in known) else PerDiemKind.HOURS
    found = [_best(day, known, kind)]
    if day.night_after and not day.has_lodging:
        found.append(_best(day, known, PerDiemKind.NIGHT))
    return tuple(tier for tier in found if tier is not None)


def _kind(day: DayAway) -> PerDiemKind:
    if day.is_whole_day:
        return PerDiemKind.FULL_DAY
    return PerDiemKind.TRAVEL_DAY if day.night_before or day.night_after else PerDiemKind.HOURS


def _best(day: DayAway, tiers: Iterable[Tier], kind: PerDiemKind) -> Tier | None:
    holding = [tier for tier in tiers if tier.kind is kind and tier.from_minutes <= day.minutes]
    worth = [tier for tier in holding if tier.amount_minor > 0]
    return max(worth, key=lambda tier: tier.amount_minor, default=None)


def _between(begin: datetime, end: datetime) -> int:
    """Whole minutes, those that a clock put back or forward adds or takes among them."""
    if begin.tzinfo is not None:
        begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    return max(0, int((end - begin) / timedelta(minutes=1)))


def _since_midnight(at: datetime) -> int:
    return at.hour * 60 + at.minute
