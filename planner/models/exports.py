"""Export batches: approved claims handed to payroll together, with the very bytes of the file.

Nothing here changes or goes once it is written. Positions count from 1; a line is in one batch at most.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.models.columns import enum_of
from planner.models.ledger import LedgerKind
from planner.models.people import Person


class ExportBatch(Base):
    """``preset`` names the columns, ``wanted`` the filter the claims were chosen by."""

    __tablename__ = "export_batch"
    __table_args__ = (CheckConstraint("claim_count > 0 AND line_count > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    preset: Mapped[str] = mapped_column(String(40))
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    claim_count: Mapped[int]
    line_count: Mapped[int]
    piece_count: Mapped[int]
    byte_count: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))

    maker: Mapped[Person] = relationship()
    totals: Mapped[list[ExportTotal]] = relationship(order_by="ExportTotal.currency")


class ExportTotal(Base):
    """What a batch comes to in one currency."""

    __tablename__ = "export_total"

    batch_id: Mapped[int] = mapped_column(ForeignKey("export_batch.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    line_count: Mapped[int]
    trips_metres: Mapped[int] = mapped_column(BigInteger)
    trips_minor: Mapped[int] = mapped_column(BigInteger)
    expenses_minor: Mapped[int] = mapped_column(BigInteger)


class ExportClaim(Base):
    __tablename__ = "export_claim"

    batch_id: Mapped[int] = mapped_column(ForeignKey("export_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), unique=True)


class ExportLine(Base):
    """A trip or an expense, in the order of the file."""

    __tablename__ = "export_line"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("export_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LedgerKind] = mapped_column(enum_of(LedgerKind, "ledger_kind"))
    subject_id: Mapped[int]


class ExportPiece(Base):
    """A piece of the file: a large one is never held whole."""

    __tablename__ = "export_piece"

    batch_id: Mapped[int] = mapped_column(ForeignKey("export_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


TABLES: tuple[type[Base], ...] = (ExportBatch, ExportTotal, ExportClaim, ExportLine, ExportPiece)
