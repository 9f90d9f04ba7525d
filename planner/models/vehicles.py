"""What reps drive since when, what their odometers showed, and what they drove before Rounds kept count.

Before the first row of ``vehicle`` a rep drives a car called as ``rep.vehicle`` has it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from planner.database import Base, UtcDateTime
from planner.domain.mileage_rates import VehicleKind
from planner.domain.odometer import Occasion
from planner.models.columns import enum_of


class Vehicle(Base):
    """``former_metres`` is the last reading of the vehicle before, ``first_metres`` the first of this one:
    both of the evening before ``from_on``."""

    __tablename__ = "vehicle"
    __table_args__ = (CheckConstraint("former_metres >= 0 AND first_metres >= 0", name="not_negative"),)

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[VehicleKind] = mapped_column(enum_of(VehicleKind, "vehicle_kind"))
    label: Mapped[str] = mapped_column(String(80))
    former_metres: Mapped[int | None] = mapped_column(BigInteger)
    first_metres: Mapped[int | None] = mapped_column(BigInteger)


class OdometerReading(Base):
    """A reading in the evening of ``on``; those of a day's closing stand with the closed day. ``reason``: why
    it was noted once the month was settled."""

    __tablename__ = "odometer_reading"
    __table_args__ = (CheckConstraint("odometer_metres >= 0", name="not_negative"),)

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    occasion: Mapped[Occasion] = mapped_column(enum_of(Occasion, "occasion"))
    odometer_metres: Mapped[int] = mapped_column(BigInteger)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(String(400), default="", server_default=text("''"))


class DrivenBefore(Base):
    """What a rep had driven on business with a kind of vehicle in a tax year, before the first trip kept
    here: the yearly bands begin behind it. ``year_from_on`` is the first day of that tax year."""

    __tablename__ = "driven_before"
    __table_args__ = (CheckConstraint("metres > 0", name="positive"),)

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[VehicleKind] = mapped_column(enum_of(VehicleKind, "vehicle_kind"), primary_key=True)
    year_from_on: Mapped[date] = mapped_column(primary_key=True)
    metres: Mapped[int] = mapped_column(BigInteger)
