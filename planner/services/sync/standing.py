"""What stands against an item: the visit or the order of a day that somebody else changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.access import Actor
from planner.domain.outbox import Item, ItemKind
from planner.domain.visits import VisitState
from planner.models.people import Person
from planner.models.visits import DayRoute, Visit
from planner.services import revisions

OF_A_VISIT = frozenset(
    {
        ItemKind.ARRIVED,
        ItemKind.LEFT,
        ItemKind.UNDO,
        ItemKind.DONE,
        ItemKind.MISSED,
        ItemKind.SKIPPED,
    }
)
OF_A_DAY = frozenset({ItemKind.ORDER, ItemKind.CLOSE})


@dataclass(frozen=True, slots=True)
class Theirs:
    """How a row stands now, and who changed it last; nobody where that was not said. ``values`` are those of
    a visit's sentence; of the order of a day there is none to give."""

    rev: int
    by: str
    at: datetime | None
    on: date
    is_day: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


def hold(session: Session, items: Iterable[Item]) -> Sequence[Visit]:
    """The visits that items are about and whether their days are closed, read in one go; the visits are held
    against other writers until the end of the transaction. They stay at hand as long as the caller keeps
    them."""
    ids = {item.visit_id for item in items if item.visit_id is not None}
    query = select(Visit).where(Visit.id.in_(ids)).order_by(Visit.id).with_for_update()
    query = query.options(selectinload(Visit.closed_day))
    return session.scalars(query.execution_options(populate_existing=True)).all() if ids else ()


def row_of(session: Session, actor: Actor, item: Item) -> Visit | DayRoute | None:
    """The row of the actor's own that an item changes, if there is one."""
    if item.kind in OF_A_VISIT and item.visit_id is not None:
        visit = session.get(Visit, item.visit_id)
        is_own = visit is not None and visit.rep_id == actor.user_id
        return visit if is_own and visit is not None and visit.state is not VisitState.CANCELLED else None
    if item.kind in OF_A_DAY and item.on is not None:
        query = select(DayRoute).where(DayRoute.rep_id == actor.user_id, DayRoute.on == item.on)
        return session.scalar(query)
    return None


def against(session: Session, actor: Actor, item: Item) -> Theirs | None:
    """What was changed after the page the item was made on; None when nothing was, or nobody asks."""
    if item.base_rev is None:
        return None
    row = row_of(session, actor, item)
    if row is None or not revisions.is_out_of_date(row, item.base_rev):
        return None
    return theirs(session, row)


def theirs(session: Session, row: Visit | DayRoute) -> Theirs:
    is_known = row.changed_rev == row.rev
    person = session.get(Person, row.changed_by_id) if is_known and row.changed_by_id is not None else None
    shown = {} if isinstance(row, DayRoute) else _shown(row)
    return Theirs(
        rev=row.rev,
        by=person.name if person else "",
        at=row.changed_at if is_known else None,
        on=row.on,
        is_day=isinstance(row, DayRoute),
        values=shown,
    )


def _shown(visit: Visit) -> dict[str, Any]:
    return {
        "state": visit.state,
        "outcome": visit.outcome,
        "reason": visit.not_held_reason,
        "appointment": visit.appointment_seconds,
    }
