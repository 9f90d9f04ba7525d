"""Exchange rates that an admin enters, dated and with their source.

The newest rate from or before the day of an expense counts. It is kept on the entry, so that a rate added
later, also one from a day that is past, changes nothing that was claimed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.models.expense_terms import ExchangeRate
from planner.models.ledger import Expense
from planner.services.installation import audit
from planner.services.ledger.currencies import is_currency

HIGHEST = Decimal(100_000)
DECIMALS = 10
DIGITS = 12
"""Significant ones: what every database gives back as it was."""
LONGEST_SOURCE = 240


@dataclass(frozen=True, slots=True)
class NewExchange:
    """One whole unit of ``from_currency`` is worth ``rate`` of ``to_currency``."""

    from_currency: str
    to_currency: str
    effective_from_on: date
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class ListedExchange:
    row: ExchangeRate
    is_used: bool


def on_day(session: Session, from_currency: str, to_currency: str, on: date) -> ExchangeRate | None:
    query = select(ExchangeRate).where(
        ExchangeRate.from_currency == from_currency,
        ExchangeRate.to_currency == to_currency,
        ExchangeRate.effective_from_on <= on,
    )
    return session.scalar(query.order_by(ExchangeRate.effective_from_on.desc()).limit(1))


def currencies(session: Session, to_currency: str) -> list[str]:
    """Those that can be reckoned in a currency, in order."""
    query = select(ExchangeRate.from_currency).where(ExchangeRate.to_currency == to_currency)
    return sorted(session.scalars(query.distinct()))


def listed(session: Session) -> list[ListedExchange]:
    """All rates by pair, newest first."""
    order = (ExchangeRate.to_currency, ExchangeRate.from_currency, ExchangeRate.effective_from_on.desc())
    return [
        ListedExchange(*row) for row in session.execute(select(ExchangeRate, _is_used()).order_by(*order))
    ]


def add(session: Session, actor: Actor | None, now: datetime, new: NewExchange) -> ExchangeRate:
    """Raises Invalid for a field and Conflict("exchange_known") for a day that has one."""
    _check(new)
    same = select(ExchangeRate.id).where(
        ExchangeRate.from_currency == new.from_currency,
        ExchangeRate.to_currency == new.to_currency,
        ExchangeRate.effective_from_on == new.effective_from_on,
    )
    if session.scalar(same) is not None:
        raise Conflict("exchange_known", on=new.effective_from_on.isoformat())
    row = ExchangeRate(**asdict(new))
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "exchange.added", "exchange_rate", row.id, None, asdict(new))
    return row


def remove(session: Session, actor: Actor, now: datetime, rate_id: int) -> None:
    """Take back a rate nothing was reckoned by. Raises NotFound and Conflict("exchange_in_use")."""
    row = session.get(ExchangeRate, rate_id)
    if row is None:
        raise NotFound("exchange_rate", id=rate_id)
    if session.scalar(select(_is_used()).where(ExchangeRate.id == rate_id)):
        raise Conflict("exchange_in_use")
    before = {name: getattr(row, name) for name in NewExchange.__slots__}
    session.delete(row)
    session.flush()
    audit.record(session, actor, now, "exchange.removed", "exchange_rate", rate_id, before, None)


def _is_used() -> ColumnElement[bool]:
    return exists().where(Expense.exchange_rate_id == ExchangeRate.id).correlate(ExchangeRate)


def _check(new: NewExchange) -> None:
    for field, currency in (("from_currency", new.from_currency), ("to_currency", new.to_currency)):
        if not is_currency(currency):
            raise Invalid(field, "currency_unknown", currency=currency)
    if new.from_currency == new.to_currency:
        raise Invalid("to_currency", "exchange_same")
    if not new.rate.is_finite() or not 0 < new.rate <= HIGHEST or not _is_exact(new.rate):
        raise Invalid("rate", "exchange_range", most=int(HIGHEST), digits=DIGITS, decimals=DECIMALS)
    if not new.source.strip():
        raise Invalid("source", "source_missing")
    if len(new.source) > LONGEST_SOURCE:
        raise Invalid("source", "text_length", most=LONGEST_SOURCE)


def _is_exact(rate: Decimal) -> bool:
    return round(rate, DECIMALS) == rate and len(rate.normalize().as_tuple().digits) <= DIGITS
