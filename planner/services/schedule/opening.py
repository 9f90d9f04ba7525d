"""When an account can be visited on each day of the span: open, not blocked, and the rep's own by then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from planner.models.accounts import Account
from planner.models.visits import Visit
from planner.services.accounts.opening_hours import hours_on, is_blocked, is_closed_weekday
from planner.services.schedule.candidate_rows import Owned, Span
from routing.types import TimeWindow

ANY_TIME = (TimeWindow(0, 24 * 3600),)


def windows_by_day(
    account: Account, owned: Sequence[Owned], agreed: Sequence[Visit], span: Span
) -> tuple[tuple[TimeWindow, ...], ...]:
    """Opening windows of each day; closed where blocked, or owned by somebody else by then. An agreed
    visit opens its day: what was agreed beats closing days."""
    windows: list[tuple[TimeWindow, ...]] = []
    for number in range(len(span)):
        on = span.date_of(number)
        is_open = _is_mine(owned, on) and not is_blocked(account, on)
        windows.append(_hours(account, on) if is_open else ())
    for visit in agreed:
        day = span.day(visit.on)
        windows[day] = _agreed_hours(visit) or windows[day] or ANY_TIME
    return tuple(windows)


def closed_by_weekday(account: Account, owned: Sequence[Owned], span: Span) -> set[int]:
    """Days closed by nothing but their weekday: the rep's own and not blocked; none without opening hours."""
    return {
        number
        for number, on in enumerate(map(span.date_of, range(len(span))))
        if is_closed_weekday(account, on) and _is_mine(owned, on) and not is_blocked(account, on)
    }


def _is_mine(owned: Sequence[Owned], on: date) -> bool:
    return any(o.from_on <= on and (o.until_on is None or on < o.until_on) for o in owned)


def _hours(account: Account, on: date) -> tuple[TimeWindow, ...]:
    return tuple(TimeWindow(*hours) for hours in hours_on(account, on)) if account.windows else ANY_TIME


def _agreed_hours(visit: Visit) -> tuple[TimeWindow, ...]:
    if visit.appointment_seconds is None:
        return ()
    begins, leeway = visit.appointment_seconds, visit.leeway_seconds
    return (TimeWindow(max(0, begins - leeway), begins + leeway),)
