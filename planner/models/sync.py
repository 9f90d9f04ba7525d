"""What phones have sent: a row per item of an outbox, so that it counts once however often it comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.database import Base, UtcDateTime
from planner.domain.outbox import Answered, ItemKind
from planner.models.columns import enum_of


class SyncItem(Base):
    """``client_at`` is the phone's own instant, ``captured_at`` the same put right by ``skew_seconds``: other
    than 0 where its clock was off. ``made_*`` name what became of it, ``rev`` the revision it left behind,
    ``told`` the code of a sentence for the person."""

    __tablename__ = "sync_item"
    __table_args__ = (UniqueConstraint("person_id", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(String(36))
    kind: Mapped[ItemKind] = mapped_column(enum_of(ItemKind, "item_kind"))
    content_sha256: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Answered] = mapped_column(enum_of(Answered, "answered"))
    client_at: Mapped[datetime] = mapped_column(UtcDateTime)
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    skew_seconds: Mapped[int] = mapped_column(BigInteger)
    made_kind: Mapped[str] = mapped_column(String(24), default="")
    made_id: Mapped[int | None]
    rev: Mapped[int | None]
    told: Mapped[str] = mapped_column(String(40), default="")
