"""What expenses are judged and reckoned by: the firm's policy, exchange rates, per diems. Each is a dated
table: the newest row from or before a day holds on it, until the next one of its kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Numeric, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from planner.database import Base
from planner.domain.expense_policy import Basis
from planner.domain.expenses import ExpenseCategory
from planner.domain.per_diem import PerDiemKind
from planner.models.columns import enum_of


class ExpenseRule(Base):
    """The policy of a category for amounts in a currency. ``cap_minor`` NULL: no cap; ``receipt_from_minor``
    0: a receipt always, NULL: never. The rule of an entry is the one that held when it was made."""

    __tablename__ = "expense_rule"
    __table_args__ = (
        UniqueConstraint("category", "currency", "effective_from_on"),
        CheckConstraint("cap_minor > 0", name="cap"),
        CheckConstraint("receipt_from_minor >= 0", name="receipt"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[ExpenseCategory] = mapped_column(enum_of(ExpenseCategory, "expense_category"))
    currency: Mapped[str] = mapped_column(String(3))
    effective_from_on: Mapped[date]
    cap_minor: Mapped[int | None] = mapped_column(BigInteger)
    basis: Mapped[Basis] = mapped_column(enum_of(Basis, "basis"))
    receipt_from_minor: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(240), default="")


class ExchangeRate(Base):
    """What one whole unit of a currency is worth in another, as ``source`` has it."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        UniqueConstraint("from_currency", "to_currency", "effective_from_on"),
        CheckConstraint("rate > 0 AND from_currency <> to_currency", name="worth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_currency: Mapped[str] = mapped_column(String(3))
    to_currency: Mapped[str] = mapped_column(String(3))
    effective_from_on: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 10))
    source: Mapped[str] = mapped_column(String(240))


class PerDiemRate(Base):
    """What a day away is worth in a country from so many minutes on; nothing ends a tier.
    ``is_verified``: an admin has compared it with its source."""

    __tablename__ = "per_diem_rate"
    __table_args__ = (
        UniqueConstraint("country", "kind", "from_minutes", "effective_from_on"),
        CheckConstraint("amount_minor >= 0 AND from_minutes BETWEEN 0 AND 1440", name="range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    kind: Mapped[PerDiemKind] = mapped_column(enum_of(PerDiemKind, "per_diem_kind"))
    from_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    effective_from_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(240))
    is_verified: Mapped[bool] = mapped_column(default=True, server_default=true())
