"""Reading the audit log page by page, filtered, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from planner.models.people import Person
from planner.models.settings import AuditEntry

PAGE = 50


@dataclass(frozen=True, slots=True)
class LogLine:
    """``changes`` are (field, old, new); ``actor_name`` None: the command line."""

    entry_id: int
    happened_at: datetime
    actor_name: str | None
    action: str
    subject_kind: str
    subject_id: int | None
    changes: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class LogPage:
    lines: list[LogLine]
    page: int
    pages: int
    total: int


def page(
    session: Session,
    number: int = 1,
    kind: str = "",
    actor_id: int | None = None,
    subject_id: int | None = None,
) -> LogPage:
    """One page; ``kind``, ``actor_id`` and ``subject_id`` narrow it. Numbers out of range are brought in."""
    where: list[ColumnElement[bool]] = []
    if kind:
        where.append(AuditEntry.subject_kind == kind)
    if actor_id is not None:
        where.append(AuditEntry.actor_id == actor_id)
    if subject_id is not None:
        where.append(AuditEntry.subject_id == subject_id)
    total = session.scalar(select(func.count(AuditEntry.id)).where(*where)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(number, 1), pages)
    query = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(*where)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    return LogPage([_line(entry, name) for entry, name in session.execute(query)], number, pages, total)


def kinds(session: Session) -> list[str]:
    """The kinds of things the log speaks of, to choose from."""
    return list(session.scalars(select(AuditEntry.subject_kind).distinct().order_by(AuditEntry.subject_kind)))


def actors(session: Session) -> list[tuple[int, str]]:
    """Id and name of everybody in the log."""
    query = select(Person.id, Person.name).where(Person.id.in_(select(AuditEntry.actor_id)))
    return [(row[0], row[1]) for row in session.execute(query.order_by(Person.name))]


def _line(entry: AuditEntry, name: str | None) -> LogLine:
    fields = [*entry.before, *(key for key in entry.after if key not in entry.before)]
    changes = tuple((field, entry.before.get(field), entry.after.get(field)) for field in fields)
    return LogLine(
        entry.id, entry.happened_at, name, entry.action, entry.subject_kind, entry.subject_id, changes
    )
