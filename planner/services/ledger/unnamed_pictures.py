"""Pictures that have come and that no expense and no visit names: how many one may send, and when they go.

They come about when a phone has sent a photo and its item is thrown away, or never comes. One that waits to
be mended on a phone may still ask for its photo, so they stay for a good while.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.retention import Kept
from planner.models.ledger import Expense, Receipt
from planner.models.photos import VisitPhoto
from planner.services.installation import retention_terms

MOST_A_DAY = 300
"""Pictures of one person within a day that belong to nothing: more come by mistake, or to fill the disk."""

LEFT_LYING = timedelta(days=2)
"""How old a file is that no row knows: younger, its row may be about to be written."""

AT_ONCE = 500


def is_unnamed() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions on ``Receipt`` that no expense and no visit names it."""
    expenses = select(Expense.id).where(Expense.receipt_id == Receipt.id)
    visits = select(VisitPhoto.id).where(VisitPhoto.receipt_id == Receipt.id)
    return ~expenses.exists(), ~visits.exists()


def has_sent_too_many(session: Session, actor: Actor, now: datetime) -> bool:
    """Whether somebody has sent so many of them that no more are taken just now."""
    since = (Receipt.uploaded_by == actor.user_id, Receipt.uploaded_at > now - timedelta(days=1))
    count = select(func.count()).select_from(Receipt).where(*since, Receipt.byte_count > 0)
    if (session.scalar(count) or 0) < MOST_A_DAY:
        return False
    return (session.scalar(count.where(*is_unnamed())) or 0) >= MOST_A_DAY


def due(now: datetime, keep: timedelta) -> Select[tuple[int]]:
    """Those that nothing has named for ``keep``."""
    return select(Receipt.id).where(Receipt.uploaded_at < now - keep, *is_unnamed())


def drop_old(session: Session, now: datetime) -> int:
    """Forget those whose term is over; returns how many, ``AT_ONCE`` at most. Their files go by
    ``files_left`` once that is stored."""
    query = due(now, retention_terms.kept(session, Kept.PICTURES)).limit(AT_ONCE)
    # Locked, and looked at again by the deletion: nobody names one of them meanwhile.
    ids = session.scalars(query.with_for_update(skip_locked=True)).all()
    if ids:
        session.execute(delete(Receipt).where(Receipt.id.in_(ids), *is_unnamed()))
    return len(ids)


def files_left(session: Session, now: datetime, folder: Path) -> list[Path]:
    """The files of pictures that no row knows, and of writing that was cut off."""
    old = [path for path in folder.glob("*/*") if path.is_file() and _written(path) < now - LEFT_LYING]
    known = _known(session, {_sha256(path) for path in old})
    return sorted(path for path in old if _sha256(path) not in known)


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone()


def _sha256(path: Path) -> str:
    """That a file is named by; nothing for one whose writing was cut off, which has a dot in front."""
    return path.name.split(".")[0]


def _known(session: Session, hashes: Collection[str]) -> set[str]:
    found: set[str] = set()
    wanted = sorted(hashes)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found.update(session.scalars(select(Receipt.sha256).where(Receipt.sha256.in_(some))))
    return found
