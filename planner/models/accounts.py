"""Accounts with their opening windows, blocks and contacts; the class rules they inherit from.

A cadence field left None is inherited from the class. Weekday 0 is Monday. An account without any
opening window is open whenever the rep works.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.domain.searching import search_text
from planner.models.columns import enum_of
from planner.models.territories import Ownership


class AccountKind(StrEnum):
    ACCOUNT = "account"
    PROSPECT = "prospect"


class AccountClass(StrEnum):
    A = "A"
    B = "B"
    C = "C"


def _search_text(context: DefaultExecutionContext) -> str:
    given = context.get_current_parameters()
    return search_text(*(given.get(name) for name in SEARCHED))


SEARCHED = ("name", "external_id", "address", "city")
"""The columns ``Account.search_text`` is made of; who changes one of them later writes it anew."""


class Account(Base):
    """A place that is visited. ``rev`` counts edits, so that two editors cannot overwrite each other."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="place_whole"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="on_earth"),
        CheckConstraint("cadence_days > 0", name="cadence_positive"),
        CheckConstraint("earliest_gap_days > 0", name="earliest_gap_positive"),
        CheckConstraint("latest_gap_days > 0", name="latest_gap_positive"),
        CheckConstraint("visit_seconds > 0", name="visit_positive"),
        Index(None, "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[AccountKind] = mapped_column(
        enum_of(AccountKind, "account_kind"), default=AccountKind.ACCOUNT
    )
    account_class: Mapped[AccountClass] = mapped_column(
        enum_of(AccountClass, "account_class"), default=AccountClass.C
    )
    industry: Mapped[str] = mapped_column(String(80), default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    address: Mapped[str] = mapped_column(String(240), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    phone: Mapped[str] = mapped_column(String(40), default="")
    value_minor: Mapped[int | None] = mapped_column(BigInteger)
    potential_minor: Mapped[int | None] = mapped_column(BigInteger)
    parking_hint: Mapped[str] = mapped_column(String(240), default="")
    cadence_days: Mapped[int | None]
    earliest_gap_days: Mapped[int | None]
    latest_gap_days: Mapped[int | None]
    cycle_rule: Mapped[str | None] = mapped_column(String(240))
    visit_seconds: Mapped[int | None]
    search_text: Mapped[str] = mapped_column(String(640), default=_search_text)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rev: Mapped[int] = mapped_column(default=1)

    windows: Mapped[list[OpeningWindow]] = relationship(
        order_by="OpeningWindow.weekday, OpeningWindow.opens_seconds", cascade="all, delete-orphan"
    )
    blocks: Mapped[list[Block]] = relationship(order_by="Block.from_on", cascade="all, delete-orphan")
    contacts: Mapped[list[Contact]] = relationship(order_by="Contact.id", cascade="all, delete-orphan")
    ownerships: Mapped[list[Ownership]] = relationship(
        order_by="Ownership.from_on", cascade="all, delete-orphan"
    )


class OpeningWindow(Base):
    """Service may begin from ``opens_seconds`` to ``closes_seconds`` on this weekday; several make a day."""

    __tablename__ = "opening_window"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "0 <= opens_seconds AND opens_seconds < closes_seconds AND closes_seconds <= 86400", name="order"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens_seconds: Mapped[int]
    closes_seconds: Mapped[int]


class Block(Base):
    """No visits in this range: holidays of the owner, stock-taking."""

    __tablename__ = "block"
    __table_args__ = (CheckConstraint("from_on < until_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(160), default="")


class Contact(Base):
    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")


class ClassRule(Base):
    """What accounts of a class inherit. Gaps None: 70 % and 130 % of the cadence."""

    __tablename__ = "class_rule"
    __table_args__ = (
        CheckConstraint("cadence_days > 0", name="cadence_positive"),
        CheckConstraint("visit_seconds > 0", name="visit_positive"),
    )

    account_class: Mapped[AccountClass] = mapped_column(
        enum_of(AccountClass, "account_class"), primary_key=True
    )
    cadence_days: Mapped[int]
    earliest_gap_days: Mapped[int | None]
    latest_gap_days: Mapped[int | None]
    visit_seconds: Mapped[int]
    missed_price_minutes: Mapped[int]


class ImportRun(Base):
    """An import of accounts, with what was there before: the restore point that undoes it."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(240))
    file_sha256: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    changes: Mapped[list[ImportChange]] = relationship(cascade="all, delete-orphan")


class ImportChange(Base):
    """An account an import touched. ``before`` None: new. ``rev_after`` tells whether it changed since."""

    __tablename__ = "import_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rev_after: Mapped[int]
