"""Nights away as they were published: near which account a rep sleeps after which day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.database import Base


class PlannedNight(Base):
    """The night after ``on``, near an account. Name and place are kept as published, so that a pin moved
    later changes no day that was driven. ``is_dropped``: the rep sleeps at home instead."""

    __tablename__ = "planned_night"
    __table_args__ = (
        UniqueConstraint("rep_id", "on"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="on_earth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"))
    on: Mapped[date]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    lat: Mapped[float]
    lon: Mapped[float]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_version.id", ondelete="SET NULL"))
    is_dropped: Mapped[bool] = mapped_column(default=False)
