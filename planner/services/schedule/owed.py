"""Where a version falls short, account by account: the promises it breaks, and the reason it was made with.

Promises are counted as they are today, reasons are of the day the version was made: an account may have the
one without the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.models.accounts import Account
from planner.models.schedule import ScheduleVersion, UnplacedAccount
from planner.services.schedule.certificate import FULL, Shortfall

MENDABLE = FULL | {"not_worth", "no_working_day", "never_open", "too_long"}
"""Reasons that lie in rules, not in the account's place or in a cadence that says nothing."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An account a visit of which found no day, or that could not be planned; ``reason`` says why."""

    account_id: int
    account_name: str
    account_class: str
    due_until_on: date | None
    reason: str
    reason_values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Owed:
    """``missing`` None: no reason was found when the version was made."""

    account_id: int
    account_name: str
    account_class: str
    shortfalls: tuple[Shortfall, ...]
    missing: Missing | None

    @property
    def can_be_helped(self) -> bool:
        """Whether a day could be had by changing a rule, and not only by moving its pin."""
        return self.missing is None or self.missing.reason in MENDABLE


def missing(session: Session, version: ScheduleVersion) -> tuple[Missing, ...]:
    rows = session.scalars(
        select(UnplacedAccount)
        .join(UnplacedAccount.account)
        .where(UnplacedAccount.version_id == version.id)
        .options(joinedload(UnplacedAccount.account))
        .order_by(Account.account_class, UnplacedAccount.due_until_on, Account.name)
    )
    return tuple(
        Missing(
            row.account_id,
            row.account.name,
            row.account.account_class.value,
            row.due_until_on,
            row.reason,
            row.reason_values,
        )
        for row in rows
    )


def owed(shortfalls: Sequence[Shortfall], without_day: Sequence[Missing]) -> tuple[Owed, ...]:
    """One entry an account, by class and name."""
    falls: dict[int, list[Shortfall]] = defaultdict(list)
    for fall in shortfalls:
        falls[fall.account_id].append(fall)
    reasons = {entry.account_id: entry for entry in without_day}
    named = {one.account_id: one for one in (*shortfalls, *without_day)}
    found = [
        Owed(number, one.account_name, one.account_class, tuple(falls[number]), reasons.get(number))
        for number, one in named.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.account_class, one.account_name, one.account_id)))
