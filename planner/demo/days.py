"""Which days the demo talks about: its today, the days worked before it, and instants on them.

Dates are the territory's own. ``today`` of the demo is the present or the next day that is neither a
weekend nor a public holiday.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.demo.staff import COUNTRY, SUBDIVISION, ZONE
from planner.services import calendars

LEAST_HISTORY_DAYS = 56
DAYS_OF_THE_MONTH_BEFORE_LAST = 10
"""The history reaches into the month before last, so that claims of two whole months exist."""

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """``from_on`` is the first day of history (a Monday), ``today`` the demo's present."""

    today: date
    from_on: date
    holidays: frozenset[date]

    def is_working_day(self, on: date) -> bool:
        return on.weekday() < SATURDAY and on not in self.holidays

    def past(self) -> Iterator[date]:
        """The working days of the history, oldest first; today is not among them."""
        days = (self.from_on + timedelta(days=n) for n in range((self.today - self.from_on).days))
        return (on for on in days if self.is_working_day(on))

    @property
    def month(self) -> date:
        return self.today.replace(day=1)

    @property
    def last_month(self) -> date:
        return (self.month - timedelta(days=1)).replace(day=1)

    @property
    def month_before_last(self) -> date:
        return (self.last_month - timedelta(days=1)).replace(day=1)


def calendar(present: date) -> Calendar:
    """The demo's days when it is started on ``present``."""
    holidays = frozenset(
        calendars.holidays_between(
            COUNTRY, SUBDIVISION, present - timedelta(days=120), present + timedelta(days=60)
        )
    )
    today = present
    while today.weekday() >= SATURDAY or today in holidays:
        today += timedelta(days=1)
    return Calendar(today, _history_begins(today), holidays)


def _history_begins(today: date) -> date:
    month = today.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    begins = min(
        today - timedelta(days=LEAST_HISTORY_DAYS),
        last_month - timedelta(days=DAYS_OF_THE_MONTH_BEFORE_LAST),
    )
    return begins - timedelta(days=begins.weekday())


def instant(on: date, seconds: int) -> datetime:
    """The UTC instant of a local time of day, given in seconds after midnight."""
    clock = time(seconds // 3600, seconds % 3600 // 60, seconds % 60)
    return datetime.combine(on, clock, ZoneInfo(ZONE)).astimezone(UTC)
