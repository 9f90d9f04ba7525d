"""Opening hours of an account as they might be: all day, as on most days, other ones on one day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from routing.types import RotationAccount, TimeWindow

DAY_SECONDS = 24 * 3600
WHOLE_DAY = (TimeWindow(0, DAY_SECONDS),)

Hours = tuple[TimeWindow, ...]


def usual_hours(account: RotationAccount) -> Hours | None:
    """Those it has on most days; None where it never opens."""
    usual = Counter(hours for hours in account.windows if hours).most_common(1)
    return usual[0][0] if usual else None


def wider(hours: Hours, seconds: int) -> Hours:
    """So much earlier and later; windows that then overlap are as good as one."""
    return tuple(TimeWindow(max(0, one.opens - seconds), one.closes + seconds) for one in hours)


def with_hours(account: RotationAccount, day: int, hours: Hours) -> RotationAccount:
    return replace(account, windows=(*account.windows[:day], hours, *account.windows[day + 1 :]))
