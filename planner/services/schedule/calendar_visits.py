"""The visits of the cycle calendar by day, in the order of their route, each with what holds it there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.visits import VisitKind, VisitState
from planner.models.accounts import Account
from planner.models.visits import Stop, Visit
from planner.services.days.visit_facts import AGREED

NOT_COUNTED = (VisitState.CANCELLED, VisitState.SKIPPED)


class Hold(StrEnum):
    """How movable a visit is. ``OVER``: held, begun, missed, or of a day gone by."""

    MOVABLE = "movable"
    PINNED = "pinned"
    AGREED = "agreed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CalendarVisit:
    """``rev`` is the visit's revision: a drop names the one it saw."""

    visit_id: int
    rev: int
    account_id: int
    account_name: str
    kind: VisitKind
    state: VisitState
    is_pinned: bool
    service_seconds: int
    hold: Hold

    @property
    def is_agreed(self) -> bool:
        return self.kind in AGREED


def by_day(
    session: Session, rep_id: int, from_on: date, until_on: date, today: date
) -> dict[date, list[CalendarVisit]]:
    """One query. A visit that is in no route yet comes last, by its name."""
    query = (
        select(Visit, Account.name, Stop.position)
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(Stop, Stop.visit_id == Visit.id)
        .where(Visit.rep_id == rep_id, Visit.on >= from_on, Visit.on < until_on)
        .where(Visit.state.not_in(NOT_COUNTED))
    )
    rows = [
        (visit.on, position is None, position or 0, name, _listed(visit, name, today))
        for visit, name, position in session.execute(query)
    ]
    found: dict[date, list[CalendarVisit]] = defaultdict(list)
    for on, *_, listed in sorted(rows, key=lambda row: row[:4]):
        found[on].append(listed)
    return found


def hold_of(visit: Visit, today: date) -> Hold:
    if visit.state is not VisitState.PLANNED or visit.on < today:
        return Hold.OVER
    if visit.kind in AGREED:
        return Hold.AGREED
    return Hold.PINNED if visit.is_pinned else Hold.MOVABLE


def _listed(visit: Visit, name: str, today: date) -> CalendarVisit:
    return CalendarVisit(
        visit_id=visit.id,
        rev=visit.rev,
        account_id=visit.account_id,
        account_name=name,
        kind=visit.kind,
        state=visit.state,
        is_pinned=visit.is_pinned,
        service_seconds=visit.service_seconds,
        hold=hold_of(visit, today),
    )
