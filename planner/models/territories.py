"""Territories as a tree, and who belongs to which and owns what, by date.

``from_on`` counts, ``until_on`` does not; None is open. An account has one owner at any date.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base
from planner.domain.access import MembershipKind
from planner.models.columns import enum_of


class ModelState(StrEnum):
    PLANNING = "planning"
    ACTIVE = "active"
    ARCHIVED = "archived"


class TerritoryModel(Base):
    """A draft or historic structure of territories; at most one is active."""

    __tablename__ = "territory_model"
    __table_args__ = (
        Index(
            "uq_territory_model_active",
            "state",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[ModelState] = mapped_column(enum_of(ModelState, "model_state"))


class Territory(Base):
    """A set of accounts with its own zone, holidays, currency and roads."""

    __tablename__ = "territory"
    __table_args__ = (UniqueConstraint("model_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("territory_model.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("territory.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(12))
    currency: Mapped[str] = mapped_column(String(3))
    network_name: Mapped[str] = mapped_column(String(80))

    model: Mapped[TerritoryModel] = relationship()
    parent: Mapped[Territory | None] = relationship(remote_side=[id])


class Membership(Base):
    """A person in a territory over a range of dates. A manager's reaches the whole subtree."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "territory_id", "kind", "from_on"),
        CheckConstraint("until_on IS NULL OR from_on < until_on", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"), index=True)
    kind: Mapped[MembershipKind] = mapped_column(enum_of(MembershipKind, "membership_kind"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    territory: Mapped[Territory] = relationship()


class Ownership(Base):
    """Who answers for an account, in which territory, over a range of dates. ``rep_id`` None: nobody yet."""

    __tablename__ = "ownership"
    __table_args__ = (
        UniqueConstraint("account_id", "from_on"),
        Index(
            "uq_ownership_open",
            "account_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
        Index(None, "rep_id", "from_on"),
        CheckConstraint("until_on IS NULL OR from_on < until_on", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"), index=True)
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("rep.person_id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    territory: Mapped[Territory] = relationship()
