"""How much of the way from home to the first account and from the last one home counts as driven for work.

Whether it does is a question of the country's law and the firm's rules: travel between home and a permanent
workplace is no business travel (sections 338 and 339 of the Income Tax (Earnings and Pensions) Act 2003, UK;
IRS Publication 463, US), while a rep without one often counts every metre. So it is a setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Commute(StrEnum):
    """What the first and the last leg of a day count."""

    COUNTED = "counted"
    NOT_COUNTED = "not_counted"
    BEYOND = "beyond"
    """Only what goes beyond so many metres, on each of both legs."""


@dataclass(frozen=True, slots=True)
class CommutePolicy:
    """``beyond_metres`` matters with ``Commute.BEYOND`` only."""

    commute: Commute = Commute.COUNTED
    beyond_metres: int = 0


def uncounted_metres(metres: int, policy: CommutePolicy) -> int:
    """The metres of a leg between home and an account that are the person's own way to work."""
    if policy.commute is Commute.COUNTED:
        return 0
    if policy.commute is Commute.NOT_COUNTED:
        return metres
    return min(metres, policy.beyond_metres)
