"""How long what is kept, where the firm has set another term than the program comes with."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.database import Base
from planner.domain.retention import Kept
from planner.models.columns import enum_of


class RetentionRule(Base):
    __tablename__ = "retention_rule"
    __table_args__ = (CheckConstraint("keep_days > 0", name="positive"),)

    kind: Mapped[Kept] = mapped_column(enum_of(Kept, "kept"), primary_key=True)
    keep_days: Mapped[int]
