"""Calendar months: the first day counts, the first of the next does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


def month(on: date) -> tuple[date, date]:
    """The month a date falls in: its first day and the first of the next."""
    first = on.replace(day=1)
    return first, next_month(first)


def next_month(first: date) -> date:
    return first + relativedelta(months=1)


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month one looks at, and can leaf from. ``first`` is its first day."""

    first: date
    today: date

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date | None:
        """The next month; None when it has not begun."""
        following = next_month(self.first)
        return following if following <= self.today else None
