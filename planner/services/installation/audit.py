"""The audit log: who changed what, old → new. Append-only; each entry's hash covers the one before.

Written in the transaction of the change itself. Secrets and passwords never go in. A missing end of
the log shows only against a backup, whose manifest keeps the head of the chain.

Since what changed may be personal, an entry hashes it through a salted digest: once its person is erased,
text and salt are gone and the entry holds as it did. Entries of the first form, without such a digest, hash
it in clear; of those, ``sealed_link`` keeps the digest of the rest.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.seals import seal
from planner.models.ledger import SealedLink
from planner.models.people import Person
from planner.models.settings import AuditEntry

GENESIS = "0" * 64
"""What the first entry points back to."""

CHAIN_LOCK = 7_301
"""PostgreSQL advisory lock: two writers must not continue the same head. SQLite has one writer anyway."""

ROWS_AT_ONCE = 1000
SALT_BYTES = 16

PERSONAL = ("person", "rep")
"""Kinds of subjects whose entries tell of somebody."""

ERASURE = "person.eras"
"""How the actions begin that erase somebody: those entries stay as they are."""

SEALED = "audit"
"""The kind of ``sealed_link`` of entries here."""


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
    entry.salt = secrets.token_hex(SALT_BYTES)
    entry.personal_sha256 = _sealed(entry, entry.salt)
    entry.entry_sha256 = digest(entry)
    session.add(entry)
    session.flush()


def verify(session: Session) -> Chain:
    """Recompute every hash, oldest first. Reads all of the log in pieces."""
    head, count = GENESIS, 0
    query = select(AuditEntry).order_by(AuditEntry.id)
    options = {"yield_per": ROWS_AT_ONCE, "populate_existing": True}
    erased = set(session.scalars(select(Person.id).where(Person.erased_at.is_not(None))))
    rests = _rests(session)
    with session.scalars(query, execution_options=options) as entries:
        for entry in entries:
            fits = _fits(entry, is_about(entry, erased), rests.get(entry.id))
            if entry.previous_sha256 != head or not fits:
                return Chain(count, head, entry.id)
            head, count = entry.entry_sha256, count + 1
    return Chain(count, head, None)


def digest(entry: AuditEntry) -> str:
    """The hash of an entry and of its predecessor's hash."""
    if entry.personal_sha256 is None:
        return _hashed([*_rest(entry), entry.before, entry.after])
    return _hashed([*_rest(entry), "sealed", entry.personal_sha256])


def rest_digest(entry: AuditEntry) -> str:
    """The hash of an entry of the first form without what changed, and with its own hash."""
    return _hashed([*_rest(entry), entry.entry_sha256])


def is_about(entry: AuditEntry, people: Collection[int]) -> bool:
    """Whether an entry tells of one of these people, other than that they were erased."""
    return (
        entry.subject_kind in PERSONAL and entry.subject_id in people and not entry.action.startswith(ERASURE)
    )


def _fits(entry: AuditEntry, is_erased: bool, rest_sha256: str | None) -> bool:
    """Whether an entry is what its hash says."""
    if entry.personal_sha256 is None and rest_sha256 is not None:
        return is_erased and not entry.before and not entry.after and rest_digest(entry) == rest_sha256
    if entry.personal_sha256 is not None and entry.salt is None:
        return is_erased and not entry.before and not entry.after and digest(entry) == entry.entry_sha256
    if entry.salt is not None and _sealed(entry, entry.salt) != entry.personal_sha256:
        return False
    return digest(entry) == entry.entry_sha256


def _rests(session: Session) -> dict[int, str]:
    query = select(SealedLink.subject_id, SealedLink.rest_sha256).where(SealedLink.kind == SEALED)
    return {row.subject_id: row.rest_sha256 for row in session.execute(query)}


def _rest(entry: AuditEntry) -> list[object]:
    """Everything but what changed."""
    return [
        entry.previous_sha256,
        entry.happened_at.isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
    ]


def _sealed(entry: AuditEntry, salt: str) -> str:
    return seal(salt, _canonical([entry.before, entry.after]))


def _hashed(content: list[object]) -> str:
    return hashlib.sha256(_canonical(content).encode("ascii")).hexdigest()


def _canonical(content: list[object]) -> str:
    return json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


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
