"""Dates in one tap: tomorrow, in a week, in a month, each moved on to the next day on which somebody works.

They are told from the day of the tap, never from that of the page: it may have been kept since yesterday.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class Quick(StrEnum):
    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"


LATER = (Quick.TOMORROW, Quick.WEEK)
"""How far what is due can be put off."""

KNOWN_DAYS = 60
"""So many days ahead working days are looked up: a month, a long absence, and a page that was kept."""

AHEAD = {
    Quick.TODAY: relativedelta(),
    Quick.TOMORROW: relativedelta(days=1),
    Quick.WEEK: relativedelta(days=7),
    Quick.TWO_WEEKS: relativedelta(days=14),
    Quick.MONTH: relativedelta(months=1),
}


def until(today: date) -> date:
    """The day before which working days are looked up."""
    return today + timedelta(days=KNOWN_DAYS)


def meant(quick: Quick, today: date, works_on: Iterable[date]) -> date:
    """The first working day from the one that is said; today is today, and where no working day is known
    the day stays as it is said."""
    said = today + AHEAD[quick]
    if quick is Quick.TODAY:
        return said
    return min((on for on in works_on if on >= said), default=said)
