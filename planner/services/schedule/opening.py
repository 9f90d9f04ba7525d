"""When an account can be visited on each day of the span: open, not blocked, and the rep's own by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from planner.models.accounts import Account
from planner.models.visits import Visit
from planner.services.schedule.candidate_rows import Owned, Span
from routing.types import TimeWindow

ANY_TIME = (TimeWindow(0, 24 * 3600),)


def windows_by_day(
    account: Account, owned: Sequence[Owned], agreed: Sequence[Visit], span: Span
) -> tuple[tuple[TimeWindow, ...], ...]:
    """Opening windows of each day; closed where blocked, or owned by somebody else by then. An agreed
    visit opens its day: what was agreed beats closing days."""
    by_weekday: dict[int, list[TimeWindow]] = defaultdict(list)
    for row in account.windows:
        by_weekday[row.weekday].append(TimeWindow(row.opens_seconds, row.closes_seconds))
    windows: list[tuple[TimeWindow, ...]] = []
    for number in range(len(span)):
        on = span.date_of(number)
        is_mine = any(o.from_on <= on and (o.until_on is None or on < o.until_on) for o in owned)
        is_blocked = any(block.from_on <= on < block.until_on for block in account.blocks)
        hours = tuple(by_weekday[on.weekday()]) if account.windows else ANY_TIME
        windows.append(hours if is_mine and not is_blocked else ())
    for visit in agreed:
        day = span.day(visit.on)
        windows[day] = _agreed_hours(visit) or windows[day] or ANY_TIME
    return tuple(windows)


def closed_by_weekday(account: Account, owned: Sequence[Owned], span: Span) -> set[int]:
    """Days closed by nothing but their weekday: the rep's own and not blocked; none without opening hours."""
    weekdays = {window.weekday for window in account.windows}
    return {
        number
        for number, on in enumerate(map(span.date_of, range(len(span))))
        if weekdays
        and on.weekday() not in weekdays
        and any(o.from_on <= on and (o.until_on is None or on < o.until_on) for o in owned)
        and not any(block.from_on <= on < block.until_on for block in account.blocks)
    }


def _agreed_hours(visit: Visit) -> tuple[TimeWindow, ...]:
    if visit.appointment_seconds is None:
        return ()
    begins, leeway = visit.appointment_seconds, visit.leeway_seconds
    return (TimeWindow(max(0, begins - leeway), begins + leeway),)
