"""The hash chain over trips and expenses: a link for each, and the proof that nothing changed since.

What is hashed is listed here by name: a new column joins the list only with entries it is filled for
from the start. ``claim_id`` is left out, for it is the claim's business which entries it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.ledger import FIRST, Break, Link, digest, link
from planner.domain.ledger import verify as verify_links
from planner.models.ledger import Expense, LedgerEntry, LedgerKind, Trip

Entry = Trip | Expense

TRIP_FIELDS = (
    "uid",
    "rep_id",
    "on",
    "position",
    "from_label",
    "to_label",
    "from_account_id",
    "to_account_id",
    "from_lat",
    "from_lon",
    "to_lat",
    "to_lon",
    "visit_id",
    "purpose",
    "vehicle",
    "metres",
    "road_metres",
    "road_seconds",
    "planned_metres",
    "network_name",
    "network_version",
    "change_reason",
    "rate_id",
    "amount_minor",
    "currency",
    "entered_at",
    "is_late",
    "corrects_id",
    "is_void",
)

EXPENSE_FIELDS = (
    "uid",
    "rep_id",
    "on",
    "category",
    "amount_minor",
    "currency",
    "merchant",
    "note",
    "visit_id",
    "receipt_id",
    "change_reason",
    "entered_at",
    "is_late",
    "corrects_id",
    "is_void",
)

FIELDS: dict[LedgerKind, Sequence[str]] = {LedgerKind.TRIP: TRIP_FIELDS, LedgerKind.EXPENSE: EXPENSE_FIELDS}


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A place where the chain of a rep does not hold."""

    rep_id: int
    broken: Break

    def __str__(self) -> str:
        found = self.broken
        return f"rep {self.rep_id}, link {found.position}: {found.subject} ({found.kind.value})"


def append(session: Session, rep_id: int, entries: Iterable[Entry]) -> None:
    """Link flushed entries of one rep to their chain, in the order given."""
    position, before = _head(session, rep_id)
    for entry in entries:
        kind = _kind(entry)
        position += 1
        made = link(position, _subject(kind, entry.id), _digest(kind, entry), before)
        session.add(
            LedgerEntry(
                rep_id=rep_id,
                position=position,
                kind=kind,
                subject_id=entry.id,
                content_sha256=made.content_sha256,
                previous_sha256=made.previous_sha256,
                entry_sha256=made.entry_sha256,
            )
        )
        before = made.entry_sha256
    session.flush()


def head(session: Session, rep_id: int) -> str:
    """The hash of a rep's last link: whoever keeps it can prove later that nothing before it changed."""
    return _head(session, rep_id)[1]


def verify(session: Session) -> list[ChainBreak]:
    """Every place where a chain does not hold, rep by rep; empty when all is as it was entered."""
    session.flush()
    reps: set[int] = set()
    for table in (LedgerEntry, Trip, Expense):
        reps.update(session.scalars(select(table.rep_id).distinct()))
    return [ChainBreak(rep_id, found) for rep_id in sorted(reps) for found in _breaks(session, rep_id)]


def _breaks(session: Session, rep_id: int) -> Iterable[Break]:
    fresh = {"populate_existing": True}
    rows = session.scalars(select(LedgerEntry).where(LedgerEntry.rep_id == rep_id), execution_options=fresh)
    links = [
        Link(
            row.position,
            _subject(row.kind, row.subject_id),
            row.content_sha256,
            row.previous_sha256,
            row.entry_sha256,
        )
        for row in rows
    ]
    trips = session.scalars(select(Trip).where(Trip.rep_id == rep_id), execution_options=fresh)
    expenses = session.scalars(select(Expense).where(Expense.rep_id == rep_id), execution_options=fresh)
    contents = {
        _subject(_kind(entry), entry.id): _digest(_kind(entry), entry) for entry in (*trips, *expenses)
    }
    return verify_links(links, contents)


def _head(session: Session, rep_id: int) -> tuple[int, str]:
    last = session.execute(
        select(LedgerEntry.position, LedgerEntry.entry_sha256)
        .where(LedgerEntry.rep_id == rep_id)
        .order_by(LedgerEntry.position.desc())
        .limit(1)
    ).one_or_none()
    return (last.position, last.entry_sha256) if last else (0, FIRST)


def _kind(entry: Entry) -> LedgerKind:
    return LedgerKind.TRIP if isinstance(entry, Trip) else LedgerKind.EXPENSE


def _subject(kind: LedgerKind, subject_id: int) -> str:
    return f"{kind.value} {subject_id}"


def _digest(kind: LedgerKind, entry: Entry) -> str:
    return digest({field: getattr(entry, field) for field in FIELDS[kind]})
