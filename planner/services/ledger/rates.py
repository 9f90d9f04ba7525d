"""Mileage rates: a dated table per country, looked up by the day driven.

``effective_from_on`` counts, ``until_on`` does not. A rate that trips were paid by stays as it is; the
next one ends it. A day without a rate is worth nothing and says so; it is never an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import get_currency_precision, list_currencies
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.errors import Conflict, Invalid, NotFound
from planner.domain.mileage import METRES_PER, Rate, amount_minor
from planner.models.ledger import MileageRate, Trip
from planner.models.people import DistanceUnit
from planner.services.installation import audit

HIGHEST = Decimal("100000")
DECIMALS = 4
CAR = "car"
LONGEST_SOURCE = 240


@dataclass(frozen=True, slots=True)
class NewRate:
    """``per_unit`` of ``currency`` per ``unit`` ("km" or "mi"), as ``source`` announced it."""

    country: str
    currency: str
    per_unit: Decimal
    unit: str
    effective_from_on: date
    until_on: date | None = None
    announced_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ListedRate:
    row: MileageRate
    is_used: bool


def exponent(currency: str) -> int:
    """How many decimals a currency has."""
    return int(get_currency_precision(currency))


def is_currency(code: str) -> bool:
    """Whether ``code`` is an ISO 4217 currency."""
    return code in list_currencies()


def on_day(session: Session, country: str, currency: str, on: date) -> MileageRate | None:
    """The rate of a country's cars on a day, when there is one in this currency."""
    return session.scalar(
        select(MileageRate).where(
            MileageRate.country == country,
            MileageRate.currency == currency,
            MileageRate.vehicle_kind == CAR,
            MileageRate.effective_from_on <= on,
            or_(MileageRate.until_on.is_(None), MileageRate.until_on > on),
        )
    )


def amount(metres: int, rate: MileageRate | None) -> int:
    """What a trip is worth in minor units; nothing without a rate."""
    if rate is None:
        return 0
    return amount_minor(metres, Rate(rate.per_unit, rate.unit.value, exponent(rate.currency)))


def listed(session: Session) -> list[ListedRate]:
    """All rates, newest first within a country, and whether trips were paid by them."""
    used = exists().where(Trip.rate_id == MileageRate.id)
    query = select(MileageRate, used).order_by(MileageRate.country, MileageRate.effective_from_on.desc())
    return [ListedRate(row, is_used) for row, is_used in session.execute(query)]


def add(session: Session, actor: Actor | None, now: datetime, new: NewRate) -> MileageRate:
    """Add a rate; the open one before it ends where it begins.

    Raises Invalid for a field and Invalid("effective_from_on", "rate_overlaps").
    """
    _check(new)
    others = session.scalars(select(MileageRate).where(MileageRate.country == new.country)).all()
    for other in others:
        if other.until_on is None and other.effective_from_on < new.effective_from_on:
            other.until_on = new.effective_from_on
    _check_free(others, new)
    row = MileageRate(**{**asdict(new), "unit": DistanceUnit(new.unit)}, vehicle_kind=CAR)
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "rate.added", "mileage_rate", row.id, None, asdict(new))
    return row


def remove(session: Session, actor: Actor, now: datetime, rate_id: int) -> None:
    """Take back a rate nobody was paid by. Raises NotFound and Conflict("rate_in_use")."""
    row = session.get(MileageRate, rate_id)
    if row is None:
        raise NotFound("rate", id=rate_id)
    if session.scalar(select(exists().where(Trip.rate_id == rate_id))):
        raise Conflict("rate_in_use")
    _reopen(session, row)
    before = {"country": row.country, "per_unit": row.per_unit, "effective_from_on": row.effective_from_on}
    session.delete(row)
    session.flush()
    audit.record(session, actor, now, "rate.removed", "mileage_rate", rate_id, before, None)


def _reopen(session: Session, row: MileageRate) -> None:
    """The rate that ended where this one begins takes its place again."""
    former = session.scalar(
        select(MileageRate).where(
            MileageRate.country == row.country, MileageRate.until_on == row.effective_from_on
        )
    )
    if former is not None:
        former.until_on = row.until_on


def _check(new: NewRate) -> None:
    if len(new.country) != 2 or not new.country.isalpha() or not new.country.isupper():
        raise Invalid("country", "country_format")
    if not is_currency(new.currency):
        raise Invalid("currency", "currency_unknown", currency=new.currency)
    if new.unit not in METRES_PER:
        raise Invalid("unit", "unit_unknown")
    is_fine = new.per_unit.is_finite() and 0 <= new.per_unit <= HIGHEST
    if not is_fine or round(new.per_unit, DECIMALS) != new.per_unit:
        raise Invalid("per_unit", "rate_range", most=int(HIGHEST), decimals=DECIMALS)
    if new.until_on is not None and new.until_on <= new.effective_from_on:
        raise Invalid("until_on", "dates_reversed")
    if not new.source.strip():
        raise Invalid("source", "source_missing")
    if len(new.source) > LONGEST_SOURCE:
        raise Invalid("source", "text_length", most=LONGEST_SOURCE)


def _check_free(others: Sequence[MileageRate], new: NewRate) -> None:
    for other in others:
        begins_before_end = new.until_on is None or other.effective_from_on < new.until_on
        ends_after_begin = other.until_on is None or other.until_on > new.effective_from_on
        if begins_before_end and ends_after_begin:
            raise Invalid("effective_from_on", "rate_overlaps", since=other.effective_from_on.isoformat())
