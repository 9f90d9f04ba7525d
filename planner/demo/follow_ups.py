"""Next steps of the past that are followed up: the last few of each rep are open, those before are done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.demo.days import Calendar, instant
from planner.domain.follow_ups import FollowUpState
from planner.models.follow_ups import FollowUp
from planner.models.visits import Visit

FOLLOWED = UUID("6a0a1d3e-52f1-4c8e-9d3f-7b8f0c0b9a52")
"""Namespace of the uids: the same demo has the same ones."""

MORNING = 8 * 3600
DONE_AFTER = timedelta(days=3)

OPEN_DAYS = (2, 0, -1, 6, None)
"""Of the newest next steps, newest first: the date in days from today, or none."""


def write(session: Session, calendar: Calendar, rep_ids: Iterable[int]) -> None:
    for rep_id in rep_ids:
        query = select(Visit).where(Visit.rep_id == rep_id, Visit.next_step != "", Visit.left_at.is_not(None))
        newest_first = session.scalars(query.order_by(Visit.on.desc(), Visit.left_at.desc())).all()
        session.add_all(_of(visit, place, calendar.today) for place, visit in enumerate(newest_first))
    session.flush()


def _of(visit: Visit, place: int, today: date) -> FollowUp:
    row = FollowUp(
        uid=str(uuid5(FOLLOWED, visit.uid)),
        account_id=visit.account_id,
        visit_id=visit.id,
        author_id=visit.rep_id,
        text="",
        made_at=visit.left_at,
    )
    if place < len(OPEN_DAYS):
        days = OPEN_DAYS[place]
        # Nobody had promised it for a day before the visit.
        row.due_on = None if days is None else max(visit.on, today + timedelta(days=days))
        return row
    row.due_on = visit.on + DONE_AFTER
    row.state, row.ended_by = FollowUpState.DONE, visit.rep_id
    row.ended_at = min(visit.left_at + DONE_AFTER, instant(today, MORNING))
    return row
