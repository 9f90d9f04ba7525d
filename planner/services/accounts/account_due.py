"""When accounts are due: their own cadence or their class's, counted from the last visit held.

An account that was never visited is due. A cadence that contradicts itself counts as none here; the
data check names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from planner.domain.cadence import Cadence, DueState, Wishes, days_late, due_state, due_window, inherited
from planner.domain.errors import Invalid
from planner.domain.visits import VisitState
from planner.models.accounts import Account, AccountClass, AccountKind, ClassRule
from planner.models.visits import Visit

Rules = Mapping[AccountClass, ClassRule]

COLUMNS = (
    Account.kind,
    Account.account_class,
    Account.cadence_days,
    Account.earliest_gap_days,
    Account.latest_gap_days,
)
"""What ``due_of`` needs of an account beside its last visit."""


@dataclass(frozen=True, slots=True)
class Due:
    """``wish_on`` and ``latest_on`` are None for an account never visited; it is due at once."""

    state: DueState
    cadence: Cadence
    wish_on: date | None = None
    latest_on: date | None = None
    days_late: int = 0


def rules(session: Session) -> Rules:
    return {rule.account_class: rule for rule in session.scalars(select(ClassRule))}


def last_held(on: date) -> Subquery:
    """Of every account the last visit held by ``on``: account_id, on, see_again_days."""
    newest = func.row_number().over(partition_by=Visit.account_id, order_by=Visit.on.desc())
    held = (
        select(Visit.account_id, Visit.on, Visit.see_again_days, newest.label("age"))
        .where(Visit.state == VisitState.DONE, Visit.on <= on)
        .subquery()
    )
    return (
        select(held.c.account_id, held.c.on, held.c.see_again_days)
        .where(held.c.age == 1)
        .subquery("last_held")
    )


def own_wishes(row: Any) -> Wishes:
    """What the account itself says; ``row`` has the names of ``COLUMNS``."""
    return Wishes(row.cadence_days, row.earliest_gap_days, row.latest_gap_days)


def class_wishes(rule: ClassRule | None, kind: AccountKind = AccountKind.ACCOUNT) -> Wishes:
    """What the class says. A prospect has a cadence only of its own: it is won or lost, not kept up."""
    if kind is AccountKind.PROSPECT:
        return Wishes()
    return Wishes(rule.cadence_days, rule.earliest_gap_days, rule.latest_gap_days) if rule else Wishes()


def due_of(row: Any, rules: Rules, last_on: date | None, see_again_days: int | None, on: date) -> Due | None:
    """How an account stands on a date; None without a (sound) cadence."""
    try:
        cadence = inherited(own_wishes(row), class_wishes(rules.get(row.account_class), row.kind))
    except Invalid:
        return None
    if cadence is None:
        return None
    if last_on is None:
        return Due(DueState.DUE, cadence)
    window = due_window(last_on, cadence, see_again_days)
    return Due(due_state(window, on), cadence, window.wish, window.latest, days_late(window, on))
