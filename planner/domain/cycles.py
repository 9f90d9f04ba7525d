"""Fixed cycles as people choose them: weekdays, every so many weeks, counted from a certain week.

Stored as an RFC 5545 rule such as ``DTSTART:20260105 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH``;
what is richer than that is kept as text. Weekday 0 is Monday.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.cadence import cycle_days
from planner.domain.errors import Invalid

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_WEEKS = 52
EARLIEST_YEAR = 2000

WEEKLY = re.compile(r"DTSTART:(\d{8}) RRULE:FREQ=WEEKLY;INTERVAL=(\d{1,2});BYDAY=((?:[A-Z]{2},?)+)")
FREQUENCY = re.compile(r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;|$|\s)")
START = re.compile(r"DTSTART\S*?:(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Weekly:
    """``weekdays`` in every ``weeks``-th week, of which the week of ``starts_on`` is one."""

    weekdays: tuple[int, ...]
    weeks: int
    starts_on: date


def rule_of(weekly: Weekly) -> str:
    """The rule's text. Raises Invalid("cycle_weeks", "cycle_weeks")."""
    if not 0 < weekly.weeks <= MOST_WEEKS:
        raise Invalid("cycle_weeks", "cycle_weeks", most=MOST_WEEKS)
    monday = weekly.starts_on - timedelta(days=weekly.starts_on.weekday())
    days = ",".join(DAYS[day] for day in sorted(set(weekly.weekdays)))
    return f"DTSTART:{monday:%Y%m%d} RRULE:FREQ=WEEKLY;INTERVAL={weekly.weeks};BYDAY={days}"


def weekly_of(rule: str | None) -> Weekly | None:
    """The plain choices behind a rule; None for a rule that is richer, or none at all."""
    match = WEEKLY.fullmatch(rule or "")
    days = match[3].split(",") if match else []
    if match is None or any(day not in DAYS for day in days):
        return None
    try:
        starts_on = date.fromisoformat(match[1])
    except ValueError:
        return None
    return Weekly(tuple(DAYS.index(day) for day in days), int(match[2]), starts_on)


def check_rule(rule: str) -> None:
    """Raises Invalid("cycle_rule", "bad_cycle_rule"). Rules finer than a day, or counted from a far
    past, are refused: they would be counted through for ever."""
    if not rule:
        return
    start = START.search(rule)
    is_tame = FREQUENCY.search(rule) and (start is None or int(start[1]) >= EARLIEST_YEAR)
    if not is_tame:
        raise Invalid("cycle_rule", "bad_cycle_rule", rule=rule)
    from_on = date(int(start[1]), 1, 1) if start else date(2026, 1, 5)
    cycle_days(rule, from_on, from_on + timedelta(days=1))
