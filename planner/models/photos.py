"""Photos taken on visits. The pictures themselves are kept with those of receipts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.models.ledger import Receipt


class VisitPhoto(Base):
    """A photo of an account, usually taken on a visit; ``visit_id`` None where that is gone."""

    __tablename__ = "visit_photo"
    __table_args__ = (UniqueConstraint("visit_id", "receipt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    picture: Mapped[Receipt] = relationship()
