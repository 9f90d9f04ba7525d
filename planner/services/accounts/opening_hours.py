"""When an account can be visited on a date: its opening hours of that weekday, and its blocks."""

from __future__ import annotations

from datetime import date

from planner.domain.day import WINDOWS
from planner.models.accounts import Account


def hours_on(account: Account, on: date) -> WINDOWS:
    """The windows of that weekday; empty when it is closed then or keeps no hours at all."""
    return tuple(
        (row.opens_seconds, row.closes_seconds) for row in account.windows if row.weekday == on.weekday()
    )


def is_blocked(account: Account, on: date) -> bool:
    return any(block.from_on <= on < block.until_on for block in account.blocks)


def is_closed_weekday(account: Account, on: date) -> bool:
    """Whether it has opening hours, and none on this weekday."""
    return bool(account.windows) and not hours_on(account, on)


def is_closed_on(account: Account, on: date) -> bool:
    """Whether it is blocked on the date, or keeps hours but not on that weekday."""
    return is_blocked(account, on) or is_closed_weekday(account, on)
