"""Trips, expenses, receipts, claims, and the hash chain over them.

Entries are append-only: a correction is a new entry whose ``corrects_id`` points at the old one; a
reversal is a correction with ``is_void``. Money is whole minor units with an ISO currency.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.expenses import ExpenseCategory
from planner.models.columns import enum_of
from planner.models.people import DistanceUnit


class MileageRate(Base):
    """Money per kilometre or mile in a country over a range of dates; ``source`` says who set it."""

    __tablename__ = "mileage_rate"
    __table_args__ = (
        UniqueConstraint("country", "vehicle_kind", "effective_from_on"),
        CheckConstraint("until_on IS NULL OR effective_from_on < until_on", name="order"),
        CheckConstraint("per_unit >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    vehicle_kind: Mapped[str] = mapped_column(String(24), default="car")
    effective_from_on: Mapped[date]
    until_on: Mapped[date | None]
    announced_on: Mapped[date | None]
    per_unit: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    unit: Mapped[DistanceUnit] = mapped_column(enum_of(DistanceUnit, "distance_unit"))
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(240), default="")


class ClosedDay(Base):
    """The rep's confirmation of a day: trips were made of the visits held."""

    __tablename__ = "closed_day"
    __table_args__ = (UniqueConstraint("rep_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    on: Mapped[date]
    as_planned: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(400), default="")
    odometer_metres: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Claim(Base):
    """A period's trips and expenses, submitted together. Totals are frozen at submission."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("from_on < until_on", name="order"),
        Index(None, "rep_id", "from_on"),
        Index(
            "uq_claim_period",
            "rep_id",
            "from_on",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    state: Mapped[ClaimState] = mapped_column(enum_of(ClaimState, "claim_state"), default=ClaimState.DRAFT)
    currency: Mapped[str] = mapped_column(String(3))
    trips_metres: Mapped[int] = mapped_column(BigInteger, default=0)
    trips_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    expenses_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    rev: Mapped[int] = mapped_column(default=1)

    events: Mapped[list[ClaimEvent]] = relationship(order_by="ClaimEvent.id", cascade="all, delete-orphan")


class ClaimEvent(Base):
    """One step in a claim's life: who, when, what, and the reason where one is asked."""

    __tablename__ = "claim_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    action: Mapped[ClaimAction] = mapped_column(enum_of(ClaimAction, "claim_action"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(400), default="")


class Trip(Base):
    """One leg driven for work. ``road_metres`` is what the network says, ``metres`` what is claimed.

    Both ends are kept as driven, so that a pin moved later does not change what was measured. An end
    without an account is the rep's home. ``purpose`` is a code of ``planner.domain.mileage.Purpose``
    or the rep's own words.
    """

    __tablename__ = "trip"
    __table_args__ = (
        UniqueConstraint("rep_id", "uid"),
        UniqueConstraint("corrects_id"),
        Index(None, "rep_id", "on"),
        CheckConstraint("metres >= 0 AND road_metres >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    on: Mapped[date]
    position: Mapped[int]
    from_label: Mapped[str] = mapped_column(String(240))
    to_label: Mapped[str] = mapped_column(String(240))
    from_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    to_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    from_lat: Mapped[float]
    from_lon: Mapped[float]
    to_lat: Mapped[float]
    to_lon: Mapped[float]
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(240))
    vehicle: Mapped[str] = mapped_column(String(80), default="")
    metres: Mapped[int]
    road_metres: Mapped[int]
    road_seconds: Mapped[int]
    planned_metres: Mapped[int | None]
    network_name: Mapped[str] = mapped_column(String(80))
    network_version: Mapped[str] = mapped_column(String(64))
    change_reason: Mapped[str] = mapped_column(String(400), default="")
    rate_id: Mapped[int | None] = mapped_column(ForeignKey("mileage_rate.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"))
    is_void: Mapped[bool] = mapped_column(default=False)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)


class Receipt(Base):
    """A picture of a receipt, re-encoded, kept under its content hash in the receipts folder."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    byte_count: Mapped[int]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Expense(Base):
    __tablename__ = "expense"
    __table_args__ = (
        UniqueConstraint("rep_id", "uid"),
        UniqueConstraint("corrects_id"),
        Index(None, "rep_id", "on"),
        CheckConstraint("amount_minor >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    on: Mapped[date]
    category: Mapped[ExpenseCategory] = mapped_column(enum_of(ExpenseCategory, "expense_category"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    merchant: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"))
    change_reason: Mapped[str] = mapped_column(String(400), default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("expense.id"))
    is_void: Mapped[bool] = mapped_column(default=False)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)

    receipt: Mapped[Receipt | None] = relationship()


class LedgerKind(StrEnum):
    TRIP = "trip"
    EXPENSE = "expense"


class LedgerEntry(Base):
    """A link of a rep's hash chain: an entry's content hash, and the hash over it and the link before."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("rep_id", "position"),
        UniqueConstraint("kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    position: Mapped[int]
    kind: Mapped[LedgerKind] = mapped_column(enum_of(LedgerKind, "ledger_kind"))
    subject_id: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(String(64))
    previous_sha256: Mapped[str] = mapped_column(String(64))
    entry_sha256: Mapped[str] = mapped_column(String(64))
