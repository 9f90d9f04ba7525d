"""Which bytes a picture was stored as: noted in its row and, so that it cannot be altered, in the audit log.

The name of its file proves nothing: a phone's picture is named by what the phone had, before it was encoded
anew. What the log noted last of a picture counts; the row is beside it to be read quickly. Of pictures stored
before this was noted neither says anything, ``note_unknown`` does once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.models.ledger import Receipt
from planner.models.settings import AuditEntry
from planner.services.installation import audit
from planner.services.ledger import receipt_files

STORED = "receipt.stored"
SUBJECT = "receipt"
FIELD = "stored_sha256"


def note(session: Session, actor: Actor | None, now: datetime, row: Receipt, stored_sha256: str) -> None:
    """Say that these bytes are a picture's file from now on; nothing happens where that was said last."""
    if row.stored_sha256 == stored_sha256:
        return
    before, row.stored_sha256 = row.stored_sha256, stored_sha256
    session.flush()
    audit.record(session, actor, now, STORED, SUBJECT, row.id, {FIELD: before}, {FIELD: stored_sha256})


def noted(session: Session, picture_ids: Collection[int]) -> dict[int, str]:
    """What the audit log said last of each, by the picture's id; of some nothing."""
    query = select(AuditEntry.subject_id, AuditEntry.after).where(
        AuditEntry.subject_kind == SUBJECT,
        AuditEntry.action == STORED,
        AuditEntry.subject_id.in_(picture_ids),
    )
    return {picture_id: after[FIELD] for picture_id, after in session.execute(query.order_by(AuditEntry.id))}


def digest(path: Path) -> str | None:
    """The SHA-256 of a file, read a piece at a time; None: it is not there, or cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def unknown(session: Session, after_id: int, most: int) -> list[tuple[int, str]]:
    """Id and file's name of pictures that neither row nor log knows the bytes of, by id, from beyond
    ``after_id``."""
    query = select(Receipt.id, Receipt.sha256).where(Receipt.id > after_id, *_is_unknown())
    return [(row.id, row.sha256) for row in session.execute(query.order_by(Receipt.id).limit(most))]


def digests(folder: Path, pictures: Collection[tuple[int, str]]) -> dict[int, str]:
    """Of the files that are there, by the picture's id. Takes its time: not within a transaction."""
    read = ((picture_id, digest(receipt_files.picture(folder, name))) for picture_id, name in pictures)
    return {picture_id: found for picture_id, found in read if found is not None}


def note_unknown(session: Session, now: datetime, found: Mapping[int, str]) -> int:
    """Note the bytes that files have, of the pictures still unknown; returns how many."""
    query = select(Receipt).where(Receipt.id.in_(found), *_is_unknown()).with_for_update(key_share=True)
    rows = session.scalars(query).all()
    for row in rows:
        note(session, None, now, row, found[row.id])
    return len(rows)


def _is_unknown() -> tuple[ColumnElement[bool], ...]:
    """What the log has noted is never taken from a file again, whatever the row says."""
    told = select(AuditEntry.id).where(
        AuditEntry.subject_kind == SUBJECT,
        AuditEntry.action == STORED,
        AuditEntry.subject_id == Receipt.id,
    )
    return Receipt.byte_count > 0, Receipt.stored_sha256.is_(None), ~told.exists()
