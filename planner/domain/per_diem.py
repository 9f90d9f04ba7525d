"""Per diem: what a day away from the base is worth by its times, out of a dated table.

Minutes are counted within the day: after a night away from midnight on, before one until midnight. A tier
holds from ``from_minutes`` on, so "more than 8 hours" begins at 481. Meals that somebody else pays for are
not taken off: the person who claims it knows of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY_MINUTES = 24 * 60


class PerDiemKind(StrEnum):
    HOURS = "hours"
    """A day that begins and ends at the base, by its hours away."""
    TRAVEL_DAY = "travel_day"
    """The day one leaves before a night away, or comes back after one."""
    FULL_DAY = "full_day"
    """A whole day between two nights away."""
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
    """``left_at`` and ``back_at`` are when the base, or the bed of a night away, was left and reached."""

    left_at: datetime
    back_at: datetime
    night_before: bool = False
    night_after: bool = False
    has_lodging: bool = False

    @property
    def minutes(self) -> int:
        if self.night_before and self.night_after:
            return DAY_MINUTES
        if self.night_before:
            return _since_midnight(self.back_at)
        if self.night_after:
            return DAY_MINUTES - _since_midnight(self.left_at)
        return max(0, int((self.back_at - self.left_at) / timedelta(minutes=1)))


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
    if day.night_before and day.night_after:
        return PerDiemKind.FULL_DAY
    return PerDiemKind.TRAVEL_DAY if day.night_before or day.night_after else PerDiemKind.HOURS


def _best(day: DayAway, tiers: Iterable[Tier], kind: PerDiemKind) -> Tier | None:
    holding = [tier for tier in tiers if tier.kind is kind and tier.from_minutes <= day.minutes]
    worth = [tier for tier in holding if tier.amount_minor > 0]
    return max(worth, key=lambda tier: tier.amount_minor, default=None)


def _since_midnight(at: datetime) -> int:
    return at.hour * 60 + at.minute
