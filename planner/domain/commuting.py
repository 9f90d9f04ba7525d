"""How much of the way from home to the first account and from the last one home counts as driven for work.

Whether it does is a question of the country's law and the firm's rules: travel between home and a permanent
workplace is no business travel (sections 338 and 339 of the Income Tax (Earnings and Pensions) Act 2003, UK;
IRS Publication 463, US; section 9 (1) no. 4 EStG, Germany, has an allowance of its own for it), while a rep
without one often counts every metre. So it is a setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.domain.mileage import difference

HOME_WORDS = frozenset({"home", "my home", "casa", "mi casa", "zuhause", "zu hause"})
"""What people write for where they live, in the languages of the program and of the official logs."""


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


def names_home(text: str, home_address: str) -> bool:
    """Whether words for an end of a drive say that it is home: by a word for it, or by its whole address."""
    said = _plain(text)
    return bool(said) and said in {*HOME_WORDS, _plain(home_address)}


@dataclass(frozen=True, slots=True)
class Leg:
    """A drive by the accounts at its ends, None where an end is no account's, as long as it was driven."""

    start_id: int | None
    goal_id: int | None
    metres: int

    @property
    def account_id(self) -> int | None:
        """The one account it leads to or comes from; None where it is not one."""
        ids = {self.start_id, self.goal_id} - {None}
        return ids.pop() if len(ids) == 1 and None in (self.start_id, self.goal_id) else None


def is_same_way(drive: Leg, commute: Leg) -> bool:
    """Whether a drive is perhaps the same way as one from or to home: it has one account at an end, the same
    one, and is as long."""
    if drive.account_id is None or drive.account_id != commute.account_id:
        return False
    return difference(drive.metres, commute.metres) is None


def _plain(text: str) -> str:
    """Letters and digits with single blanks between, as they are compared."""
    kept = "".join(mark if mark.isalnum() else " " for mark in text.casefold())
    return " ".join(kept.split())
