"""Export batches: approved claims become exported together, with the bytes that payroll gets.

A batch is stored whole and never changes: downloading it again gives the same bytes. Who sees a batch sees
every claim in it; nobody exports their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import ColumnElement, exists, insert, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.domain.access import Actor
from planner.domain.claims import ClaimAction, ClaimState, Totals
from planner.domain.errors import Conflict, NotFound
from planner.models.exports import ExportBatch, ExportClaim, ExportLine, ExportPiece, ExportTotal
from planner.models.ledger import Claim
from planner.models.people import Person
from planner.models.settings import AuditEntry
from planner.services import scope
from planner.services.installation import audit
from planner.services.ledger import claim_locks, claims
from planner.services.ledger.export_files import PreparedExport

ROWS_AT_ONCE = 5000
MADE, SUBJECT = "export.made", "export_batch"
XLSX = "xlsx_sha256"
"""Of the batch's workbook, kept with who made it: the audit log's chain proves it."""


@dataclass(frozen=True, slots=True)
class WaitingFilter:
    """Months from ``from_on`` to ``last_on`` by their first days; None: no bound, every rep."""

    from_on: date | None = None
    last_on: date | None = None
    rep_id: int | None = None

    def as_kept(self) -> dict[str, object]:
        """As a batch keeps it."""
        months = {"from": self.from_on, "to": self.last_on}
        kept: dict[str, object] = {name: f"{on:%Y-%m}" for name, on in months.items() if on is not None}
        return {**kept, **({"rep": self.rep_id} if self.rep_id is not None else {})}


@dataclass(frozen=True, slots=True)
class ExportedClaim:
    """A claim in a batch, or on its way into one."""

    row: Claim
    rep_name: str

    @property
    def totals(self) -> Totals:
        """As frozen when it was submitted."""
        return Totals(self.row.trips_metres, self.row.trips_minor, self.row.expenses_minor)


@dataclass(frozen=True, slots=True)
class BatchPage:
    """``xlsx_sha256`` is empty for a batch made before there were workbooks."""

    batch: ExportBatch
    claims: tuple[ExportedClaim, ...]
    xlsx_sha256: str = ""

    @property
    def payable(self) -> int:
        """How many of its claims are not marked as paid."""
        return sum(claim.row.state is ClaimState.EXPORTED for claim in self.claims)


def waiting(session: Session, actor: Actor, today: date, wanted: WaitingFilter) -> list[ExportedClaim]:
    """Approved claims in the actor's scope that the filter lets through, by month and rep; not their own."""
    query = (
        select(Claim, Person.name)
        .join(Person, Person.id == Claim.rep_id)
        .where(Claim.state == ClaimState.APPROVED, Claim.rep_id.in_(scope.rep_ids(actor, today)))
        .where(Claim.rep_id != actor.user_id)
    )
    if wanted.from_on is not None:
        query = query.where(Claim.from_on >= wanted.from_on)
    if wanted.last_on is not None:
        query = query.where(Claim.from_on <= wanted.last_on)
    if wanted.rep_id is not None:
        query = query.where(Claim.rep_id == wanted.rep_id)
    return [
        ExportedClaim(*row) for row in session.execute(query.order_by(Claim.from_on, Person.name, Claim.id))
    ]


def totals(lines: Sequence[ExportedClaim]) -> dict[str, Totals]:
    """What claims come to, by currency."""
    found: dict[str, Totals] = {}
    for line in lines:
        so_far, own = found.get(line.row.currency, Totals()), line.totals
        found[line.row.currency] = Totals(
            so_far.trips_metres + own.trips_metres,
            so_far.trips_minor + own.trips_minor,
            so_far.expenses_minor + own.expenses_minor,
        )
    return dict(sorted(found.items()))


def make(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    prepared: PreparedExport,
    wanted: Mapping[str, object],
) -> ExportBatch:
    """Store a prepared file as a batch; its claims become exported. All or nothing.

    Raises what ``claims.step`` does: Conflict when one of the claims is not the one that was seen.
    """
    claim_locks.hold(session, (claim_id for claim_id, _ in prepared.seen))
    for claim_id, rev in prepared.seen:
        claims.step(session, actor, now, today, claim_id, rev, ClaimAction.EXPORT)
    batch = ExportBatch(
        made_at=now,
        made_by=actor.user_id,
        preset=prepared.preset.code,
        wanted=dict(wanted),
        claim_count=len(prepared.seen),
        line_count=len(prepared.subjects),
        piece_count=sum(1 for _ in prepared.pieces()),
        byte_count=prepared.byte_count,
        sha256=prepared.sha256,
    )
    session.add(batch)
    session.flush()
    _fill(session, batch.id, prepared)
    after = {
        "lines": batch.line_count,
        "claims": batch.claim_count,
        "sha256": batch.sha256,
        XLSX: prepared.xlsx_sha256,
    }
    audit.record(session, actor, now, MADE, SUBJECT, batch.id, None, after)
    return batch


def visible(actor: Actor, today: date) -> ColumnElement[bool]:
    """The condition that every claim of a batch is one the actor may see."""
    foreign = (
        select(ExportClaim.claim_id)
        .join(Claim, Claim.id == ExportClaim.claim_id)
        .where(ExportClaim.batch_id == ExportBatch.id, Claim.rep_id.not_in(scope.rep_ids(actor, today)))
    )
    return ~exists(foreign)


def listed(session: Session, actor: Actor, today: date) -> Sequence[ExportBatch]:
    """The batches the actor may see, newest first."""
    query = select(ExportBatch).where(visible(actor, today)).order_by(ExportBatch.id.desc())
    return session.scalars(
        query.options(joinedload(ExportBatch.maker), selectinload(ExportBatch.totals))
    ).all()


def page(session: Session, actor: Actor, today: date, batch_id: int) -> BatchPage:
    """A batch and its claims. Raises NotFound."""
    batch = _batch(session, actor, today, batch_id)
    query = (
        select(Claim, Person.name)
        .join(ExportClaim, ExportClaim.claim_id == Claim.id)
        .join(Person, Person.id == Claim.rep_id)
        .where(ExportClaim.batch_id == batch_id)
        .order_by(ExportClaim.position)
    )
    claims_of = tuple(ExportedClaim(*row) for row in session.execute(query))
    return BatchPage(batch, claims_of, _xlsx_sha256(session, batch_id))


def of_claim(session: Session, claim_id: int) -> int | None:
    """The batch a claim is in. The caller has checked the scope."""
    return session.scalar(select(ExportClaim.batch_id).where(ExportClaim.claim_id == claim_id))


def content(
    session: Session, actor: Actor, today: date, batch_id: int
) -> tuple[ExportBatch, Iterator[bytes]]:
    """A batch and the bytes of its file, read piece by piece. Raises NotFound."""
    batch = _batch(session, actor, today, batch_id)
    return batch, pieces(session, batch)


def pieces(session: Session, batch: ExportBatch) -> Iterator[bytes]:
    """The bytes of a batch's file, one piece held at a time."""
    for position in range(1, batch.piece_count + 1):
        found = select(ExportPiece.content).where(
            ExportPiece.batch_id == batch.id, ExportPiece.position == position
        )
        yield session.scalar(found) or b""


def pay(session: Session, actor: Actor, now: datetime, today: date, batch_id: int) -> int:
    """Mark the claims of a batch as paid that are not yet; returns how many. Raises NotFound and
    Conflict("export_paid")."""
    open_ = [claim.row for claim in page(session, actor, today, batch_id).claims]
    todo = [row for row in open_ if row.state is ClaimState.EXPORTED and row.rep_id != actor.user_id]
    if not todo:
        raise Conflict("export_paid")
    claim_locks.hold(session, (row.id for row in todo))
    for row in todo:
        claims.step(session, actor, now, today, row.id, row.rev, ClaimAction.PAY)
    return len(todo)


def _xlsx_sha256(session: Session, batch_id: int) -> str:
    query = select(AuditEntry.after).where(
        AuditEntry.subject_kind == SUBJECT, AuditEntry.subject_id == batch_id, AuditEntry.action == MADE
    )
    return str((session.scalar(query) or {}).get(XLSX, ""))


def _batch(session: Session, actor: Actor, today: date, batch_id: int) -> ExportBatch:
    query = select(ExportBatch).where(ExportBatch.id == batch_id, visible(actor, today))
    row = session.scalar(query.options(joinedload(ExportBatch.maker), selectinload(ExportBatch.totals)))
    if row is None:
        raise NotFound("export_batch", id=batch_id)
    return row


def _fill(session: Session, batch_id: int, prepared: PreparedExport) -> None:
    """What is in a batch; lines in bulk, pieces one by one, so that neither is held whole."""
    session.add_all(
        ExportTotal(
            batch_id=batch_id,
            currency=currency,
            line_count=found.line_count,
            trips_metres=found.trips_metres,
            trips_minor=found.trips_minor,
            expenses_minor=found.expenses_minor,
        )
        for currency, found in sorted(prepared.by_currency.items())
    )
    session.add_all(
        ExportClaim(batch_id=batch_id, position=position, claim_id=claim_id)
        for position, (claim_id, _) in enumerate(prepared.seen, start=1)
    )
    session.flush()
    lines = enumerate(prepared.lines(), start=1)
    while some := list(islice(lines, ROWS_AT_ONCE)):
        rows = [
            {"batch_id": batch_id, "position": position, "kind": kind, "subject_id": subject_id}
            for position, (kind, subject_id) in some
        ]
        session.execute(insert(ExportLine), rows)
    for position, piece in enumerate(prepared.pieces(), start=1):
        session.execute(insert(ExportPiece), {"batch_id": batch_id, "position": position, "content": piece})
