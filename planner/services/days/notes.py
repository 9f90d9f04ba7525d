"""Notes: written once, never changed, taken once however often a phone sends them.

``captured_at`` is when the person wrote it, ``received_at`` when it reached us.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from planner.database import Base
from planner.domain.access import Actor
from planner.domain.errors import Invalid
from planner.models.people import Person
from planner.models.visits import Note, Visit

LONGEST_NOTE = 4000
Row = Mapping[str, Any]
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class NewNote:
    """``uid`` is made where the note is written: the same uid of the same person is the same note."""

    uid: str
    account_id: int
    text: str
    captured_at: datetime
    visit_id: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenNote:
    text: str
    author_name: str
    captured_at: datetime


def last_of_others(session: Session, actor: Actor, account_ids: Collection[int]) -> int:
    """The number of the newest note that somebody else wrote about the accounts; 0 without one."""
    of_others = Note.author_id != actor.user_id
    query = select(func.max(Note.id)).where(Note.account_id.in_(account_ids), of_others)
    return session.scalar(query) or 0


def add(session: Session, actor: Actor, now: datetime, note: NewNote) -> None:
    """Store a note unless it is stored already. The caller has checked that the actor may write about the
    account. Raises as ``row`` does."""
    write(session, [row(actor, now, note)])


def row(actor: Actor, now: datetime, note: NewNote) -> Row:
    """What ``write`` stores. Raises Invalid("text") for an empty or endless text and Invalid("uid")."""
    text = note.text.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise Invalid("text", "note_length", most=LONGEST_NOTE)
    return {
        "uid": _uuid(note.uid),
        "account_id": note.account_id,
        "visit_id": note.visit_id,
        "author_id": actor.user_id,
        "text": text,
        "captured_at": note.captured_at,
        "received_at": now,
    }


def write(session: Session, rows: Sequence[Row]) -> None:
    """Store those that are not stored already, all at once."""
    if rows:
        connection = session.connection()
        connection.execute(_unless_there(connection.dialect.name), rows)


@cache
def _unless_there(dialect: str) -> Insert:
    """Made once: a phone sends many notes at a time."""
    table = Base.metadata.tables[Note.__tablename__]
    return INSERTS[dialect](table).on_conflict_do_nothing(index_elements=["author_id", "uid"])  # type: ignore[no-any-return]


def add_to_visit(session: Session, actor: Actor, now: datetime, visit: Visit, uid: str, text: str) -> None:
    """A note on its own, written at the stop. Raises as ``add`` does."""
    add(session, actor, now, NewNote(uid, visit.account_id, text, now, visit.id))


def recent(session: Session, account_id: int, most: int) -> list[WrittenNote]:
    """The newest notes about an account, newest first. The caller has checked the scope."""
    query = (
        select(Note.text, Person.name, Note.captured_at)
        .join(Person, Person.id == Note.author_id)
        .where(Note.account_id == account_id)
        .order_by(Note.captured_at.desc(), Note.id.desc())
        .limit(most)
    )
    return [WrittenNote(*row) for row in session.execute(query)]


def latest_by_account(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    """The text of the newest note of each account, in one query."""
    newest = func.row_number().over(
        partition_by=Note.account_id, order_by=(Note.captured_at.desc(), Note.id.desc())
    )
    ranked = select(Note, newest.label("rank")).where(Note.account_id.in_(set(account_ids))).subquery()
    note = aliased(Note, ranked)
    query = select(note.account_id, note.text).where(ranked.c.rank == 1)
    return {row.account_id: row.text for row in session.execute(query)}


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Invalid("uid", "bad_uid") from None
