"""People, reps with their working week, and absences.

``from_on`` counts, ``until_on`` does not. Seconds are after local midnight.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.domain.access import Role
from planner.domain.balance import Balance
from planner.domain.day_goals import DayGoal
from planner.domain.working_week import AbsenceKind
from planner.models.columns import enum_of


class DistanceUnit(StrEnum):
    KM = "km"
    MI = "mi"


class Person(Base):
    """Someone who signs in. ``email`` is stored in lower case. No hash means: invited, not yet signed in.
    ``erase_on``: the night from which on they are erased; ``erased_at``: they were, and never come back."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(enum_of(Role, "role"))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    locale: Mapped[str | None] = mapped_column(String(12))
    distance_unit: Mapped[DistanceUnit] = mapped_column(
        enum_of(DistanceUnit, "distance_unit"), default=DistanceUnit.KM
    )
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erase_on: Mapped[date | None]
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    rep: Mapped[Rep | None] = relationship(back_populates="person")


class Rep(Base):
    """The road side of a person: where the day starts and ends, and the vehicle. No home yet: both None."""

    __tablename__ = "rep"
    __table_args__ = (
        CheckConstraint("(home_lat IS NULL) = (home_lon IS NULL)", name="home_whole"),
        CheckConstraint(
            "home_lat BETWEEN -90 AND 90 AND home_lon BETWEEN -180 AND 180", name="home_on_earth"
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    home_address: Mapped[str] = mapped_column(String(240), default="")
    home_lat: Mapped[float | None]
    home_lon: Mapped[float | None]
    vehicle: Mapped[str] = mapped_column(String(80), default="")
    balance: Mapped[Balance | None] = mapped_column(enum_of(Balance, "balance"))
    """How even the days are to be; None: as the installation has it."""
    day_goal: Mapped[DayGoal] = mapped_column(
        enum_of(DayGoal, "day_goal"), default=DayGoal.LEAST_DRIVING, server_default=text("'least_driving'")
    )

    person: Mapped[Person] = relationship(back_populates="rep")
    shifts: Mapped[list[Shift]] = relationship(order_by="Shift.weekday", cascade="all, delete-orphan")
    absences: Mapped[list[Absence]] = relationship(order_by="Absence.from_on", cascade="all, delete-orphan")
    overtimes: Mapped[list[Overtime]] = relationship(order_by="Overtime.on", cascade="all, delete-orphan")
    night_rule: Mapped[NightRule | None] = relationship(cascade="all, delete-orphan")


class Shift(Base):
    """The working time of a weekday (Monday is 0). Lunch may begin from ``lunch_from`` to ``lunch_to``."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "0 <= starts_seconds AND starts_seconds < ends_seconds AND ends_seconds <= 86400", name="order"
        ),
        CheckConstraint("lunch_seconds >= 0 AND lunch_from_seconds <= lunch_to_seconds", name="lunch"),
    )

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    starts_seconds: Mapped[int]
    ends_seconds: Mapped[int]
    lunch_from_seconds: Mapped[int] = mapped_column(default=12 * 3600)
    lunch_to_seconds: Mapped[int] = mapped_column(default=14 * 3600)
    lunch_seconds: Mapped[int] = mapped_column(default=0)


class Overtime(Base):
    """How much longer than its weekday's shift one date may last, as agreed with the rep."""

    __tablename__ = "overtime"
    __table_args__ = (CheckConstraint("seconds > 0", name="positive"),)

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    seconds: Mapped[int]


class NightRule(Base):
    """When a rep may sleep away, as ``planner.domain.nights.NightsAway`` has it; no row: never."""

    __tablename__ = "night_rule"
    __table_args__ = (
        CheckConstraint("most_in_a_row > 0 AND least_metres >= 0 AND price_seconds >= 0", name="range"),
    )

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"), primary_key=True)
    evenings: Mapped[list[int]] = mapped_column(JSON)
    most_in_a_row: Mapped[int]
    least_metres: Mapped[int]
    price_seconds: Mapped[int]


class Absence(Base):
    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("from_on < until_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    kind: Mapped[AbsenceKind] = mapped_column(enum_of(AbsenceKind, "absence_kind"))
