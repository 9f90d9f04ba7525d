"""The audit log: who changed what, old → new. Append-only; each entry's hash covers the one before.

Written in the transaction of the change itself. Secrets and passwords never go in. A missing end of
the log shows only against a backup, whose manifest keeps the head of the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.models.settings import AuditEntry

GENESIS = "0" * 64
"""What the first entry points back to."""

CHAIN_LOCK = 7_301
"""PostgreSQL advisory lock: two writers must not continue the same head. SQLite has one writer anyway."""

ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Chain:
    """The log checked from the first entry. ``broken_id`` is the first entry that does not fit."""

    entries: int
    head_sha256: str
    broken_id: int | None

    @property
    def holds(self) -> bool:
        return self.broken_id is None


def record(
    session: Session,
    actor: Actor | None,
    now: datetime,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry: ``action`` such as ``person.changed``; fields equal in both are left out.

    ``actor`` None, or without an id, is the command line. Dates and enums are kept as text.
    """
    old, new = _changed(_plain(before), _plain(after))
    entry = AuditEntry(
        happened_at=now,
        actor_id=(actor.user_id or None) if actor else None,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        before=old,
        after=new,
        previous_sha256=_head(session),
    )
    entry.entry_sha256 = digest(entry)
    session.add(entry)
    session.flush()


def verify(session: Session) -> Chain:
    """Recompute every hash, oldest first. Reads all of the log in pieces."""
    head, count = GENESIS, 0
    query = select(AuditEntry).order_by(AuditEntry.id)
    options = {"yield_per": ROWS_AT_ONCE, "populate_existing": True}
    with session.scalars(query, execution_options=options) as entries:
        for entry in entries:
            if entry.previous_sha256 != head or entry.entry_sha256 != digest(entry):
                return Chain(count, head, entry.id)
            head, count = entry.entry_sha256, count + 1
    return Chain(count, head, None)


def digest(entry: AuditEntry) -> str:
    """The hash of an entry and of its predecessor's hash."""
    content = [
        entry.previous_sha256,
        entry.happened_at.isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.before,
        entry.after,
    ]
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _head(session: Session) -> str:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    newest = select(AuditEntry.entry_sha256).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalar(newest) or GENESIS


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """As it comes back from a JSON column, so that the hash is the same on reading."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(values or {}), default=str))
    return plain


def _changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    return (
        {key: value for key, value in before.items() if key not in same},
        {key: value for key, value in after.items() if key not in same},
    )
