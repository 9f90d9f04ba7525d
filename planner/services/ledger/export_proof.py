"""Proving export batches: the bytes are those that were handed out, and everything adds up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimState
from planner.models.exports import ExportBatch, ExportClaim, ExportLine, ExportTotal
from planner.models.ledger import Claim, Expense, LedgerKind, Trip
from planner.services.ledger import export_batches

Sums = dict[str, tuple[int, int, int]]
"""Metres, minor units of trips and of expenses, by currency."""


@dataclass(frozen=True, slots=True)
class WrongBatch:
    """A batch that is not what it was. ``why`` is a short English phrase."""

    batch_id: int
    why: str

    def __str__(self) -> str:
        return f"batch {self.batch_id}: {self.why}"


def verify(session: Session) -> list[WrongBatch]:
    """Every batch that does not hold: its bytes, its lines, its claims or its totals."""
    ids = session.scalars(select(ExportBatch.id).order_by(ExportBatch.id)).all()
    return [WrongBatch(batch_id, why) for batch_id in ids for why in _troubles(session, batch_id)]


def counted(session: Session) -> int:
    """How many batches there are."""
    return session.scalar(select(func.count(ExportBatch.id))) or 0


def without_batch(session: Session) -> int:
    """Claims that were marked as exported before there were batches."""
    in_batch = select(ExportClaim.claim_id)
    gone = Claim.state.in_((ClaimState.EXPORTED, ClaimState.PAID)) & Claim.id.not_in(in_batch)
    return session.scalar(select(func.count(Claim.id)).where(gone)) or 0


def _troubles(session: Session, batch_id: int) -> Iterator[str]:
    batch = session.get_one(ExportBatch, batch_id, populate_existing=True)
    size, digest = 0, hashlib.sha256()
    for piece in export_batches.pieces(session, batch):
        # SQLite keeps whatever it is given, also a text in place of bytes.
        content = piece if isinstance(piece, bytes) else str(piece).encode()
        size += len(content)
        digest.update(content)
    if size != batch.byte_count or digest.hexdigest() != batch.sha256:
        yield "its bytes are not those that were handed out"
    yield from _counts(session, batch)
    told, by_lines, by_claims = (
        _told(session, batch_id),
        _by_lines(session, batch_id),
        _by_claims(session, batch_id),
    )
    if by_lines != told:
        yield f"its totals are {told}, its lines give {by_lines}"
    if by_claims != told:
        yield f"its totals are {told}, its claims give {by_claims}"


def _counts(session: Session, batch: ExportBatch) -> Iterator[str]:
    for table, said in ((ExportLine, batch.line_count), (ExportClaim, batch.claim_count)):
        found = session.scalar(select(func.count()).select_from(table).where(table.batch_id == batch.id))
        if found != said:
            yield f"{found} of {said} rows in {table.__tablename__}"
    of_lines = session.scalar(
        select(func.sum(ExportTotal.line_count)).where(ExportTotal.batch_id == batch.id)
    )
    if of_lines != batch.line_count:
        yield f"its currencies count {of_lines} of {batch.line_count} lines"


def _told(session: Session, batch_id: int) -> Sums:
    rows = session.scalars(select(ExportTotal).where(ExportTotal.batch_id == batch_id))
    return {row.currency: (row.trips_metres, row.trips_minor, row.expenses_minor) for row in rows}


def _by_claims(session: Session, batch_id: int) -> Sums:
    columns = (Claim.trips_metres, Claim.trips_minor, Claim.expenses_minor)
    query = (
        select(Claim.currency, *(func.sum(column) for column in columns))
        .join(ExportClaim, ExportClaim.claim_id == Claim.id)
        .where(ExportClaim.batch_id == batch_id)
    )
    return {
        row[0]: (int(row[1]), int(row[2]), int(row[3]))
        for row in session.execute(query.group_by(Claim.currency))
    }


def _by_lines(session: Session, batch_id: int) -> Sums:
    found: dict[str, list[int]] = {}
    trips = select(Trip.currency, func.sum(Trip.metres), func.sum(Trip.amount_minor)).join(
        ExportLine, (ExportLine.subject_id == Trip.id) & (ExportLine.kind == LedgerKind.TRIP)
    )
    for currency, metres, minor in session.execute(
        trips.where(ExportLine.batch_id == batch_id).group_by(Trip.currency)
    ):
        found[currency] = [int(metres), int(minor), 0]
    expenses = select(Expense.currency, func.sum(Expense.amount_minor)).join(
        ExportLine, (ExportLine.subject_id == Expense.id) & (ExportLine.kind == LedgerKind.EXPENSE)
    )
    for currency, minor in session.execute(
        expenses.where(ExportLine.batch_id == batch_id).group_by(Expense.currency)
    ):
        found.setdefault(currency, [0, 0, 0])[2] = int(minor)
    return {currency: (sums[0], sums[1], sums[2]) for currency, sums in found.items()}
