"""Whether the pictures that expenses and visits name are on the disk as they were stored.

Pictures that nothing names are left out: they may go any night, and so may what is told of them. Files are
read one after the other, a piece at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.models.ledger import Expense, Receipt
from planner.models.people import Person
from planner.models.photos import VisitPhoto
from planner.services.installation.findings import Finding
from planner.services.ledger import receipt_files, stored_pictures

AT_ONCE = 500
MOST_TOLD = 20

MISSING = "its picture is missing"
DIFFERS = "its picture is not the one that was stored"
ALTERED = "what is noted of its picture was changed in the database"
NOT_YET = "run flask ledger note-pictures"


@dataclass(frozen=True, slots=True)
class Harmed:
    """A picture whose file, or what the database says of it, is not as it was stored. ``sha256`` is its
    file's name, ``whose`` the expense or the visit it belongs to, in words."""

    sha256: str
    whose: str
    trouble: str

    @property
    def is_file(self) -> bool:
        """Whether it is the file alone; else somebody was at the database."""
        return not self.trouble.startswith(ALTERED)

    def __str__(self) -> str:
        return f"{self.whose}: {self.trouble}"


@dataclass(slots=True)
class Read:
    """``seen`` pictures, of which nobody knows yet what ``unknown`` ones were stored as."""

    seen: int = 0
    unknown: int = 0
    harmed: list[Harmed] = field(default_factory=list)


def read(session: Session, folder: Path) -> Read:
    """Every picture that an expense or a visit names, and which of them is not as it was stored."""
    found = Read()
    for rows in _pieces(session):
        known = stored_pictures.noted(session, [row.id for row in rows])
        judged = {row: _trouble(found, folder, row, known.get(row.id)) for row in rows}
        troubles = {row: trouble for row, trouble in judged.items() if trouble}
        named = _named(session, [row.id for row in troubles])
        found.harmed += [Harmed(row.sha256, named[row.id], trouble) for row, trouble in troubles.items()]
    return found


def finding(session: Session, folder: Path) -> Finding:
    """Which expense's or visit's picture is missing or differs, and how many cannot be judged yet."""
    return told_of(read(session, folder))


def told_of(found: Read) -> Finding:
    told = [str(each) for each in found.harmed]
    what = f"files of {found.seen} pictures"
    if found.unknown:
        what += f" (of {found.unknown} older ones only that the file is there is known: {NOT_YET})"
    more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    return Finding(what, "; ".join(told[:MOST_TOLD] + more))


def _pieces(session: Session) -> Iterator[Sequence[Receipt]]:
    """Those that have come, and those of which the log may know that they had."""
    of_expense = select(Expense.id).where(Expense.receipt_id == Receipt.id).exists()
    of_visit = select(VisitPhoto.id).where(VisitPhoto.receipt_id == Receipt.id).exists()
    query = select(Receipt).where(or_(of_expense, of_visit)).order_by(Receipt.id).limit(AT_ONCE)
    fresh, last = {"populate_existing": True}, 0
    while rows := session.scalars(query.where(Receipt.id > last), execution_options=fresh).all():
        yield rows
        last = rows[-1].id


def _trouble(read: Read, folder: Path, row: Receipt, noted: str | None) -> str:
    """Of one picture, which is counted; empty: there is none. ``noted`` is what the audit log says the file
    is."""
    if noted is None and row.stored_sha256 is None and not row.byte_count:
        return ""  # still on the phone
    read.seen += 1
    found = stored_pictures.digest(receipt_files.picture(folder, row.sha256))
    if row.stored_sha256 != noted or not row.byte_count:
        return f"{ALTERED}, and {DIFFERS}" if noted and found not in (None, noted) else ALTERED
    if found is None:
        return MISSING
    if noted is not None:
        return DIFFERS if found != noted else ""
    read.unknown += found != row.sha256  # one from a form is named by its bytes
    return ""


def _named(session: Session, picture_ids: Collection[int]) -> dict[int, str]:
    """The newest expense with each picture, else its visit's photo, in words."""
    photos = (
        select(VisitPhoto.receipt_id, VisitPhoto.id, Person.name, VisitPhoto.received_at)
        .join(Person, Person.id == VisitPhoto.author_id)
        .where(VisitPhoto.receipt_id.in_(picture_ids))
    )
    named = {
        row.receipt_id: f"photo {row.id} of a visit ({row.name}, {row.received_at:%Y-%m-%d})"
        for row in session.execute(photos)
    }
    expenses = (
        select(Expense.receipt_id, Expense.id, Expense.on, Expense.category, Person.name)
        .join(Person, Person.id == Expense.rep_id)
        .where(Expense.receipt_id.in_(picture_ids))
    )
    for row in session.execute(expenses.order_by(Expense.id)):
        named[row.receipt_id] = f"expense {row.id} ({row.name}, {row.on}, {row.category.value})"
    return named
