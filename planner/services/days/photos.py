"""Photos of visits: taken on the phone, kept once, seen by whoever may read the account.

Like a note, a photo belongs to the account and outlives the visit. A photo that is still on the phone counts,
but cannot be seen yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from planner.domain.access import Actor
from planner.domain.errors import NotFound
from planner.models.photos import VisitPhoto
from planner.services import scope
from planner.services.days.notes import INSERTS
from planner.services.ledger import receipts

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class NewPhotos:
    """``picture_ids`` as ``receipts`` knows them; ``visit_id`` None where the visit is gone."""

    account_id: int
    visit_id: int | None
    picture_ids: Sequence[int]
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """``has_come``: False while it is still on the phone."""

    photo_id: int
    captured_at: datetime
    has_come: bool


def add(session: Session, actor: Actor, now: datetime, new: NewPhotos) -> None:
    """Keep photos with an account; of a visit, each once. The caller has checked the scope."""
    for picture_id in new.picture_ids:
        insert = INSERTS[session.get_bind().dialect.name](VisitPhoto).values(
            account_id=new.account_id,
            visit_id=new.visit_id,
            receipt_id=picture_id,
            author_id=actor.user_id,
            captured_at=new.captured_at,
            received_at=now,
        )
        session.execute(insert.on_conflict_do_nothing(index_elements=["visit_id", "receipt_id"]))


def of_account(session: Session, account_id: int, most: int = MOST_SHOWN) -> list[ShownPhoto]:
    """The newest first. The caller has checked the scope."""
    query = select(VisitPhoto).where(VisitPhoto.account_id == account_id)
    newest = query.order_by(VisitPhoto.captured_at.desc(), VisitPhoto.id.desc()).limit(most)
    return _shown(session, newest)


def path_of(
    session: Session, actor: Actor, today: date, folder: Path, photo_id: int, thumb: bool = False
) -> Path:
    """The file of a photo that the actor took, or whose account they may read. Raises NotFound."""
    row = session.get(VisitPhoto, photo_id, options=[joinedload(VisitPhoto.picture)])
    if row is None:
        raise NotFound("photo", id=photo_id)
    if row.author_id != actor.user_id:
        scope.readable_account(session, actor, row.account_id, today)
    return receipts.file_of(folder, row.picture, thumb)


def _shown(session: Session, query: Select[tuple[VisitPhoto]]) -> list[ShownPhoto]:
    rows = session.scalars(query.options(joinedload(VisitPhoto.picture)))
    come = receipts.STILL_TO_COME
    return [ShownPhoto(row.id, row.captured_at, row.picture.byte_count > come) for row in rows]
