"""Removing what is past its term: a piece at a time, so that nobody waits for the lock.

Money and records have no term; ``planner.domain.retention`` says which kinds do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from planner.database import Base
from planner.domain.retention import TERMS, Kept
from planner.models.logins import LoginAttempt, LoginSession
from planner.models.runs import PlanningRun
from planner.models.schedule import ScheduleVersion
from planner.models.sync import SyncItem
from planner.models.visits import DayChange
from planner.services.days import old_ways
from planner.services.installation import audit, retention_terms
from planner.services.ledger import unnamed_pictures

AT_ONCE = 500

TABLES: Mapping[Kept, type[Base]] = {
    Kept.SYNC_ITEMS: SyncItem,
    Kept.RUNS: PlanningRun,
    Kept.ATTEMPTS: LoginAttempt,
    Kept.SESSIONS: LoginSession,
}
"""Kinds whose rows simply go."""


def counts(session: Session, now: datetime, today: date) -> dict[Kept, int]:
    """How many of each kind the next night removes, as it stands."""
    terms = retention_terms.days(session)
    found = {}
    for kind in TERMS:
        rows = _due(kind, now, today, timedelta(days=terms[kind]))
        found[kind] = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    return found


def remove(session: Session, now: datetime, today: date, kind: Kept) -> int:
    """Remove a piece of one kind; returns how many. 0: nothing is left of it to remove."""
    if kind is Kept.WAYS:
        return old_ways.forget(session, today)
    if kind is Kept.PICTURES:
        return unnamed_pictures.drop_old(session, now)
    rows, table = _due(kind, now, today, retention_terms.kept(session, kind)), TABLES[kind]
    ids = session.scalars(rows.limit(AT_ONCE)).all()
    if ids:
        session.execute(delete(table).where(table.__table__.c.id.in_(ids)))
    return len(ids)


def note(session: Session, now: datetime, removed: Mapping[Kept, int]) -> None:
    """What a night removed is in the audit log; a night that removed nothing is not."""
    after = {kind.value: count for kind, count in removed.items() if count}
    if after:
        audit.record(session, None, now, "retention.applied", "installation", None, None, after)


def _due(kind: Kept, now: datetime, today: date, keep: timedelta) -> Select[Any]:
    before = now - keep
    if kind is Kept.WAYS:
        return old_ways.due(today, keep).with_only_columns(DayChange.id)
    if kind is Kept.PICTURES:
        return unnamed_pictures.due(now, keep)
    if kind is Kept.SYNC_ITEMS:
        return select(SyncItem.id).where(SyncItem.received_at < before)
    if kind is Kept.RUNS:
        used = select(ScheduleVersion.id).where(ScheduleVersion.run_id == PlanningRun.id)
        return select(PlanningRun.id).where(PlanningRun.ended_at < before, ~used.exists())
    if kind is Kept.ATTEMPTS:
        return select(LoginAttempt.id).where(LoginAttempt.attempted_at < before)
    ended = or_(LoginSession.expires_at < before, LoginSession.revoked_at < before)
    return select(LoginSession.id).where(ended)
