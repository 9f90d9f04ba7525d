"""Schedule versions: what a planning run proposes for thirteen weeks, and what it could not place.

A version is written once, in one transaction, and never changed; publishing makes visits of it.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.domain.balance import Balance
from planner.models.accounts import Account
from planner.models.columns import enum_of


class VersionState(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class ScheduleVersion(Base):
    """``from_on``..``until_on`` is the horizon; visits are made up to ``published_until_on``."""

    __tablename__ = "schedule_version"
    __table_args__ = (Index(None, "rep_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("planning_run.id"))
    state: Mapped[VersionState] = mapped_column(enum_of(VersionState, "version_state"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    published_until_on: Mapped[date]
    seed: Mapped[int]
    network_version: Mapped[str] = mapped_column(String(64))
    driving: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    """How one drove, as ``planner.services.roads.assumptions`` writes it; empty where that is not known."""
    balance: Mapped[Balance | None] = mapped_column(enum_of(Balance, "balance"))
    """How even days were to be; None where that is not known."""
    driving_seconds: Mapped[int]
    driving_metres: Mapped[int]
    cost_seconds: Mapped[int]
    days_driven: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    days_proven: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Days of which no order of their visits is driven faster; none where that was never looked at."""
    days: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """One entry per date of the horizon, as ``planner.services.schedule.horizon.DayLoad`` writes it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    before_publish: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """The visits that publishing found or made, as they were, and where it put them: what undo puts back."""
    nights_before: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """The nights away that stood before publishing, for undo as well."""

    proposals: Mapped[list[Proposal]] = relationship(
        order_by="Proposal.on, Proposal.position", cascade="all, delete-orphan"
    )
    unplaced: Mapped[list[UnplacedAccount]] = relationship(cascade="all, delete-orphan")
    nights: Mapped[list[ScheduleNight]] = relationship(
        order_by="ScheduleNight.on", cascade="all, delete-orphan"
    )


class Proposal(Base):
    """One visit of a version. ``reason`` is a code; ``reason_values`` fill its sentence."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("version_id", "account_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_version.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    position: Mapped[int]
    begins_seconds: Mapped[int]
    service_seconds: Mapped[int]
    detour_seconds: Mapped[int]
    due_on: Mapped[date | None]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(String(40))
    reason_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    account: Mapped[Account] = relationship()


class UnplacedAccount(Base):
    """An account the version has no day for, and why."""

    __tablename__ = "unplaced_account"
    __table_args__ = (UniqueConstraint("version_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_version.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    due_from_on: Mapped[date | None]
    due_until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(40))
    reason_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    account: Mapped[Account] = relationship()


class ScheduleNight(Base):
    """A night away of a version: after ``on``, near an account. ``saves_seconds`` of driving against coming
    home with the same visits."""

    __tablename__ = "schedule_night"
    __table_args__ = (UniqueConstraint("version_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_version.id", ondelete="CASCADE"))
    on: Mapped[date]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    saves_seconds: Mapped[int]

    account: Mapped[Account] = relationship()


class AppliedRepair(Base):
    """What somebody changed to make room for a visit. ``before`` is what undo puts back, with the ``rev``
    each row had afterwards, so that a later change is never overwritten."""

    __tablename__ = "applied_repair"

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    on: Mapped[date]
    offer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()
