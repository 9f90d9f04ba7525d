"""Cadence: how often an account wishes to be visited, and when it is due.

Whole calendar days. A gap is counted from one visit's date to the next one's. The latest gap is a
promise; the wish between earliest and latest is what the plan aims for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil.rrule import rrulestr

from planner.domain.errors import Invalid

EARLIEST_SHARE, LATEST_SHARE = 70, 130
"""Percent of the cadence that bound the gap unless the account or its class says otherwise."""

LONGEST_DAYS = 731
"""Two years; beyond that it is no cadence but a mistake."""


class DueState(StrEnum):
    NOT_DUE = "not_due"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Cadence:
    """``days`` between visits is wished; ``earliest_gap`` to ``latest_gap`` is kept.

    Raises Invalid for the field that is not positive, too long, or on the wrong side of the wish.
    """

    days: int
    earliest_gap: int
    latest_gap: int

    def __post_init__(self) -> None:
        for field, value in (
            ("cadence_days", self.days),
            ("earliest_gap_days", self.earliest_gap),
            ("latest_gap_days", self.latest_gap),
        ):
            if not 1 <= value <= LONGEST_DAYS:
                raise Invalid(field, "days_out_of_range", days=value, most=LONGEST_DAYS)
        if self.earliest_gap > self.days:
            raise Invalid("earliest_gap_days", "earliest_gap_after_wish", days=self.days)
        if self.latest_gap < self.days:
            raise Invalid("latest_gap_days", "latest_gap_before_wish", days=self.days)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an account or a class says about its cadence; None is "not said here"."""

    days: int | None = None
    earliest_gap: int | None = None
    latest_gap: int | None = None


@dataclass(frozen=True, slots=True)
class DueWindow:
    """The dates of the next visit: not before ``earliest``, best on ``wish``, promised by ``latest``."""

    earliest: date
    wish: date
    latest: date


def cadence_of(days: int, earliest_gap: int | None = None, latest_gap: int | None = None) -> Cadence:
    """A cadence whose unsaid gaps are 70 % (rounded down, at least a day) and 130 % (rounded up)."""
    earliest = max(1, days * EARLIEST_SHARE // 100) if earliest_gap is None else earliest_gap
    latest = -(-days * LATEST_SHARE // 100) if latest_gap is None else latest_gap
    return Cadence(days, earliest, latest)


def inherited(own: Wishes, of_class: Wishes) -> Cadence | None:
    """The account's cadence: its own before its class's, None when neither says one.

    Gaps of the class belong to the class's cadence; an account with a cadence of its own takes only
    gaps of its own. Raises Invalid.
    """
    if own.days is not None:
        return cadence_of(own.days, own.earliest_gap, own.latest_gap)
    if of_class.days is None:
        return None
    earliest = of_class.earliest_gap if own.earliest_gap is None else own.earliest_gap
    latest = of_class.latest_gap if own.latest_gap is None else own.latest_gap
    return cadence_of(of_class.days, earliest, latest)


def due_window(last_held_on: date, cadence: Cadence, see_again_days: int | None = None) -> DueWindow:
    """When the next visit is due after one on ``last_held_on``.

    "See again in n days" moves the wish; the gaps keep their distance to it, in proportion.
    """
    if see_again_days is not None:
        cadence = cadence_of(see_again_days)
    return DueWindow(
        last_held_on + timedelta(days=cadence.earliest_gap),
        last_held_on + timedelta(days=cadence.days),
        last_held_on + timedelta(days=cadence.latest_gap),
    )


def due_state(window: DueWindow, on: date) -> DueState:
    """Not due before the earliest date, overdue after the latest, due in between."""
    if on < window.earliest:
        return DueState.NOT_DUE
    return DueState.DUE if on <= window.latest else DueState.OVERDUE


def days_late(window: DueWindow, on: date) -> int:
    """Days beyond the promise; 0 while it is kept."""
    return max(0, (on - window.latest).days)


def cycle_days(rule: str, from_on: date, until_on: date) -> tuple[date, ...]:
    """The dates of a fixed cycle in a range (``until_on`` not included).

    ``rule`` is an RFC 5545 recurrence such as ``DTSTART:20260105 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU``;
    without DTSTART it is anchored on Monday 5 January 2026, so that "every second week" always means
    the same weeks. Raises Invalid("cycle_rule", "bad_cycle_rule").
    """
    anchor = datetime.combine(date(2026, 1, 5), time())
    try:
        found = rrulestr(rule.replace(" RRULE", "\nRRULE"), dtstart=anchor, ignoretz=True)
        start, end = (datetime.combine(on, time()) for on in (from_on, until_on))
        return tuple(moment.date() for moment in found.between(start, end - timedelta(seconds=1), inc=True))
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("cycle_rule", "bad_cycle_rule", rule=rule) from error
