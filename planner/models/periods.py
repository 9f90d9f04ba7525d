"""Months whose books are closed: per territory, for itself and everything below it.

A month is opened again by filling the ``unlocked_*`` columns; the row stays. ``from_on`` counts,
``until_on`` does not.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.models.people import Person
from planner.models.territories import Territory


class PeriodLock(Base):
    """No new lines into this month of these reps, from ``locked_at`` until ``unlocked_at``."""

    __tablename__ = "period_lock"
    __table_args__ = (
        CheckConstraint("from_on < until_on", name="order"),
        CheckConstraint("(unlocked_at IS NULL) = (unlocked_by IS NULL)", name="unlocked_whole"),
        Index(
            "uq_period_lock_in_force",
            "territory_id",
            "from_on",
            unique=True,
            sqlite_where=text("unlocked_at IS NULL"),
            postgresql_where=text("unlocked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    locked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    lock_reason: Mapped[str] = mapped_column(String(400))
    unlocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unlocked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unlock_reason: Mapped[str] = mapped_column(String(400), default="")

    territory: Mapped[Territory] = relationship()
    locker: Mapped[Person] = relationship(foreign_keys=locked_by)
    unlocker: Mapped[Person | None] = relationship(foreign_keys=unlocked_by)
